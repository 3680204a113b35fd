"""When an invitation opens the door."""

from datetime import datetime, timedelta

from domain.errors import (
    InvitationExpired,
    InvitationRevoked,
    InvitationUnknown,
    InvitationUsedUp,
    TooManyWrongCodes,
)
from domain.people import Invitation

#: Without I, L, O, U, 0, 1: read aloud and typed by hand without doubt.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
WRONG_CODES_ALLOWED = 5
WRONG_CODES_WINDOW = timedelta(minutes=15)


def normal_code(typed: str) -> str:
    """The code as stored: capitals, without the spaces and dashes people add."""
    return "".join(ch for ch in typed.upper() if ch.isalnum())


def check_invitation(invitation: Invitation | None, now: datetime) -> Invitation:
    """Return the invitation if it may be accepted at `now`; raise the reason if not."""
    if invitation is None:
        raise InvitationUnknown
    if invitation.revoked_at is not None:
        raise InvitationRevoked
    if invitation.expires_at <= now:
        raise InvitationExpired
    if invitation.uses >= invitation.max_uses:
        raise InvitationUsedUp
    return invitation


def check_attempts(wrong: int) -> None:
    """Stop guessing: `wrong` counts the wrong codes of this account in the window."""
    if wrong >= WRONG_CODES_ALLOWED:
        raise TooManyWrongCodes
