"""What the report of a survey says, as data: taken from the records, kept as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from .catalogue import INDICATORS, summed
from .station import StationLine


@dataclass(frozen=True)
class PlaceFigures:
    """The counts of one commune, or of what belongs to no commune (``code`` empty).

    :param state: that of the sheet (``to_do``, ``confirmed`` …); empty where there is none
    """

    code: str
    name: str
    state: str
    counts: Mapping[str, int]

    @property
    def is_sent(self) -> bool:
        """Whether the commune stands by the counts; else they are the register's."""
        return self.state in SENT_STATES


@dataclass(frozen=True)
class StationFigures:
    """A line of a sheet as the commune confirmed it; ``technologies`` with first days."""

    code: str
    commune: str
    name: str
    line: StationLine
    technologies: Sequence[tuple[str, dt.date]]
    note: str = ""


@dataclass(frozen=True)
class FigureCheck:
    """A count as the register had it and as the commune confirmed it."""

    key: str
    value: int
    confirmed: int
    note: str


@dataclass(frozen=True)
class Narrative:
    """What an agency wrote in the three boxes."""

    agency: str
    assessment: str = ""
    difficulties: str = ""
    proposals: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.assessment or self.difficulties or self.proposals)


@dataclass(frozen=True, kw_only=True)
class SurveyReport:
    """The report of a province, or of one commune when ``checks`` are given."""

    name: str
    year: int
    map_date: dt.date
    due_date: dt.date
    target: int
    area: str
    place: str
    issuing_body: str
    parent_body: str
    symbol: str
    internal_number: str
    addressees: Sequence[str]
    legal_bases: Sequence[str]
    narrative: Narrative
    rows: Sequence[PlaceFigures]
    outside: Sequence[PlaceFigures] = ()
    stations: Sequence[StationFigures] = ()
    narratives: Sequence[Narrative] = ()
    checks: Sequence[FigureCheck] = field(default_factory=list)

    @property
    def totals(self) -> dict[str, int]:
        """The counts of all communes and of what belongs to none."""
        return summed([row.counts for row in (*self.rows, *self.outside)])

    @property
    def sent(self) -> int:
        """How many communes sent their sheet."""
        return sum(row.is_sent for row in self.rows)

    def communes_with(self, key: str) -> int:
        """How many communes have at least one of what a count counts."""
        return sum(row.counts[key] > 0 for row in self.rows)

    def as_json(self) -> str:
        """The same text for the same report, to be kept and hashed."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> SurveyReport:
        """The report that ``as_json`` wrote."""
        values = json.loads(text)
        return cls(
            **{
                **values,
                "map_date": dt.date.fromisoformat(values["map_date"]),
                "due_date": dt.date.fromisoformat(values["due_date"]),
                "narrative": Narrative(**values["narrative"]),
                "narratives": [Narrative(**each) for each in values["narratives"]],
                "rows": [PlaceFigures(**each) for each in values["rows"]],
                "outside": [PlaceFigures(**each) for each in values["outside"]],
                "stations": [_station(each) for each in values["stations"]],
                "checks": [FigureCheck(**each) for each in values["checks"]],
            }
        )


SENT_STATES = ("confirmed", "corrected", "accepted")


def _station(values: dict) -> StationFigures:
    line = values["line"]
    converted_on = line["converted_on"] and dt.date.fromisoformat(line["converted_on"])
    technologies = [(name, dt.date.fromisoformat(day)) for name, day in values["technologies"]]
    return StationFigures(
        **{
            **values,
            "line": StationLine(**{**line, "converted_on": converted_on}),
            "technologies": technologies,
        }
    )


def empty_counts() -> dict[str, int]:
    """No station, no cluster, no place: the counts of a commune of which nothing is known."""
    return {indicator.key: 0 for indicator in INDICATORS}
