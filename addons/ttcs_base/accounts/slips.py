"""Activation slips as PDF: eight on an A4 sheet, to be cut and handed over."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ..documents.fonts import FontFiles, Typeface, typeface, wrap_text

COLUMNS, ROWS = 2, 4
_MARGIN = 8 * mm
_QR_SIZE = 27 * mm
_LINE = 4.6 * mm


@dataclass(frozen=True)
class Slip:
    """What one person needs to open an account."""

    name: str
    position: str
    login: str
    code: str
    expires: str


@dataclass(frozen=True)
class SlipWords:
    """The fixed texts of a slip in the reader's language, and the address they lead to."""

    title: str
    address: str
    step: str
    login: str
    code: str
    expires: str
    warning: str


def render_slips(slips: Sequence[Slip], words: SlipWords, fonts: FontFiles) -> bytes:
    """Print slips in the order given; the last sheet may be partly blank."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, pageCompression=1)
    canvas.setTitle(words.title)
    face = typeface(fonts)
    per_page = COLUMNS * ROWS
    for number, slip in enumerate(slips):
        if number and number % per_page == 0:
            canvas.showPage()
        if number % per_page == 0:
            _draw_cuts(canvas)
        _draw(canvas, face, slip, words, number % per_page)
    canvas.save()
    return stream.getvalue()


def _draw_cuts(canvas: Canvas) -> None:
    width, height = A4
    canvas.saveState()
    canvas.setDash(2, 3)
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0.6)
    for column in range(1, COLUMNS):
        canvas.line(width * column / COLUMNS, 0, width * column / COLUMNS, height)
    for row in range(1, ROWS):
        canvas.line(0, height * row / ROWS, width, height * row / ROWS)
    canvas.restoreState()


def _draw(canvas: Canvas, face: Typeface, slip: Slip, words: SlipWords, place: int) -> None:
    width, height = A4[0] / COLUMNS, A4[1] / ROWS
    left = (place % COLUMNS) * width + _MARGIN
    top = A4[1] - (place // COLUMNS) * height - _MARGIN
    room = width - 2 * _MARGIN
    beside_symbol = room - _QR_SIZE - 2 * mm
    y = _text(canvas, face, left, top - 3 * mm, words.title, 11, room)
    y = _text(canvas, face, left, y - 0.5 * mm, slip.name, 13, room, bold=True)
    if slip.position:
        y = _text(canvas, face, left, y, slip.position, 10, room)
    y -= 1 * mm
    symbol_top = y + 3 * mm
    y = _text(canvas, face, left, y, words.step, 10, beside_symbol)
    y = _text(canvas, face, left, y, words.address, 10, beside_symbol, bold=True)
    y = _text(canvas, face, left, y - 1 * mm, f"{words.login} {slip.login}", 11, beside_symbol)
    y = _text(canvas, face, left, y, words.code, 11, beside_symbol)
    y = _text(canvas, face, left, y - 2.5 * mm, slip.code, 19, beside_symbol, bold=True)
    y = _text(canvas, face, left, y, f"{words.expires} {slip.expires}", 10, room)
    _text(canvas, face, left, y, words.warning, 9, room)
    _draw_symbol(canvas, words.address, left + room - _QR_SIZE, symbol_top - _QR_SIZE)


def _text(
    canvas: Canvas,
    face: Typeface,
    left: float,
    y: float,
    text: str,
    size: float,
    room: float,
    *,
    bold: bool = False,
) -> float:
    """Write a text from ``y`` down; gives where the next one begins."""
    canvas.setFont(face.bold if bold else face.regular, size)
    lines = wrap_text(face.printable(text), room, lambda part: face.width(part, size, bold))
    for line in lines.split("\n"):
        canvas.drawString(left, y, line)
        y -= max(size * 1.2, _LINE)
    return y


def _draw_symbol(canvas: Canvas, address: str, left: float, bottom: float) -> None:
    drawing = Drawing(_QR_SIZE, _QR_SIZE)
    drawing.add(QrCodeWidget(address, barLevel="M", barWidth=_QR_SIZE, barHeight=_QR_SIZE))
    renderPDF.draw(drawing, canvas, left, bottom)
