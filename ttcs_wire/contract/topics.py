"""Topics: ``ttcs/v1/<device>/<direction>/<kind>``."""

from __future__ import annotations

from typing import NamedTuple

from .identity import is_device_code

PREFIX = "ttcs/v1"
# A bridge shares the work with others under this name.
SHARED = f"$share/bridge/{PREFIX}/+/up/"
UP_KINDS = ("state", "tele", "evt", "ack")
DOWN_KINDS = ("cmd", "cfg", "sched", "seen")


class Topic(NamedTuple):
    """A topic taken apart."""

    device: str
    direction: str
    kind: str


def up(device: str, kind: str) -> str:
    """A topic that the device writes.

    >>> up("0123456789abcdef", "tele")
    'ttcs/v1/0123456789abcdef/up/tele'
    """
    return _build(device, "up", kind, UP_KINDS)


def down(device: str, kind: str) -> str:
    """A topic that the device reads.

    >>> down("0123456789abcdef", "cmd")
    'ttcs/v1/0123456789abcdef/down/cmd'
    >>> down("+", "cmd")
    Traceback (most recent call last):
    ...
    ValueError: no device code: '+'
    """
    return _build(device, "down", kind, DOWN_KINDS)


def parse(text: str) -> Topic | None:
    """Take a topic apart; None when it is none of the contract's.

    >>> parse("ttcs/v1/0123456789abcdef/up/state")
    Topic(device='0123456789abcdef', direction='up', kind='state')
    >>> parse("ttcs/v1/0123456789abcdef/up/other"), parse("ttcs/v2/x/up/state"), parse("")
    (None, None, None)
    """
    parts = text.split("/")
    if len(parts) != 5 or parts[:2] != ["ttcs", "v1"] or not is_device_code(parts[2]):
        return None
    kinds = {"up": UP_KINDS, "down": DOWN_KINDS}.get(parts[3], ())
    return Topic(*parts[2:]) if parts[4] in kinds else None


def _build(device: str, direction: str, kind: str, kinds: tuple[str, ...]) -> str:
    if not is_device_code(device):
        raise ValueError(f"no device code: {device!r}")
    if kind not in kinds:
        raise ValueError(f"no topic of the contract: {direction}/{kind}")
    return f"{PREFIX}/{device}/{direction}/{kind}"
