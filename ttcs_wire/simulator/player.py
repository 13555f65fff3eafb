"""What a simulated device sounds: commands and its own schedule, by a clock that it is told."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import Schedule

MINUTE = 60_000
DAY = 1_440


@dataclass(frozen=True)
class Playing:
    """What sounds now.

    :param until: milliseconds since 1970; None: until it is stopped
    :param command: id of the command that asked for it; None: the schedule did
    """

    ref: str
    until: int | None
    command: str | None = None


class Player:
    """Plays one thing at a time; a command goes before the schedule."""

    def __init__(self) -> None:
        self.playing: Playing | None = None
        self.schedule: Schedule | None = None
        self._looked_at = -1

    def due(self, now: int) -> Playing | None:
        """The programme that begins in this minute; each minute is looked at once.

        A command that sounds is not interrupted: the programme is left out.
        """
        if self.schedule is None:
            return None
        minute = now // MINUTE + self.schedule.utc
        if minute <= self._looked_at:
            return None
        self._looked_at = minute
        # 1 January 1970 was a Thursday.
        weekday = (minute // DAY + 3) % 7 + 1
        if self.playing and self.playing.command:
            return None
        for programme in self.schedule.programmes:
            if programme.at == minute % DAY and weekday in programme.days:
                return Playing(programme.ref, now + programme.minutes * MINUTE)
        return None

    def has_ended(self, now: int) -> bool:
        """Whether what sounds has come to its end."""
        playing = self.playing
        return playing is not None and playing.until is not None and now >= playing.until
