"""One station as a survey counts it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class StationLine:
    """A station with its clusters in one commune, or clusters there without a station.

    :param is_station: False for a station that is gone, and for clusters without one
    :param kind: ``wired``, ``fm``, ``ip``, ``mixed``, or None when nothing is recorded
    :param converted_on: since when it uses IP; None when it does not
    :param elsewhere: clusters of the station that stand in another commune
    """

    is_station: bool
    kind: str | None
    converted_on: dt.date | None
    clusters: int
    working: int
    horns: int
    elsewhere: int = 0

    @property
    def all_clusters(self) -> int:
        """Clusters of the station wherever they stand."""
        return self.clusters + self.elsewhere
