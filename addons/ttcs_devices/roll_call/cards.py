"""Cards with a QR code for those who listen, four on a sheet of A4, to be cut and hung up.

Lengths are points.  The reader is somebody of any age before a sheet on a wall, so the letters
are large and the steps are three.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.ttcs_assets.tagging.qr import QUIET_ZONE, encode_qr
from odoo.addons.ttcs_base.documents.fonts import FontFiles, typeface, wrap_text

COLUMNS, ROWS = 2, 2
MARGIN = 22.0
SYMBOL = 128.0
LEADING = 1.3
TITLE, PLACE, STEP, ADDRESS = 19.0, 14.0, 12.5, 9.5


@dataclass(frozen=True)
class ListenerCard:
    """What one card says; ``steps`` are numbered, ``address`` is also in the QR code."""

    title: str
    place: str
    steps: tuple[str, ...]
    address: str
    owner: str


def render_cards(cards: Iterable[ListenerCard], output: BinaryIO, fonts: FontFiles) -> int:
    """Write the cards to a binary file as PDF; gives how many there were."""
    canvas = Canvas(output, pagesize=A4)
    width, height = A4[0] / COLUMNS, A4[1] / ROWS
    count = 0
    for count, card in enumerate(cards, 1):
        place = (count - 1) % (COLUMNS * ROWS)
        if count > 1 and place == 0:
            canvas.showPage()
        column, row = place % COLUMNS, place // COLUMNS
        canvas.saveState()
        canvas.translate(column * width, A4[1] - (row + 1) * height)
        _draw(canvas, card, width, height, fonts)
        canvas.restoreState()
    canvas.save()
    return count


def _draw(
    canvas: Canvas, card: ListenerCard, width: float, height: float, fonts: FontFiles
) -> None:
    face = typeface(fonts)
    canvas.setDash(2, 3)
    canvas.setLineWidth(0.4)
    canvas.rect(0, 0, width, height)
    canvas.setDash()
    top = height - MARGIN
    for text, size, bold in (
        (card.owner.upper(), ADDRESS, False),
        (card.title.upper(), TITLE, True),
        (card.place, PLACE, True),
    ):
        top = _write(canvas, face, text, size, bold, top, width)
    top -= 6
    _draw_symbol(canvas, card.address, (width - SYMBOL) / 2, top - SYMBOL)
    top -= SYMBOL + 8
    for number, step in enumerate(card.steps, 1):
        top = _write(canvas, face, f"{number}. {step}", STEP, False, top, width, centred=False)
    _write(canvas, face, card.address, ADDRESS, False, MARGIN + 2 * ADDRESS * LEADING, width)


def _write(canvas, face, text, size, bold, top, width, *, centred=True) -> float:
    """Write a text below ``top``, broken into lines; gives where the next one begins."""
    name = face.bold if bold else face.regular
    room = width - 2 * MARGIN
    canvas.setFont(name, size)
    text = face.printable(text)
    for line in wrap_text(text, room, lambda part: face.width(part, size, bold)).split("\n"):
        top -= size * LEADING
        if centred:
            canvas.drawCentredString(width / 2, top, line)
        else:
            canvas.drawString(MARGIN, top, line)
    return top


def _draw_symbol(canvas: Canvas, text: str, left: float, bottom: float) -> None:
    matrix = encode_qr(text)
    module = SYMBOL / (matrix.size + 2 * QUIET_ZONE)
    for row in range(matrix.size):
        for column in range(matrix.size):
            if matrix.is_dark(row, column):
                x = left + (column + QUIET_ZONE) * module
                y = bottom + (matrix.size - 1 - row + QUIET_ZONE) * module
                canvas.rect(x, y, module, module, stroke=0, fill=1)
