"""How Alembic reaches the database: through `storage.migrate`, or by itself on the command line.

`storage.migrate` hands its connection over in `config.attributes`. `make migration` runs the
alembic command instead, which has only DATABASE_URL.
"""

import asyncio
import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.engine import Connection
from sqlmodel.sql.sqltypes import AutoString

from storage.engine import Database
from storage.models import METADATA
from storage.models.columns import Json, RowNumber, UtcDateTime

#: Migrations must not change when the program does: they name SQLAlchemy's types, not ours.
WRITTEN_AS: dict[type[Any], str] = {
    AutoString: "sa.String()",
    Json: "sa.JSON()",
    RowNumber: 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")',
    UtcDateTime: "sa.DateTime(timezone=True)",
}


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Python text for one of our column types; False leaves the rest to Alembic."""
    return WRITTEN_AS.get(type(item), False) if kind == "type" else False


def migrate(connection: Connection) -> None:
    """Run what the command asked for, all of it in one transaction on either store."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_from_command_line() -> None:
    """Open the database of DATABASE_URL for the alembic command."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise SystemExit("DATABASE_URL names the database that migrations are compared with")
    db = Database.open(url, foreign_keys=False)
    try:
        async with db.engine.connect() as connection:
            await connection.run_sync(migrate)
            await connection.commit()
    finally:
        await db.dispose()


if context.is_offline_mode():
    raise SystemExit("migrations need a database: SQL scripts are not made")
if (given := context.config.attributes.get("connection")) is not None:
    migrate(given)
else:
    asyncio.run(migrate_from_command_line())
