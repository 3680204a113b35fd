"""The spine: people, drafts, visits, reports, the log, the outbox, chats.

Revision: 0001, after none. Made on 2026-11-21.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("closed_at IS NULL")
ROLES = "role IN ('resident', 'member', 'head', 'focal', 'officer', 'leader', 'auditor', 'admin')"
#: In the order in which they are made; dropping a table drops its indexes.
TABLES = (
    "chat",
    "commune",
    "device",
    "external_id",
    "fsm",
    "inbox",
    "person",
    "wrong_code",
    "account",
    "chain",
    "chat_message",
    "draft",
    "event",
    "hamlet",
    "holiday_override",
    "invitation",
    "link_code",
    "membership",
    "owed",
    "reminder_key",
    "report",
    "roster_key",
    "team",
    "unit",
    "visit",
    "visit_counter",
    "team_hamlet",
)


def upgrade() -> None:
    op.create_table(
        "chat",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("acked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat")),
    )
    op.create_table(
        "commune",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("short", sa.String(), nullable=False),
        sa.Column("pack_id", sa.String(), nullable=True),
        sa.Column("hamlet_term", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("hours", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("police_address", sa.String(), nullable=True),
        sa.Column("police_phone", sa.String(), nullable=True),
        sa.Column("period_choice", sa.String(), nullable=True),
        sa.Column("team_tier", sa.Boolean(), nullable=True),
        sa.Column("live_since", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commune")),
    )
    op.create_table(
        "device",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_chat_id"), "device", ["chat_id"])

    op.create_table(
        "external_id",
        sa.Column("n", ROW_NUMBER, nullable=False),
        sa.Column("channel_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ext", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_external_id")),
        sa.UniqueConstraint(
            "channel_no", "kind", "ext", name=op.f("uq_external_id_channel_no_kind_ext")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "fsm",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_fsm")),
    )
    op.create_index(op.f("ix_fsm_updated_at"), "fsm", ["updated_at"])

    op.create_table(
        "inbox",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat_id", "external_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_at"), "inbox", ["at"])

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "wrong_code",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_code")),
    )
    op.create_index(op.f("ix_wrong_code_chat_id_at"), "wrong_code", ["chat_id", "at"])

    op.create_table(
        "account",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("commune_id", sa.String(), nullable=True),
        sa.Column("hamlet_code", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("active_membership", sa.Uuid(), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_account_commune_id_commune")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")
        ),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_account")),
    )
    op.create_index(op.f("ix_account_commune_id"), "account", ["commune_id"])
    op.create_index(op.f("ix_account_person_id"), "account", ["person_id"])

    op.create_table(
        "chain",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_chain_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint("commune_id", name=op.f("pk_chain")),
    )
    op.create_table(
        "chat_message",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_chat_message_direction")),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chat.chat_id"], name=op.f("fk_chat_message_chat_id_chat")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
        sa.UniqueConstraint("chat_id", "client_id", name=op.f("uq_chat_message_chat_id_client_id")),
        sa.UniqueConstraint("chat_id", "rev", name=op.f("uq_chat_message_chat_id_rev")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_chat_message_at"), "chat_message", ["at"])

    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("form IN ('visit', 'commune')", name=op.f("ck_draft_form")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_draft_commune_id_commune")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_draft_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_person_id_form"), "draft", ["person_id", "form"])
    op.create_index(
        "uq_draft_open",
        "draft",
        ["commune_id", "person_id", "form", "subject"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )

    op.create_table(
        "event",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("payload_salt", sa.String(), nullable=True),
        sa.Column("personal", sa.JSON(), nullable=True),
        sa.Column("personal_salt", sa.String(), nullable=True),
        sa.Column("payload_commitment", sa.String(), nullable=False),
        sa.Column("personal_commitment", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_event_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint("commune_id", "seq", name=op.f("pk_event")),
        sa.UniqueConstraint("commune_id", "id", name=op.f("uq_event_commune_id_id")),
    )
    op.create_index(op.f("ix_event_commune_id_kind_at"), "event", ["commune_id", "kind", "at"])
    op.create_index(op.f("ix_event_commune_id_subject"), "event", ["commune_id", "subject"])

    op.create_table(
        "hamlet",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_hamlet_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint("commune_id", "code", name=op.f("pk_hamlet")),
    )
    op.create_table(
        "holiday_override",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_holiday_override_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint("commune_id", "day", name=op.f("pk_holiday_override")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("team_code", sa.String(), nullable=True),
        sa.Column("unit_code", sa.String(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            ROLES,
            name=op.f("ck_invitation_role"),
        ),
        sa.CheckConstraint("uses >= 0 AND uses <= max_uses", name=op.f("ck_invitation_uses")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_invitation_commune_id_commune")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code", name=op.f("uq_invitation_code")),
    )
    op.create_index(op.f("ix_invitation_commune_id"), "invitation", ["commune_id"])

    op.create_table(
        "link_code",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_link_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_link_code")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("team_code", sa.String(), nullable=True),
        sa.Column("unit_code", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            ROLES,
            name=op.f("ck_membership_role"),
        ),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_membership_commune_id_commune")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(
        op.f("ix_membership_commune_id_team_code"), "membership", ["commune_id", "team_code"]
    )
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"])

    op.create_table(
        "owed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("send_started_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "priority IN ('1-answer', '2-overdue', '3-reminder', '4-digest')",
            name=op.f("ck_owed_priority"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'due', 'claimed', 'sent', 'unknown', 'expired')",
            name=op.f("ck_owed_state"),
        ),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_owed_commune_id_commune")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_owed_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed")),
        sa.UniqueConstraint("commune_id", "dedupe_key", name=op.f("uq_owed_commune_id_dedupe_key")),
    )
    op.create_index(op.f("ix_owed_person_id_state"), "owed", ["person_id", "state"])
    op.create_index(op.f("ix_owed_state_priority_due_at"), "owed", ["state", "priority", "due_at"])

    op.create_table(
        "reminder_key",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_code", sa.String(), nullable=False),
        sa.Column("owed_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_reminder_key_commune_id_commune")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reminder_key_person_id_person")
        ),
        sa.PrimaryKeyConstraint(
            "commune_id",
            "period_to",
            "rule",
            "rung",
            "person_id",
            "unit_code",
            name=op.f("pk_reminder_key"),
        ),
    )
    op.create_index(op.f("ix_reminder_key_owed_id"), "reminder_key", ["owed_id"])

    op.create_table(
        "report",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("cutoff_id", sa.String(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("unit_code", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_report_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint(
            "commune_id", "cutoff_id", "period_to", "unit_code", name=op.f("pk_report")
        ),
    )
    op.create_table(
        "roster_key",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_roster_key_commune_id_commune")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_roster_key_person_id_person")
        ),
        sa.PrimaryKeyConstraint("commune_id", "key", name=op.f("pk_roster_key")),
    )
    op.create_index(op.f("ix_roster_key_person_id"), "roster_key", ["person_id"])

    op.create_table(
        "team",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_team_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint("commune_id", "code", name=op.f("pk_team")),
    )
    op.create_table(
        "unit",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_unit_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint("commune_id", "code", name=op.f("pk_unit")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("hamlet_code", sa.String(), nullable=False),
        sa.Column("team_code", sa.String(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("household", sa.String(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('household', 'group', 'point')", name=op.f("ck_visit_kind")),
        sa.CheckConstraint(
            "outcome IN ('done', 'partly', 'not_done')", name=op.f("ck_visit_outcome")
        ),
        sa.CheckConstraint(
            "reason IN ('absent', 'refused', 'no_phone', 'sim', 'police', 'system', 'other')",
            name=op.f("ck_visit_reason"),
        ),
        sa.CheckConstraint("people IS NULL OR people >= 0", name=op.f("ck_visit_people")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_visit_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("commune_id", "code", name=op.f("uq_visit_commune_id_code")),
    )
    op.create_index(
        op.f("ix_visit_commune_id_person_id_visited_on"),
        "visit",
        ["commune_id", "person_id", "visited_on"],
    )
    op.create_index(
        op.f("ix_visit_commune_id_team_code_visited_on"),
        "visit",
        ["commune_id", "team_code", "visited_on"],
    )
    op.create_index(op.f("ix_visit_commune_id_visited_on"), "visit", ["commune_id", "visited_on"])

    op.create_table(
        "visit_counter",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["commune.id"], name=op.f("fk_visit_counter_commune_id_commune")
        ),
        sa.PrimaryKeyConstraint("commune_id", "year", name=op.f("pk_visit_counter")),
    )
    op.create_table(
        "team_hamlet",
        sa.Column("commune_id", sa.String(), nullable=False),
        sa.Column("team_code", sa.String(), nullable=False),
        sa.Column("hamlet_code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id", "hamlet_code"],
            ["hamlet.commune_id", "hamlet.code"],
            name=op.f("fk_team_hamlet_commune_id_hamlet_code_hamlet"),
        ),
        sa.ForeignKeyConstraint(
            ["commune_id", "team_code"],
            ["team.commune_id", "team.code"],
            name=op.f("fk_team_hamlet_commune_id_team_code_team"),
        ),
        sa.PrimaryKeyConstraint(
            "commune_id", "team_code", "hamlet_code", name=op.f("pk_team_hamlet")
        ),
    )


def downgrade() -> None:
    for table in TABLES[::-1]:
        op.drop_table(table)
