"""Where things lie on one label: the QR symbol as large as it can be, the text beside it.

A phone reads a symbol from about ten times its side, so the symbol gets the height of the
label; the text keeps a share of the width, and gives up part of it only to keep the modules
at half a millimetre.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from reportlab.lib.units import mm

from .qr import QUIET_ZONE
from .stock import LabelStock
from .typesetting import LEADING, SMALLEST_TEXT

# Half a millimetre a module is read at arm's length; under a third many phones fail.
GOOD_MODULE = 0.5
SMALLEST_MODULE = 0.33
TEXT_SHARE = 0.46
NARROWEST_TEXT = 18.0
CODE_LINES = 2
# Points per millimetre of label height, and the bounds of the result.
CODE_SCALE, SMALLEST_CODE, LARGEST_CODE = 0.16, 6.0, 9.0
LARGEST_UNIT = 9.5

# Sizes of the texts on the right, in units of the body text.
OWNER, TITLE, LINE, CALL, SPOKEN, HOST = 1.0, 1.45, 1.05, 1.15, 1.9, 1.0
# Free space around the rule between what it is and what to do.
RULE = 0.6


class LabelError(ValueError):
    """The label cannot be printed on this stock; the text says why and what would help."""


class LabelLayout(NamedTuple):
    """Points from the lower left corner of the label.

    ``module`` is the side of one module and ``symbol_*`` the upper left corner of the symbol
    without its quiet zone.  ``unit`` is the size of the body text; ``rule`` is the height of
    the line between what the thing is, above, and what to do, below.
    """

    module: float
    symbol_left: float
    symbol_top: float
    code_size: float
    text_left: float
    text_right: float
    text_top: float
    rule: float
    unit: float


def lay_out(stock: LabelStock, modules: int) -> LabelLayout:
    """Lay out a label whose symbol has so many modules a side.

    :raises LabelError: when the modules or the text would be too small to be read
    """
    code_size = min(max(stock.label_height * CODE_SCALE, SMALLEST_CODE), LARGEST_CODE)
    module = _module(stock, modules, CODE_LINES * LEADING * code_size / mm)
    if module < SMALLEST_MODULE:
        raise LabelError(
            f"A QR symbol of {modules} modules on {stock.name} would have modules of "
            f"{module:.2f} mm; {SMALLEST_MODULE} mm is the least. Take larger labels or a "
            "shorter web address."
        )
    quiet = QUIET_ZONE * module
    left = max(stock.inset_x, quiet)
    free = stock.label_height - _occupied(stock, modules, module, code_size)
    top = stock.label_height - max(stock.inset_y, quiet) - free / 2
    unit = _body_text(stock)
    return LabelLayout(
        module=module * mm,
        symbol_left=left * mm,
        symbol_top=top * mm,
        code_size=code_size,
        text_left=(left + modules * module + quiet) * mm,
        text_right=(stock.label_width - stock.inset_x) * mm,
        text_top=(stock.label_height - stock.inset_y) * mm,
        rule=stock.inset_y * mm + unit * (LEADING * (CALL + SPOKEN + HOST) + RULE / 2),
        unit=unit,
    )


def _module(stock: LabelStock, modules: int, code_height: float) -> float:
    """The side of a module in millimetres: a whole number of printer dots."""

    def largest(room: float, inset: float) -> float:
        # The quiet zone on the outer side may lie in the inset, which is blank anyway.
        return min(room / (modules + 2 * QUIET_ZONE), (room - inset) / (modules + QUIET_ZONE))

    width = stock.label_width - stock.inset_x
    by_height = largest(stock.label_height - stock.inset_y - code_height, stock.inset_y)
    by_width = largest(width - TEXT_SHARE * stock.label_width, stock.inset_x)
    at_worst = largest(width - NARROWEST_TEXT, stock.inset_x)
    module = min(by_height, max(by_width, min(at_worst, GOOD_MODULE)))
    return math.floor(module / stock.printer_dot) * stock.printer_dot


def _occupied(stock: LabelStock, modules: int, module: float, code_size: float) -> float:
    quiet = QUIET_ZONE * module
    code_height = CODE_LINES * LEADING * code_size / mm
    return max(stock.inset_y, quiet) + modules * module + quiet + code_height + stock.inset_y


def _body_text(stock: LabelStock) -> float:
    """The unit of the text sizes: with two lines for owner and title where legible."""
    height = (stock.label_height - 2 * stock.inset_y) * mm
    unit = 0.0
    for lines in (2, 1):
        sizes = lines * (OWNER + TITLE) + 2 * LINE + CALL + SPOKEN + HOST
        unit = height / (sizes * LEADING + RULE)
        if unit >= SMALLEST_TEXT:
            return min(unit, LARGEST_UNIT)
    raise LabelError(
        f"{stock.name} is {stock.label_height:g} mm high: its text would be {unit:.1f} points, "
        f"{SMALLEST_TEXT:g} is the least. Take higher labels."
    )
