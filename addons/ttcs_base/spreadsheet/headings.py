"""Finding the row of headings in a sheet, and the field that each column holds.

Lists begin with titles, have headings over two or three rows with merged cells, and call a field
what the office has always called it.  Every choice made here is shown to a person to confirm, and
what was confirmed comes back as the saved mapping.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..text.vietnamese import fold, normalize, similarity
from .amounts import money_unit
from .cells import CellValue, MergedRange
from .fields import FieldSpec
from .reader import SheetRow

__all__ = [
    "ColumnMatch",
    "FieldSpec",
    "Header",
    "find_header",
    "heading_keys",
    "is_ordinal_heading",
    "match_headings",
    "missing_fields",
    "unit_above",
]

JOINT = " / "
_MOST_HEADING_ROWS = 4
_LIKELY = 0.7  # counts towards taking a row for the headings
_ACCEPTED = 0.55  # is proposed as the field of a column
_WORTH_OFFERING = 0.3  # is listed among the alternatives
_ALTERNATIVES = 3
_ORDINAL = frozenset(("stt", "tt", "so tt", "so thu tu", "thu tu", "no", "#"))
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_WORDS = re.compile(r"[^\w%#]+")


@dataclass(frozen=True)
class Header:
    """The headings of a list: rows ``first_row`` to ``last_row``, one text per column.

    ``unit`` is what amounts are counted in according to the titles above ("ĐVT: triệu đồng").
    """

    first_row: int
    last_row: int
    headings: tuple[str, ...]
    unit: int | None = None


@dataclass(frozen=True)
class ColumnMatch:
    """The field proposed for one column, None for none, with the next best (key, score).

    ``confidence`` runs from 0 to 1; 1 is a heading that the field is known by or that was
    confirmed before.  ``unit`` is what the column's amounts are counted in, where it says so.
    """

    index: int
    heading: str
    key: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    unit: int | None = None


def is_ordinal_heading(heading: str) -> bool:
    """Tell whether a column only numbers the rows (STT)."""
    return fold(heading).strip(" .:") in _ORDINAL


def heading_keys(headings: Iterable[str]) -> list[str]:
    """Return the keys under which the columns of a confirmed mapping are saved.

    A heading that occurs again is numbered.

    >>> heading_keys(["Ghi chú", "Ấp", "Ghi  chú"])
    ['ghi chu', 'ap', 'ghi chu #2']
    """
    seen: Counter[str] = Counter()
    keys = []
    for heading in headings:
        key = fold(heading)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return keys


def match_headings(
    headings: Sequence[str],
    specs: Sequence[FieldSpec],
    saved_mapping: Mapping[str, str | None] | None = None,
) -> list[ColumnMatch]:
    """Propose at most one column for each field and one field for each column.

    ``saved_mapping`` (by ``heading_keys``; None for a column to leave out) wins over likeness.
    Otherwise the most alike pair is taken first; ties go to the column further left, then to the
    field named first.

    >>> specs = [FieldSpec("name", "Tên cụm loa"), FieldSpec("hamlet", "Ấp", ("Khóm", "Thôn"))]
    >>> [m.key for m in match_headings(["STT", "Thôn, ấp", "Tên cụm"], specs)]
    [None, 'hamlet', 'name']
    """
    scores = [[_score(heading, spec) for spec in specs] for heading in headings]
    chosen = _saved(headings, specs, saved_mapping or {})
    left_out = {
        index
        for index, key in enumerate(heading_keys(headings))
        if key in (saved_mapping or {}) or is_ordinal_heading(headings[index])
    }
    ranked = sorted(
        (-score, column, field)
        for column, row in enumerate(scores)
        for field, score in enumerate(row)
        if score >= _ACCEPTED and column not in left_out
    )
    taken = {field for field, _score in chosen.values()}
    for negative, column, field in ranked:
        if column not in chosen and field not in taken:
            chosen[column] = (field, -negative)
            taken.add(field)
    return [
        _column_match(index, heading, specs, scores[index], chosen.get(index))
        for index, heading in enumerate(headings)
    ]


def missing_fields(matches: Iterable[ColumnMatch], specs: Iterable[FieldSpec]) -> list[FieldSpec]:
    """Return the required fields that no column was found for."""
    found = {match.key for match in matches}
    return [spec for spec in specs if spec.required and spec.key not in found]


def find_header(
    rows: Sequence[SheetRow], merged: Sequence[MergedRange], specs: Sequence[FieldSpec]
) -> Header | None:
    """Find the headings among the first rows of a sheet; None if nothing looks like them.

    A row counts by the fields it names, less half for each cell with a figure or a date.  It is
    joined with the rows below it as far as its merged cells reach, or with the next row where
    that names more fields.
    """
    merged = [area for area in merged if rows and area.first_row <= rows[-1].number]
    filled = _fill(rows, merged)
    best: tuple[float, Header] | None = None
    least = min(2, len(specs))
    for first in sorted(filled):
        begins_inside = any(area.first_row < first <= area.last_row for area in merged)
        for last in _last_rows(first, filled, merged):
            headings = _joined([filled.get(row, ()) for row in range(first, last + 1)])
            named, score = _header_score(headings, filled, range(first, last + 1), specs)
            score -= 0.5 * begins_inside  # the headings began above
            if named >= least and (best is None or score > best[0]):
                best = score, Header(first, last, headings, unit_above(first, filled))
    return best[1] if best else None


def _saved(
    headings: Sequence[str], specs: Sequence[FieldSpec], mapping: Mapping[str, str | None]
) -> dict[int, tuple[int, float]]:
    fields = {spec.key: index for index, spec in enumerate(specs)}
    chosen: dict[int, tuple[int, float]] = {}
    for index, key in enumerate(heading_keys(headings)):
        field = fields.pop(mapping.get(key) or "", None)
        if field is not None:
            chosen[index] = (field, 1.0)
    return chosen


def _column_match(
    index: int,
    heading: str,
    specs: Sequence[FieldSpec],
    scores: Sequence[float],
    chosen: tuple[int, float] | None,
) -> ColumnMatch:
    field, confidence = chosen or (None, 0.0)
    others = sorted(
        (-score, other) for other, score in enumerate(scores) if score >= _WORTH_OFFERING
    )
    alternatives = tuple((specs[other].key, -score) for score, other in others if other != field)
    return ColumnMatch(
        index=index,
        heading=heading,
        key=None if field is None else specs[field].key,
        confidence=confidence,
        alternatives=alternatives[:_ALTERNATIVES],
        unit=money_unit(heading),
    )


def _score(heading: str, spec: FieldSpec) -> float:
    """Return how alike a heading and a field are; of a joined heading the parts count as well."""
    if not heading:
        return 0.0
    parts = heading.split(JOINT)
    names = (spec.label, *spec.synonyms)
    whole = max(_likeness(heading, name) for name in names)
    if len(parts) == 1:
        return whole
    return max(whole, *(0.97 * _likeness(parts[-1], name) for name in names))


def _likeness(heading: str, name: str) -> float:
    """Return 1 for the same words, 0.97 without what is in brackets, less for a part or a typo."""
    (words, bare), (wanted, bare_wanted) = _words(heading), _words(name)
    if not words or not wanted:
        return 0.0
    if words == wanted:
        return 1.0
    if bare and bare == bare_wanted:
        return 0.97
    contained = 0.0
    if f" {wanted} " in f" {words} ":
        contained = 0.6 + 0.35 * len(wanted) / len(words)
    elif bare and f" {bare} " in f" {wanted} ":
        contained = 0.45 + 0.35 * len(bare) / len(wanted)
    return round(max(contained, 0.9 * similarity(heading, name)), 4)


@lru_cache(maxsize=8192)
def _words(heading: str) -> tuple[str, str]:
    """Return the folded words of a heading, and those outside brackets."""
    folded = fold(heading)
    bare = _BRACKETS.sub(" ", folded)
    return _NOT_WORDS.sub(" ", folded).strip(), _NOT_WORDS.sub(" ", bare).strip()


def _fill(
    rows: Sequence[SheetRow], merged: Iterable[MergedRange]
) -> dict[int, tuple[CellValue, ...]]:
    """Return the rows by number with each merged range filled with its one value."""
    filled: dict[int, list[CellValue]] = {row.number: list(row.values) for row in rows}
    last = max(filled, default=0)
    for area in merged:
        origin = filled.get(area.first_row, [])
        if area.first_row > last or area.first_column >= len(origin):
            continue
        value = origin[area.first_column]
        if not isinstance(value, str):
            continue
        for number in range(area.first_row, min(area.last_row, last) + 1):
            row = filled.setdefault(number, [])
            row.extend([None] * (area.last_column + 1 - len(row)))
            for column in range(area.first_column, area.last_column + 1):
                row[column] = value
    return {number: tuple(row) for number, row in filled.items()}


def _last_rows(
    first: int, filled: Mapping[int, Sequence[CellValue]], merged: Sequence[MergedRange]
) -> list[int]:
    """Return where headings that begin in row ``first`` may end."""
    reach = max((area.last_row for area in merged if area.first_row == first), default=first)
    if first < reach < first + _MOST_HEADING_ROWS:
        return [reach]
    return [first, first + 1] if first + 1 in filled else [first]


def _joined(rows: Sequence[Sequence[CellValue]]) -> tuple[str, ...]:
    """Join the headings of each column from top to bottom, leaving out repetitions."""
    headings = []
    for column in range(max(map(len, rows), default=0)):
        parts: list[str] = []
        for row in rows:
            value = row[column] if column < len(row) else None
            text = normalize(str(value)) if value is not None else ""
            if text and text not in parts:
                parts.append(text)
        headings.append(JOINT.join(parts))
    return tuple(headings)


def _header_score(
    headings: Sequence[str],
    filled: Mapping[int, Sequence[CellValue]],
    rows: range,
    specs: Sequence[FieldSpec],
) -> tuple[int, float]:
    """Return the number of fields named in ``rows`` and their score as headings."""
    if sum(map(bool, headings)) < 2:
        return 0, 0.0
    matches = [match for match in match_headings(headings, specs) if match.key]
    likely = [match.confidence for match in matches if match.confidence >= _LIKELY]
    ordinal = any(map(is_ordinal_heading, headings))
    figures = sum(
        value is not None and not isinstance(value, str)
        for row in rows
        for value in filled.get(row, ())
    )
    depth = 0.1 * (len(rows) - 1)  # of two equal readings the one with fewer rows
    return len(likely), sum(likely) + 0.5 * ordinal - 0.5 * figures - depth


def unit_above(first: int, filled: Mapping[int, Sequence[CellValue]]) -> int | None:
    """Return the unit of amounts stated in the titles: "Đơn vị tính: triệu đồng"."""
    titles = (value for row in sorted(filled) if row < first for value in filled[row])
    stated = (
        money_unit(title)
        for title in titles
        if isinstance(title, str) and re.search(r"\bdvt\b|\bdon vi( tinh)?\s*:", fold(title))
    )
    return next((unit for unit in stated if unit), None)
