"""Everything a rule can refuse. The class says the fact; `content/texts/errors.py` says the words.

A handler lets these fly; `handlers/errors.py` answers with the sentence of the class.
"""


class DomainError(Exception):
    """A rule said no. Attributes carry what the sentence needs."""


class NotAllowed(DomainError):
    """The actor's role does not permit this action."""


class CommuneUnknown(DomainError):
    """No commune is known under this name, or the person has not chosen one yet."""


class InvitationUnknown(DomainError):
    """No invitation has this code."""


class InvitationExpired(DomainError):
    """The invitation's last day has passed."""


class InvitationRevoked(DomainError):
    """An officer withdrew the invitation."""


class InvitationUsedUp(DomainError):
    """The invitation was accepted as often as it allows."""


class TooManyWrongCodes(DomainError):
    """Wrong codes came too fast; the door stays shut until the quarter hour is over."""


class LinkCodeWrong(DomainError):
    """The one-time code for joining two accounts is wrong, used or too old."""


class NoTeam(DomainError):
    """The person logs visits but belongs to no team with a hamlet."""


class NotYourHamlet(DomainError):
    """The hamlet is not served by the person's team."""


class NothingChosen(DomainError):
    """A form was sent on without a choice it needs."""


class DraftGone(DomainError):
    """The draft expired, was thrown away or belongs to somebody else."""


class VisitInFuture(DomainError):
    """The visit would lie after today."""


class VisitAlreadyRecorded(DomainError):
    """This draft has become a visit already; nothing was added."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UndoTooLate(DomainError):
    """More than 24 hours have passed since the visit was recorded."""


class VisitUnknown(DomainError):
    """No visit of the actor has this code."""


class ReportAlreadyIn(DomainError):
    """The unit's report for this period was marked as received before."""


class FieldInvalid(DomainError):
    """A value an officer typed cannot be kept; `field` and `hint` say which and why."""

    def __init__(self, field: str, hint: str = "") -> None:
        super().__init__(field)
        self.field = field
        self.hint = hint


class StorageBusy(DomainError):
    """The database was locked or read-only; nothing was changed."""
