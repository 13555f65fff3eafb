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
from .typesetting import ASCENT, LEADING, Text, Typeface, fit_block, fit_line, tidy

RULE_WIDTH = 0.4
# Digits and capitals without marks leave this share of the size free under the ascent.
MARKS_HEIGHT = 0.25
# The web site and the call to action come back on every label: they are set once.
KEPT_TEXTS = 16


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
        self._fit_line = lru_cache(KEPT_TEXTS)(fit_line)

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
        top = layout.symbol_top - side - quiet + MARKS_HEIGHT * layout.code_size
        for line in filter(None, (" ".join(groups[:half]), " ".join(groups[half:]))):
            fitted = fit_line(Text(self._regular, line, layout.code_size), side + quiet)
            width = self._regular.width(fitted.lines[0]) * fitted.size
            yield from fitted.write(layout.symbol_left + (side - width) / 2, top)
            top -= LEADING * layout.code_size

    def _description(self, label: Label, layout: LabelLayout) -> Iterator[str]:
        """Whose it is and what it is, from the top of the column to the rule."""
        texts = [
            Text(face, tidy(text), scale * layout.unit)
            for text, face, scale in (
                (label.owner, self._regular, sizes.OWNER),
                (label.title, self._bold, sizes.TITLE),
                (label.line_1, self._regular, sizes.LINE),
                (label.line_2, self._regular, sizes.LINE),
            )
        ]
        top = layout.text_top
        width = layout.text_right - layout.text_left
        height = top - layout.rule - sizes.RULE / 2 * layout.unit
        for text in fit_block([text for text in texts if text.words], width, height):
            yield from text.write(layout.text_left, top)
            top -= text.height

    def _what_to_do(self, label: Label, layout: LabelLayout) -> Iterator[str]:
        """Below the rule: the call to action, the spoken code and the web site."""
        left, right, unit = layout.text_left, layout.text_right, layout.unit
        yield f"{RULE_WIDTH} w {left:.2f} {layout.rule:.2f} m {right:.2f} {layout.rule:.2f} l S"
        top = layout.rule - sizes.RULE / 2 * unit
        call = Text(self._bold, tidy(self._wording.call_to_action), sizes.CALL * unit)
        yield from self._fit_line(call, right - left).write(left, top)
        top -= LEADING * sizes.CALL * unit
        if label.spoken_code:
            yield from self._spoken(tidy(label.spoken_code), layout, top)
        top -= LEADING * sizes.SPOKEN * unit
        if label.host_text:
            host = Text(self._regular, tidy(label.host_text), sizes.HOST * unit)
            yield from self._fit_line(host, right - left).write(left, top)

    def _spoken(self, code: str, layout: LabelLayout, top: float) -> Iterator[str]:
        """The spoken code in large digits behind its name; both shrink alike."""
        name = tidy(self._wording.spoken_code) + " "
        name_width = self._regular.width(name) * sizes.CALL
        natural = (name_width + self._bold.width(code) * sizes.SPOKEN) * layout.unit
        unit = layout.unit * min(1.0, (layout.text_right - layout.text_left) / natural)
        baseline = top - ASCENT * sizes.SPOKEN * layout.unit
        yield self._regular.write(name, sizes.CALL * unit, layout.text_left, baseline)
        x = layout.text_left + name_width * unit
        yield self._bold.write(code, sizes.SPOKEN * unit, x, baseline)
