"""The append-only log: events, their commitments, and the chain that binds them.

Each event carries two commitments, one to its personal payload and one to the rest, each with a
salt of its own: erasing one payload and its salt leaves the other readable and the chain whole,
because the chain binds the commitments and not the contents. `head(n) = H(head(n-1), event n)`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened, before the log gives it a number. Payloads are plain JSON."""

    id: UUID
    commune_id: str
    at: datetime
    actor_id: UUID | None
    """The person who acted; None for the program itself."""
    kind: str
    subject: str
    payload: Mapping[str, Any]
    personal: Mapping[str, Any] | None = None
    """What may have to be erased one day: names, phones."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log as stored."""

    commune_id: str
    seq: int
    id: UUID
    at: datetime
    actor_id: UUID | None
    kind: str
    subject: str
    reason: str | None
    payload: Mapping[str, Any] | None
    payload_salt: str | None
    personal: Mapping[str, Any] | None
    personal_salt: str | None
    payload_commitment: str
    personal_commitment: str
    head: str


def canonical(value: Any) -> bytes:
    """One byte string per JSON value: sorted keys, no spaces, NFC left as written, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def commitment(salt: str, payload: Mapping[str, Any] | None) -> str:
    """SHA-256 over salt and payload, hexadecimal. An absent payload is committed to as null."""
    return hashlib.sha256(salt.encode() + b"\n" + canonical(payload)).hexdigest()


def chain_head(
    previous: str, event: NewEvent, seq: int, payload_commitment: str, personal_commitment: str
) -> str:
    """The chain's head after `event`: hexadecimal SHA-256 over everything that stays readable."""
    line = canonical(
        [
            previous,
            event.commune_id,
            seq,
            str(event.id),
            event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(event.actor_id) if event.actor_id else None,
            event.kind,
            event.subject,
            event.reason,
            payload_commitment,
            personal_commitment,
        ]
    )
    return hashlib.sha256(line).hexdigest()


def seal(event: NewEvent, seq: int, previous: str, payload_salt: str, personal_salt: str) -> Event:
    """The stored form of `event`, numbered and bound to the head before it."""
    of_payload = commitment(payload_salt, event.payload)
    of_personal = commitment(personal_salt, event.personal)
    return Event(
        commune_id=event.commune_id,
        seq=seq,
        id=event.id,
        at=event.at,
        actor_id=event.actor_id,
        kind=event.kind,
        subject=event.subject,
        reason=event.reason,
        payload=event.payload,
        payload_salt=payload_salt,
        personal=event.personal,
        personal_salt=personal_salt,
        payload_commitment=of_payload,
        personal_commitment=of_personal,
        head=chain_head(previous, event, seq, of_payload, of_personal),
    )
