"""Addresses that lead into the conversation, and codes people can read aloud."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from domain.invitations import CODE_ALPHABET, CODE_LENGTH, normal_code


def random_code() -> str:
    """A code nobody guesses: 8 of 30 letters and digits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def code_hash(code: str) -> str:
    """What is stored of a one-time code."""
    return sha256(normal_code(code).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Links:
    """Builds our public addresses. `base` has no slash at its end."""

    base: str

    def resident(self, commune_id: str, hamlet_code: str | None = None) -> str:
        """A commune's door, or a hamlet's."""
        path = f"/c/{commune_id}"
        return f"{self.base}{path}/{hamlet_code}" if hamlet_code else f"{self.base}{path}"

    def invitation(self, code: str) -> str:
        """An invitation; opening it changes nothing."""
        return f"{self.base}/i/{code}"

    def link(self, code: str) -> str:
        """Joins a device to an account."""
        return f"{self.base}/l/{code}"

    def qr(self, address: str, kind: str = "svg") -> str:
        """The QR picture of one of our own addresses."""
        return f"{self.base}/qr{address.removeprefix(self.base)}.{kind}"
