"""Label stocks: the sheets and rolls that labels are printed on, in millimetres.

A stock is what a ruler finds on it.  The standard ones are at the end; an office that buys
another describes it with the same numbers, and :class:`LabelStock` says what is wrong.

>>> stock = STANDARD_STOCKS["a4_3x8"]
>>> stock.per_page, stock.position(4)
(24, LabelPosition(left=70.0, top=37.5))
>>> try:
...     LabelStock("Too wide", 210, 297, 80, 37, columns=3, rows=8)
... except StockError as error:
...     print(error)
3 columns need 240 mm with their margin and gaps, the page has 210 mm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

# Sheets are cut to half a millimetre; published sizes are rounded to a tenth.
TOLERANCE = 0.1
# Below this no QR symbol of the shortest address with its quiet zone can be read.
SMALLEST_LABEL = 15.0
LARGEST_PAGE = 1200.0
PADDING = 1.5


class StockError(ValueError):
    """A stock that cannot exist; the text has one sentence for each fault."""


class LabelPosition(NamedTuple):
    """Where a label lies: millimetres from the left and from the top edge of the page."""

    left: float
    top: float


@dataclass(frozen=True)
class LabelStock:
    """A page of equal labels in rows and columns; a roll has one label per page.

    Lengths are millimetres.  ``margin_left`` and ``margin_top`` run from the edge of the
    page to the first label, ``gap_x`` and ``gap_y`` between labels.  ``unprintable`` is the
    rim of the page that the printer cannot reach.  ``printer_dot`` is the distance of its
    dots: 0.125 for a label printer of 203 dpi, 0.042 for a laser printer of 600 dpi.

    :raises StockError: when the labels do not fit on the page
    """

    name: str
    page_width: float
    page_height: float
    label_width: float
    label_height: float
    columns: int = 1
    rows: int = 1
    margin_left: float = 0.0
    margin_top: float = 0.0
    gap_x: float = 0.0
    gap_y: float = 0.0
    unprintable: float = 4.2
    printer_dot: float = 25.4 / 600

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise StockError(" ".join(faults))

    @property
    def per_page(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows

    @property
    def inset_x(self) -> float:
        """Space to leave free at the left and right of every label.

        One figure for all, so that labels look alike wherever they lie on the page.
        """
        return self._inset(self.margin_left, self._used_width, self.page_width)

    @property
    def inset_y(self) -> float:
        """Space to leave free at the top and bottom of every label."""
        return self._inset(self.margin_top, self._used_height, self.page_height)

    def position(self, index: int) -> LabelPosition:
        """Where the label ``index`` (from 0, row by row) lies on its page."""
        row, column = divmod(index % self.per_page, self.columns)
        return LabelPosition(
            self.margin_left + column * (self.label_width + self.gap_x),
            self.margin_top + row * (self.label_height + self.gap_y),
        )

    @property
    def _used_width(self) -> float:
        gaps = (self.columns - 1) * self.gap_x
        return self.margin_left + self.columns * self.label_width + gaps

    @property
    def _used_height(self) -> float:
        gaps = (self.rows - 1) * self.gap_y
        return self.margin_top + self.rows * self.label_height + gaps

    def _inset(self, margin: float, used: float, page: float) -> float:
        return max(PADDING, self.unprintable - margin, self.unprintable - (page - used))

    def _faults(self) -> Iterator[str]:
        wrong = [name for name, value in self._lengths().items() if not _is_length(value)]
        if wrong:
            yield f"Not a length from 0 to {LARGEST_PAGE:g} mm: {', '.join(wrong)}."
            return
        if self.columns < 1 or self.rows < 1:
            yield f"A page of {self.columns} columns and {self.rows} rows has no label."
            return
        if min(self.label_width, self.label_height) < SMALLEST_LABEL:
            yield (
                f"A label of {self.label_width:g} × {self.label_height:g} mm is too small: "
                f"each side must be {SMALLEST_LABEL:g} mm or more."
            )
        if not self.printer_dot:
            yield "The printer's dot distance must be more than 0 mm."
        yield from _overflow("columns", self.columns, self._used_width, self.page_width)
        yield from _overflow("rows", self.rows, self._used_height, self.page_height)

    def _lengths(self) -> dict[str, float]:
        return {
            "page width": self.page_width,
            "page height": self.page_height,
            "label width": self.label_width,
            "label height": self.label_height,
            "left margin": self.margin_left,
            "top margin": self.margin_top,
            # A negative gap is an overlap.
            "gap between columns": self.gap_x,
            "gap between rows": self.gap_y,
            "unprintable rim": self.unprintable,
            "printer dot": self.printer_dot,
        }


def _is_length(value: float) -> bool:
    return math.isfinite(value) and 0 <= value <= LARGEST_PAGE


def _overflow(what: str, count: int, used: float, page: float) -> Iterator[str]:
    if used > page + TOLERANCE:
        yield (
            f"{count} {what} need {used:g} mm with their margin and gaps, "
            f"the page has {page:g} mm."
        )


def _roll(name: str, width: float, height: float) -> LabelStock:
    """A roll for a thermal printer of 203 dpi: each label is a page."""
    return LabelStock(name, width, height, width, height, unprintable=1.0, printer_dot=0.125)


_SHEET_OF_14 = LabelStock(
    "A4, 14 labels of 99.1 × 38.1 mm",
    *(210.0, 297.0, 99.1, 38.1),
    columns=2,
    rows=7,
    margin_left=4.63,
    margin_top=15.15,
    gap_x=2.54,
)

STANDARD_STOCKS: Mapping[str, LabelStock] = {
    "a4_3x8": LabelStock(
        "A4, 24 labels of 70 × 37 mm",
        *(210.0, 297.0, 70.0, 37.0),
        columns=3,
        rows=8,
        margin_top=0.5,
    ),
    "a4_2x7": _SHEET_OF_14,
    "avery_l7160": LabelStock(
        "Avery L7160, 21 labels of 63.5 × 38.1 mm",
        *(210.0, 297.0, 63.5, 38.1),
        columns=3,
        rows=7,
        margin_left=7.21,
        margin_top=15.15,
        gap_x=2.54,
    ),
    "avery_l7163": replace(_SHEET_OF_14, name="Avery L7163, 14 labels of 99.1 × 38.1 mm"),
    "roll_60x40": _roll("Roll, 60 × 40 mm", 60.0, 40.0),
    "roll_100x50": _roll("Roll, 100 × 50 mm", 100.0, 50.0),
}
"""The stocks that come with the suite, by a name that never changes."""
