"""How reliable an asset was: failures, mean times, availability.  Pure figures.

Definitions: IEC 60050-192 (International Electrotechnical Vocabulary, dependability): mean
operating time between failures (192-05-13), mean time to restoration (192-07-23), availability
(area 192-08); which downtimes are left out, and that a figure is told with its number of
failures and time of observation, follows ISO 14224 on reliability and maintenance data.

Observation is the part of a period in which the asset was in use.  Time that counts against
nobody (power cuts, planned works) is taken out of it: what is left is the time in which the
asset was required to work, and of that it was up or down.
"""

from __future__ import annotations

from dataclasses import dataclass

MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class Reliability:
    """Of one asset, or the sums of many; all times in whole minutes.

    :param failures: how many downtimes that count began in the period
    :param down: minutes of downtimes that count, within the period
    :param excluded: minutes of downtimes that do not count, within the period
    :param observed: minutes of the period in which the asset was in use

    A board in use for 30 days that failed twice for 6 hours each, and had no power for 12 hours:

    >>> month = Reliability(failures=2, down=720, excluded=720, observed=30 * 24 * 60)
    >>> month.required, month.up
    (42480, 41760)
    >>> month.hours_between_failures, month.minutes_to_restoration
    (348.0, 360.0)
    >>> round(month.availability, 2)
    98.31

    Without a failure there is no mean; without time, no availability:

    >>> Reliability(0, 0, 0, 600).hours_between_failures is None
    True
    >>> Reliability(0, 0, 0, 600).availability
    100.0
    >>> Reliability(0, 0, 0, 0).availability is None
    True
    """

    failures: int
    down: int
    excluded: int
    observed: int

    @property
    def required(self) -> int:
        return self.observed - self.excluded

    @property
    def up(self) -> int:
        return self.required - self.down

    @property
    def hours_between_failures(self) -> float | None:
        """MTBF in hours of operation."""
        return self.up / self.failures / MINUTES_PER_HOUR if self.failures else None

    @property
    def minutes_to_restoration(self) -> float | None:
        """MTTR in minutes."""
        return self.down / self.failures if self.failures else None

    @property
    def availability(self) -> float | None:
        """Per cent of the required time in which it was up."""
        return 100 * self.up / self.required if self.required else None
