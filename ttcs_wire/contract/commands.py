"""A command: what is asked of one device, how it is signed, and which way its state may go.

The body travels as the very text that was signed, inside an envelope, so that no device has to
write JSON the way we do to check a signature.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .instants import Refused, to_milliseconds

# A state may be left for one with a higher rank only; the ends share the highest.
COMMAND_STATES = {
    "draft": 0,
    "approved": 1,
    "queued": 2,
    "sent": 3,
    "received": 4,
    "running": 5,
    "done": 9,
    "failed": 9,
    "refused": 9,
    "expired": 9,
    "cancelled": 9,
    "superseded": 9,
}
MODES = ("actual", "exercise", "test")
OPERATIONS = (
    "play",
    "stop",
    "volume",
    "reboot",
    "relay",
    "show",
    "screen_hours",
    "apply_schedule",
    "report",
)


def moves_forward(old: str, new: str) -> bool:
    """Whether a command may go from one state to another.

    >>> moves_forward("sent", "running"), moves_forward("running", "received")
    (True, False)
    >>> moves_forward("done", "failed")
    False
    """
    return COMMAND_STATES[new] > COMMAND_STATES[old]


@dataclass(frozen=True)
class Command:
    """A command to one device.

    :param not_before, expires: UTC without zone; outside them the device refuses it
    :param mode: ``exercise`` and ``test`` sound only on a device in test mode
    """

    id: str
    device: str
    operation: str
    not_before: datetime
    expires: datetime
    arguments: dict[str, Any] = field(default_factory=dict)
    mode: str = "actual"

    def body(self) -> str:
        """The text that is signed and sent."""
        return json.dumps(
            {
                "id": self.id,
                "dev": self.device,
                "op": self.operation,
                "args": self.arguments,
                "mode": self.mode,
                "nbf": to_milliseconds(self.not_before),
                "exp": to_milliseconds(self.expires),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def check_times(not_before: int, expires: int, now: int) -> None:
    """Refuse a command outside its time; all in milliseconds.

    >>> check_times(0, 10, 5)
    >>> check_times(0, 10, 10)
    Traceback (most recent call last):
    ...
    ttcs_wire.contract.instants.Refused: expired
    """
    if now >= expires:
        raise Refused("expired")
    if now < not_before:
        raise Refused("too-early")
