"""The records of a list: the rows below its headings, less those that are no records.

Nothing is dropped in silence: each row left out is kept with its reason.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .cells import CellValue, MergedRange
from .fields import FieldSpec
from .headings import ColumnMatch, Header
from .parsed import Parsed, Problem
from .reader import SheetRow
from .skipping import SKIP_REASONS, RowClassifier, longest_text
from .values import parse

_KINDS_SHARED_BY_MERGED_ROWS = frozenset(("text", "date", "year", "choice", "yes_or_no", "phone"))


@dataclass(frozen=True)
class SkippedRow:
    """A row that is no record: its number, a key of ``SKIP_REASONS``, its longest text."""

    number: int
    reason: str
    text: str


@dataclass(frozen=True)
class Row:
    """A record as found in the sheet.

    ``values`` and ``raw`` (cells before parsing, text already in Unicode) are keyed by field; so
    are ``precisions`` of dates and ``problems``.  ``section`` is the title of the section that the
    row stands in, "" for none; ``converted`` names the fields repaired from a legacy encoding.
    """

    number: int
    values: Mapping[str, object]
    raw: Mapping[str, CellValue]
    problems: Mapping[str, Problem]
    precisions: Mapping[str, str]
    section: str
    converted: frozenset[str]


class DataRows:
    """The records below ``header``, in one pass; ``skipped`` is complete when the pass is.

    ``rows`` are all filled rows of the sheet, ``merged`` its merged ranges: a text or date merged
    over several rows belongs to each of them, an amount only to the first, lest it be counted
    twice.
    """

    def __init__(
        self,
        rows: Iterable[SheetRow],
        header: Header,
        matches: Sequence[ColumnMatch],
        specs: Sequence[FieldSpec],
        merged: Iterable[MergedRange] = (),
    ) -> None:
        self.skipped: list[SkippedRow] = []
        self.blank_rows = 0
        self._rows = rows
        self._header = header
        by_key = {spec.key: spec for spec in specs}
        self._columns = [
            (match.index, by_key[match.key], match.unit or header.unit or 1)
            for match in matches
            if match.key
        ]
        shared = {i for i, spec, _ in self._columns if spec.kind in _KINDS_SHARED_BY_MERGED_ROWS}
        self._merged = _MergedCells(merged, shared, header.last_row)
        self._classifier = RowClassifier(header, self._merged.is_wide)

    def __iter__(self) -> Iterator[Row]:
        section = ""
        previous = self._header.last_row
        for row, following in self._below_header():
            self.blank_rows += max(row.number - previous - 1, 0)
            previous = row.number
            values = self._merged.fill(row)
            reason = self._classifier.reason(row, following)
            if reason is None:
                yield self._record(row, values, section)
            elif reason == "blank":
                self.blank_rows += 1
            else:
                text = longest_text(row.values)
                self.skipped.append(SkippedRow(row.number, reason, text))
                section = text if reason == "section" else section

    def skipped_counts(self) -> dict[str, int]:
        """Return how many rows were left out for each reason that occurred."""
        counts = Counter(row.reason for row in self.skipped)
        counts["blank"] += self.blank_rows
        return {reason: counts[reason] for reason in SKIP_REASONS if counts[reason]}

    def _below_header(self) -> Iterator[tuple[SheetRow, SheetRow | None]]:
        """Yield each row below the headings with the one that follows it."""
        waiting = None
        for row in self._rows:
            if row.number > self._header.last_row:
                if waiting:
                    yield waiting, row
                waiting = row
        if waiting:
            yield waiting, None

    def _record(self, row: SheetRow, values: Sequence[CellValue], section: str) -> Row:
        raw: dict[str, CellValue] = {}
        parsed: dict[str, Parsed] = {}
        for index, spec, unit in self._columns:
            raw[spec.key] = values[index] if index < len(values) else None
            parsed[spec.key] = parse(raw[spec.key], spec, unit)
        return Row(
            number=row.number,
            values={key: cell.value for key, cell in parsed.items()},
            raw=raw,
            problems={key: cell.problem for key, cell in parsed.items() if cell.problem},
            precisions={key: cell.precision for key, cell in parsed.items() if cell.precision},
            section=section,
            converted=frozenset(
                spec.key for index, spec, _unit in self._columns if index in row.converted
            ),
        )


class _MergedCells:
    """Values of ranges merged over several rows, handed to each row of the range."""

    def __init__(self, merged: Iterable[MergedRange], columns: set[int], header: int) -> None:
        self._starting: dict[int, list[MergedRange]] = {}
        self._wide: set[tuple[int, int]] = set()
        self._open: list[tuple[MergedRange, CellValue]] = []
        for area in merged:
            if area.first_row <= header:
                continue
            if area.last_column > area.first_column + 1:
                self._wide.add((area.first_row, area.first_column))
            if area.last_row > area.first_row and area.first_column in columns:
                self._starting.setdefault(area.first_row, []).append(area)

    def is_wide(self, row: int, column: int) -> bool:
        """Tell whether the cell is merged over three or more columns."""
        return (row, column) in self._wide

    def fill(self, row: SheetRow) -> Sequence[CellValue]:
        """Return the row's values with those of merged ranges that reach down to it."""
        values = list(row.values)
        self._open = [(area, value) for area, value in self._open if area.last_row >= row.number]
        for area, value in self._open:
            values.extend([None] * (area.first_column + 1 - len(values)))
            if values[area.first_column] is None:
                values[area.first_column] = value
        for area in self._starting.pop(row.number, ()):
            if area.first_column < len(row.values):
                self._open.append((area, row.values[area.first_column]))
        return values
