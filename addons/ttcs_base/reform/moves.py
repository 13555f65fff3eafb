"""What became of each place and agency that a reform ended.

No Odoo here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Moves:
    """Ids of places and agencies that ended, with who follows; None where a person must say.

    ``heirs`` gives, for an agency with several successors, the one that takes over what stands
    in a commune: ``{(agency that ended, commune): successor}``.
    ``waiting`` are places that are themselves asked about: what stands there waits with them.

    >>> moves = Moves(dt.date(2025, 7, 1), {1: 5, 2: None}, {8: 9}, {}, frozenset({2}))
    >>> moves.place_columns
    ([1, 2], [5, None])
    """

    date: dt.date
    places: Mapping[int, int | None]
    agencies: Mapping[int, int | None]
    heirs: Mapping[tuple[int, int], int]
    waiting: frozenset[int]

    @property
    def place_columns(self) -> tuple[list[int], list[int | None]]:
        """Ended places and their successors, as two columns of equal length."""
        return list(self.places), list(self.places.values())

    @property
    def agency_columns(self) -> tuple[list[int], list[int | None]]:
        """Ended agencies and their successors, as two columns of equal length."""
        return list(self.agencies), list(self.agencies.values())

    @property
    def heir_columns(self) -> tuple[list[int], list[int], list[int]]:
        """Ended agency, commune and heir, as three columns of equal length."""
        return (
            [agency for agency, _commune in self.heirs],
            [commune for _agency, commune in self.heirs],
            list(self.heirs.values()),
        )
