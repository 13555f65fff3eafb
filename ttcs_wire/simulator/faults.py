"""What a simulated device does wrong, each on demand."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Faults:
    """All off; set what is wanted.

    :param silent: sends nothing at all, though its connection stands
    :param clock_ahead: milliseconds by which the device's clock is wrong
    :param clockless: has no clock: says only how long it has been running
    :param repeats: sends each message so many times more
    :param shuffled: sends what it holds in another order
    :param garbled: sends text that is no JSON
    :param codes: the faults that it reports in each sample
    :param deaf: does not answer commands
    :param slow: answers commands so many seconds late
    :param forgetful: drops what it has sent without waiting for ``down/seen``
    """

    silent: bool = False
    clock_ahead: int = 0
    clockless: bool = False
    repeats: int = 0
    shuffled: bool = False
    garbled: bool = False
    codes: list[str] = field(default_factory=list)
    deaf: bool = False
    slow: float = 0.0
    forgetful: bool = False
