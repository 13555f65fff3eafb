"""Opening an Excel workbook of unknown origin and reading its rows as text in Unicode.

Formulas are never evaluated: the stored result is read, and a formula without one is reported.
Macros and external links are not looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, islice
from types import TracebackType

from ..text.legacy_encoding import (
    UNICODE,
    FontEvidence,
    Reading,
    font_encoding,
    shows_capitals,
    to_unicode,
)
from .cells import CellFault, CellReader, CellValue, MergedRange, read_merged
from .package import Package, ReadingLimits
from .parts import Run, SheetPart, read_styles, read_texts, read_workbook
from .refusal import SpreadsheetRefused

ROWS_WITH_HEADINGS = 30
_ROWS_SAMPLED_FOR_FONTS = 500

__all__ = [
    "CellFault",
    "MergedRange",
    "ReadingLimits",
    "Sheet",
    "SheetRow",
    "SpreadsheetRefused",
    "Workbook",
    "open_workbook",
]


@dataclass(frozen=True)
class SheetRow:
    """One filled row.

    ``number`` is the row on the screen, ``values`` the cells from column A on (None for blank).
    ``converted`` holds, by column index, the stored text of cells that were repaired from a legacy
    encoding.
    """

    number: int
    values: tuple[CellValue, ...]
    converted: Mapping[int, str] = field(default_factory=dict)


class Sheet:
    """One worksheet of an open workbook."""

    def __init__(self, workbook: "Workbook", part: SheetPart) -> None:
        self.name = part.name
        self.hidden = part.hidden
        self._workbook = workbook
        self._part = part.part

    @cached_property
    def merged(self) -> list[MergedRange]:
        """The merged ranges of the sheet."""
        return read_merged(self._workbook.package, self._part, self.name)

    def rows(self) -> Iterator[SheetRow]:
        """Yield the filled rows from the top; may be called again.

        Raises SpreadsheetRefused on the way where the sheet is damaged or exceeds a limit.
        """
        evidence = self._font_evidence
        limits = self._workbook.package.limits
        cells = 0
        for count, (number, row) in enumerate(self._cells(), start=1):
            cells += len(row)
            if count > limits.rows + ROWS_WITH_HEADINGS:
                self._refuse("too_many_rows", limits.rows)
            if cells > limits.cells:
                self._refuse("too_many_cells", limits.cells)
            yield self._row(number, row, evidence)

    def first_rows(self) -> list[SheetRow]:
        """Return the filled rows among which the headings are looked for."""
        return list(islice(self.rows(), ROWS_WITH_HEADINGS))

    @cached_property
    def _font_evidence(self) -> FontEvidence:
        evidence = FontEvidence()
        for _number, row in islice(self._cells(), _ROWS_SAMPLED_FOR_FONTS):
            for _column, value, style in row:
                if isinstance(value, str):
                    evidence.observe(value, self._workbook.font(style))
        return evidence

    def _cells(self) -> Iterator[tuple[int, list[tuple[int, CellValue, int]]]]:
        return self._workbook.cell_reader().rows(self._workbook.package, self._part)

    def _row(
        self, number: int, row: list[tuple[int, CellValue, int]], evidence: FontEvidence
    ) -> SheetRow:
        width = max(column for column, _value, _style in row) + 1
        limit = self._workbook.package.limits.columns
        if width > limit:
            raise SpreadsheetRefused("too_many_columns", sheet=self.name, row=number, limit=limit)
        values: list[CellValue] = [None] * width
        converted: dict[int, str] = {}
        for column, value, style in row:
            if isinstance(value, (str, tuple)):
                stored, reading = _read_text(value, self._workbook.font(style), evidence)
                value = reading.text
                if reading.encoding != UNICODE:
                    converted[column] = stored
            values[column] = value
        return SheetRow(number, tuple(values), converted)

    def _refuse(self, reason: str, limit: int) -> None:
        raise SpreadsheetRefused(reason, sheet=self.name, limit=limit)


class Workbook:
    """An open workbook; close it, or use it in a ``with`` statement."""

    def __init__(self, package: Package) -> None:
        self.package = package
        parts = read_workbook(package)
        self._counts_from_1904 = parts.counts_from_1904
        self._texts = read_texts(package, parts.texts_part) if parts.texts_part else []
        self._styles = read_styles(package, parts.styles_part) if parts.styles_part else []
        self.sheets = [Sheet(self, sheet) for sheet in parts.sheets]

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file; its sheets cannot be read any more."""
        self.package.close()

    def cell_reader(self) -> CellReader:
        """Return a reader for one pass over one sheet."""
        return CellReader(self._texts, self._styles, self._counts_from_1904)

    def font(self, style: int) -> str | None:
        """Return the name of the font of a cell format."""
        return self._styles[style].font if style < len(self._styles) else None


def open_workbook(content: bytes, *, limits: ReadingLimits | None = None) -> Workbook:
    """Open the bytes of an .xlsx file; SpreadsheetRefused says why another file is not read."""
    package = Package(content, limits or ReadingLimits())
    try:
        return Workbook(package)
    except SpreadsheetRefused:
        package.close()
        raise


def _read_text(
    value: str | tuple[Run, ...], font: str | None, evidence: FontEvidence
) -> tuple[str, Reading]:
    """Return the text as stored and its reading; runs in fonts of one kind are read together."""
    if isinstance(value, str):
        return value, _read(value, font, evidence)
    readings = []
    for (_encoding, _capitals), runs in groupby(
        value, lambda run: (font_encoding(run.font or font), shows_capitals(run.font or font))
    ):
        stretch = list(runs)
        text = "".join(run.text for run in stretch)
        readings.append(_read(text, stretch[0].font or font, evidence))
    encodings = [reading.encoding for reading in readings if reading.encoding != UNICODE]
    joined = Reading(
        "".join(reading.text for reading in readings), next(iter(encodings), UNICODE), certain=True
    )
    return "".join(run.text for run in value), joined


def _read(text: str, font: str | None, evidence: FontEvidence) -> Reading:
    if text.isascii() and not shows_capitals(font):
        return Reading(text, UNICODE, certain=False)
    return to_unicode(text, font, evidence.assumed(font))
