"""Tag labels as a vector PDF, sheet by sheet.

On the left the QR symbol with the code in clear under it; on the right whose it is, what it
is, what to do ("Quét mã để báo hỏng"), the code to say on the telephone and the web site, so
that another's code pasted over ours shows.

Pages are compressed as they are filled: memory hardly grows with the number of labels.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from typing import BinaryIO, NamedTuple, Protocol

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from . import layout as sizes
from .calibration import calibration_page
from .layout import LabelLayout, lay_out
from .qr import encode_qr
from .stock import LabelStock
from .typesetting import ASCENT, DESCENT, LEADING, Typeface, fit_line, fit_lines, tidy

RULE_WIDTH = 0.4
# Digits and capitals without marks reach this share of the size.
DIGIT_HEIGHT = 0.7
# So that a height of exactly two lines counts as two in floating point.
ROUNDING = 0.01
# Texts that come back on many labels (owner, web site) are measured once.
KEPT_TEXTS = 512


@dataclass(frozen=True)
class Label:
    """What one label says.  Empty texts leave their place blank.

    ``url`` is what the QR symbol holds, best in capitals.  ``code_text`` and ``spoken_code``
    are printed as they are given: grouped.
    """

    url: str
    host_text: str
    code_text: str
    spoken_code: str
    title: str
    line_1: str
    line_2: str
    owner: str


class Fonts(Protocol):
    """Paths of two TrueType files with all Vietnamese letters."""

    regular: str | PathLike[str]
    bold: str | PathLike[str]


@dataclass(frozen=True)
class Wording:
    """The fixed texts.  Citizens read them, so they do not follow the user's language."""

    call_to_action: str = "Quét mã để báo hỏng"
    spoken_code: str = "Mã gọi:"
    test_title: str = "Trang in thử"
    test_advice: str = (
        "Chọn in đúng kích thước thật (100 %). Đặt thước kẻ lên trang: phải khớp từng "
        "milimét. Khung liền phải trùng mép nhãn; khung chấm phải in đủ bốn cạnh."
    )


class PrintRun(NamedTuple):
    """What was written: the number of labels and of pages, the test page included."""

    labels: int
    pages: int


def render_labels(
    labels: Iterable[Label],
    stock: LabelStock,
    output: BinaryIO,
    *,
    fonts: Fonts,
    start_offset: int = 0,
    test_page: bool = False,
    wording: Wording | None = None,
) -> PrintRun:
    """Write the labels to a binary file as PDF, row by row.

    :param start_offset: labels already used on the first sheet
    :param test_page: put a page with rulers and the cut edges first
    :raises LabelError: when a label does not fit on the stock; then nothing is written
    :raises ValueError: when the offset is no place on a page or there is nothing to print
    """
    if not 0 <= start_offset < stock.per_page:
        raise ValueError(
            f"A start offset of {start_offset} is not on the page: {stock.name} has "
            f"{stock.per_page} labels a page, so 0 to {stock.per_page - 1} may be used up."
        )
    document = _LabelDocument(stock, output, fonts, wording or Wording())
    if test_page:
        document.add_test_page()
    count = 0
    for count, label in enumerate(labels, start=1):
        document.add(label, start_offset + count - 1)
    if not count and not test_page:
        raise ValueError("There are no labels to print.")
    return PrintRun(count, document.finish())


class _LabelDocument:
    """A PDF in the making: the operators of the page that is being filled, and the fonts."""

    def __init__(
        self, stock: LabelStock, output: BinaryIO, fonts: Fonts, wording: Wording
    ) -> None:
        self._stock = stock
        self._wording = wording
        self._canvas = Canvas(output, pagesize=(stock.page_width * mm, stock.page_height * mm))
        self._canvas.setTitle(stock.name)
        # Else viewers shrink the page to their own margins and labels leave their places.
        self._canvas.setViewerPreference("PrintScaling", "None")
        self._regular = Typeface("TagRegular", fonts.regular, self._canvas._doc)
        self._bold = Typeface("TagBold", fonts.bold, self._canvas._doc)
        self._operators: list[str] = []
        self._pages = 0
        self._layouts: dict[int, LabelLayout] = {}
        self._set_line = lru_cache(KEPT_TEXTS)(fit_line)
        self._set_lines = lru_cache(KEPT_TEXTS)(fit_lines)

    def add_test_page(self) -> None:
        title, advice = tidy(self._wording.test_title), tidy(self._wording.test_advice)
        self._operators += calibration_page(self._stock, self._regular, title, advice)
        self._end_page()

    def add(self, label: Label, index: int) -> None:
        """Draw a label at its place; ``index`` runs on from page to page."""
        place = index % self._stock.per_page
        if place == 0 and self._operators:
            self._end_page()
        left, top = self._stock.position(place)
        bottom = self._stock.page_height - top - self._stock.label_height
        matrix = encode_qr(label.url)
        if matrix.size not in self._layouts:
            self._layouts[matrix.size] = lay_out(self._stock, matrix.size)
        layout = self._layouts[matrix.size]
        side = f"{layout.module:.4f}"
        corner = f"{layout.symbol_left:.3f} {layout.symbol_top:.3f}"
        self._operators += (
            f"q 1 0 0 1 {left * mm:.3f} {bottom * mm:.3f} cm",
            f"q {side} 0 0 -{side} {corner} cm {matrix.path()} f Q",
            *self._code(label, layout, matrix.size),
            *self._description(label, layout),
            *self._what_to_do(label, layout),
            "Q",
        )

    def finish(self) -> int:
        """Write the file and give its number of pages."""
        if self._operators:
            self._end_page()
        self._canvas.save()
        return self._pages

    def _end_page(self) -> None:
        self._canvas.showPage()
        # reportlab would keep the page as text until the end, then also write it in base 85.
        page = self._canvas._doc.Pages.pages[-1]
        operators = "\n".join(self._operators).encode("ascii")
        compressed = PDFDictionary({"Filter": PDFName("FlateDecode")})
        page.Contents = PDFStream(compressed, zlib.compress(operators))
        page.stream = None
        self._operators.clear()
        self._pages += 1

    def _code(self, label: Label, layout: LabelLayout, modules: int) -> Iterator[str]:
        """The code in clear, half its groups in a line, centred under the quiet zone."""
        side, quiet = modules * layout.module, sizes.QUIET_ZONE * layout.module
        groups = tidy(label.code_text).split(" ")
        half = (len(groups) + 1) // 2
        y = layout.symbol_top - side - quiet - DIGIT_HEIGHT * layout.code_size
        for line in filter(None, (" ".join(groups[:half]), " ".join(groups[half:]))):
            fitted = fit_line(self._regular, line, side + quiet, layout.code_size)
            width = self._regular.width(fitted.lines[0]) * fitted.size
            x = layout.symbol_left + (side - width) / 2
            yield self._regular.write(fitted.lines[0], fitted.size, x, y)
            y -= LEADING * layout.code_size

    def _description(self, label: Label, layout: LabelLayout) -> Iterator[str]:
        """Whose it is and what it is, from the top of the column.

        The layout has room for every text; what some do not use, later ones may.
        """
        width = layout.text_right - layout.text_left
        spare = 0.0
        y = layout.text_top
        for text, face, scale, most in (
            (label.owner, self._regular, sizes.OWNER, layout.most_lines),
            (label.title, self._bold, sizes.TITLE, layout.most_lines),
            (label.line_1, self._regular, sizes.LINE, 1),
            (label.line_2, self._regular, sizes.LINE, 1),
        ):
            text = tidy(text)
            leading = LEADING * scale * layout.unit
            spare += leading * most
            if not text:
                continue
            lines_left = int(spare / leading + ROUNDING)
            fitted = self._set_lines(face, text, width, scale * layout.unit, lines_left)
            for line in fitted.lines:
                baseline = y - ASCENT * fitted.size
                yield face.write(line, fitted.size, layout.text_left, baseline)
                y -= LEADING * fitted.size
                spare -= LEADING * fitted.size

    def _what_to_do(self, label: Label, layout: LabelLayout) -> Iterator[str]:
        """The call to action, the spoken code and the web site, from the bottom upward."""
        left, width = layout.text_left, layout.text_right - layout.text_left
        y = layout.text_bottom
        for text, face, scale in (
            (label.host_text, self._regular, sizes.HOST),
            (label.spoken_code, self._bold, sizes.SPOKEN),
            (self._wording.call_to_action, self._bold, sizes.CALL),
        ):
            text = tidy(text)
            if not text:
                continue
            baseline = y + DESCENT * scale * layout.unit
            if scale == sizes.SPOKEN:
                yield from self._spoken(text, layout, baseline)
            else:
                fitted = self._set_line(face, text, width, scale * layout.unit)
                yield face.write(fitted.lines[0], fitted.size, left, baseline)
            y += LEADING * scale * layout.unit
        y += sizes.RULE / 2 * layout.unit
        yield f"{RULE_WIDTH} w {left:.2f} {y:.2f} m {layout.text_right:.2f} {y:.2f} l S"

    def _spoken(self, code: str, layout: LabelLayout, y: float) -> Iterator[str]:
        """The spoken code in large digits behind its name; both shrink alike."""
        name = tidy(self._wording.spoken_code) + " "
        name_width = self._regular.width(name) * sizes.CALL
        natural = (name_width + self._bold.width(code) * sizes.SPOKEN) * layout.unit
        shrink = min(1.0, (layout.text_right - layout.text_left) / natural)
        unit = layout.unit * shrink
        yield self._regular.write(name, sizes.CALL * unit, layout.text_left, y)
        x = layout.text_left + name_width * unit
        yield self._bold.write(code, sizes.SPOKEN * unit, x, y)
