"""The test page: is the printer set to true size, and do the labels lie where we think?

It shows the cut edge of every label (solid), the area that is printed on (dashed) and two
rulers in millimetres.  Print it on plain paper and hold it against a sheet of labels.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.lib.units import mm

from .stock import LabelStock
from .typesetting import Text, Typeface, fit_block

LINE_WIDTH = 0.2
RULER_INSET = 3.0
LONGEST_RULER = 200
TICKS = ((10, 4.0), (5, 3.0), (1, 2.0))
TEXT_SIZE = 7.0


def calibration_page(stock: LabelStock, face: Typeface, title: str, advice: str) -> Iterator[str]:
    """Give the PDF operators of the test page, one piece after the other.

    :param advice: what to check on the page and how to set the printer
    """
    yield f"{LINE_WIDTH} w"
    for index in range(stock.per_page):
        yield from _frames(stock, index)
        if stock.per_page > 1:
            yield _number(stock, index, face)
    corner = stock.unprintable + RULER_INSET
    yield from _ruler(face, corner, stock.page_width, upright=False)
    yield from _ruler(face, corner, stock.page_height, upright=True)
    yield from _text(stock, face, title, advice, corner)


def _frames(stock: LabelStock, index: int) -> Iterator[str]:
    left, top = stock.position(index)
    bottom = stock.page_height - top - stock.label_height
    yield f"[] 0 d {_box(left, bottom, stock.label_width, stock.label_height)} S"
    inner_width = stock.label_width - 2 * stock.inset_x
    inner_height = stock.label_height - 2 * stock.inset_y
    inner = _box(left + stock.inset_x, bottom + stock.inset_y, inner_width, inner_height)
    yield f"[1 2] 0 d {inner} S [] 0 d"


def _box(left: float, bottom: float, width: float, height: float) -> str:
    return f"{left * mm:.3f} {bottom * mm:.3f} {width * mm:.3f} {height * mm:.3f} re"


def _number(stock: LabelStock, index: int, face: Typeface) -> str:
    """The number of a label on its page: one more than the labels used up before it."""
    left, top = stock.position(index)
    text, size = str(index + 1), 2 * TEXT_SIZE
    right = (left + stock.label_width - stock.inset_x - 1) * mm - face.width(text) * size
    baseline = (stock.page_height - top - stock.inset_y - 1) * mm - size
    return face.write(text, size, right, baseline)


def _ruler(face: Typeface, start: float, page: float, *, upright: bool) -> Iterator[str]:
    """A ruler from the lower left corner, along the bottom or up the left side."""
    length = min(LONGEST_RULER, int(page - 2 * start) // 10 * 10)
    yield _stroke(start, start, length, 0, upright=upright)
    for distance in range(length + 1):
        tick = next(size for step, size in TICKS if distance % step == 0)
        yield _stroke(start + distance, start, 0, tick, upright=upright)
        if distance % 10 == 0 and distance:
            along, beside = start + distance, start + TICKS[0][1]
            x, y = (beside + 0.5, along - 0.7) if upright else (along + 0.4, beside - 1)
            yield face.write(str(distance), TEXT_SIZE * 0.8, x * mm, y * mm)


def _stroke(x: float, y: float, dx: float, dy: float, *, upright: bool) -> str:
    if upright:
        x, y, dx, dy = y, x, dy, dx
    return f"{x * mm:.3f} {y * mm:.3f} m {(x + dx) * mm:.3f} {(y + dy) * mm:.3f} l S"


def _text(
    stock: LabelStock, face: Typeface, title: str, advice: str, corner: float
) -> Iterator[str]:
    """What to do, in the first label, beside the upright ruler."""
    left = (corner + TICKS[0][1] + 3) * mm
    place = stock.position(0)
    right = (place.left + stock.label_width - stock.inset_x - 8) * mm
    top = (stock.page_height - place.top - stock.inset_y - 1) * mm
    texts = [
        Text(face, title, 1.3 * TEXT_SIZE),
        Text(face, stock.name, TEXT_SIZE),
        Text(face, advice, TEXT_SIZE),
    ]
    height = (stock.label_height - 2 * stock.inset_y - 2) * mm
    for text in fit_block(texts, right - left, height):
        yield from text.write(left, top)
        top -= text.height
