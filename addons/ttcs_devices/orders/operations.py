"""The operations of the device protocol, with what the office must know of each."""

from __future__ import annotations

from dataclasses import dataclass

EVERYTHING = ("receiver", "board", "station", "meter")
SOUNDING = ("receiver", "station")


@dataclass(frozen=True)
class Operation:
    """One kind of order.

    :param purposes: of the models of device that it makes sense for
    :param minutes: for which a command stays valid, unless told otherwise: a sound that comes
        late is worse than none, a setting that comes late is still wanted
    :param undone_by: the operation that ends what it began
    """

    purposes: tuple[str, ...]
    minutes: int
    undone_by: str | None = None


OPERATIONS = {
    "play": Operation(SOUNDING, 10, undone_by="stop"),
    "stop": Operation((*SOUNDING, "board"), 60),
    "volume": Operation(SOUNDING, 24 * 60),
    "show": Operation(("board",), 60, undone_by="stop"),
    "screen_hours": Operation(("board",), 24 * 60),
    "apply_schedule": Operation((*SOUNDING, "board"), 24 * 60),
    "relay": Operation(EVERYTHING, 10, undone_by="relay"),
    "reboot": Operation(EVERYTHING, 30),
    "report": Operation(EVERYTHING, 10),
}
# What warns people: sound, text on the boards, a siren on a relay.
EMERGENCY_OPERATIONS = ("play", "show", "relay")


def minute_of_day(hours: float) -> int:
    """The minute of the day of a time of day as Odoo keeps it.

    >>> minute_of_day(22.5), minute_of_day(0)
    (1350, 0)
    """
    return round(hours * 60) % 1_440
