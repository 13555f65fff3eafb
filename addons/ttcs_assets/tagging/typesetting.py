"""Setting short texts in a narrow column: measure, shrink, wrap, shorten, write.

Texts are Vietnamese, so letters may carry two marks; they are composed (NFC) first because
reportlab draws one glyph for each code point.  Sizes and widths are points.
"""

from __future__ import annotations

import unicodedata
from os import PathLike
from typing import NamedTuple

from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

ELLIPSIS = "…"
# Capitals with two marks (Ế, Ộ) rise to 0.95 of the size and descenders fall by 0.22.
LEADING = 1.18
ASCENT, DESCENT = 0.95, 0.22
SMALLEST_TEXT = 5.0
# One line a little smaller reads better than two; two lines shrink no further than this
# share of their size before the text is shortened.
ONE_LINE_SHRINK = 0.88
SHRINK_LIMIT = 0.75
SHRINK_STEP = 0.95


class SetText(NamedTuple):
    """Lines of one size that fit the width they were set for."""

    size: float
    lines: tuple[str, ...]


class Typeface:
    """One TrueType file as used in one document, which embeds the letters that occur.

    :param name: tells the faces of a document apart
    :raises reportlab.pdfbase.ttfonts.TTFError: when the file is no TrueType font
    """

    def __init__(self, name: str, path: str | PathLike[str], document: PDFDocument) -> None:
        # Read anew for each document: reportlab forbids one font in two at the same time.
        self._font = TTFont(name, str(path))
        self._document = document
        self._advances: dict[str, float] = {}
        self._glyphs: dict[str, tuple[str, str]] = {}

    def width(self, text: str) -> float:
        """Width of the text at a size of one point."""
        advances = self._advances
        try:
            return sum([advances[letter] for letter in text])
        except KeyError:
            for letter in set(text):
                advances[letter] = self._font.stringWidth(letter, 1)
            return self.width(text)

    def write(self, text: str, size: float, x: float, y: float) -> str:
        """The PDF operators that show a text with its baseline beginning at ``(x, y)``."""
        shown = []
        subset, letters = "", ""
        for letter in text:
            part, glyph = self._glyphs.get(letter) or self._assign(letter)
            if part != subset:
                if letters:
                    shown.append(f"{subset} {size:.2f} Tf ({letters}) Tj")
                subset, letters = part, ""
            letters += glyph
        shown.append(f"{subset} {size:.2f} Tf ({letters}) Tj")
        return f"BT {x:.2f} {y:.2f} Td {' '.join(shown)} ET"

    def _assign(self, letter: str) -> tuple[str, str]:
        """Give the letter a place in the embedded subset: its font name and escaped byte."""
        [(subset, code)] = self._font.splitString(letter, self._document)
        name = self._font.getSubsetInternalName(subset, self._document)
        self._glyphs[letter] = name, "".join(map(_escaped, code))
        return self._glyphs[letter]


def _escaped(byte: int) -> str:
    """A byte inside a PDF string (ISO 32000-1, 7.3.4.2)."""
    plain = 32 <= byte < 127 and chr(byte) not in "()\\"
    return chr(byte) if plain else f"\\{byte:03o}"


def tidy(text: str) -> str:
    """Compose letters with their marks and reduce all white space to single spaces.

    >>> tidy("Loa\\n a\\u0302\\u0301p ")
    'Loa ấp'
    """
    return unicodedata.normalize("NFC", " ".join(text.split()))


def fit_line(face: Typeface, text: str, width: float, size: float) -> SetText:
    """Set a text in one line: as it is, else smaller, else smallest and shortened."""
    natural = face.width(text)
    if natural * size <= width:
        return SetText(size, (text,))
    smaller = width / natural
    if smaller >= SMALLEST_TEXT:
        return SetText(smaller, (text,))
    return SetText(SMALLEST_TEXT, (_shortened(face, text, width / SMALLEST_TEXT),))


def fit_lines(face: Typeface, text: str, width: float, size: float, most: int) -> SetText:
    """Set a text in at most ``most`` lines, broken between words where that is possible."""
    if most == 1 or face.width(text) * size * ONE_LINE_SHRINK <= width:
        return fit_line(face, text, width, size)
    smallest = max(SMALLEST_TEXT, size * SHRINK_LIMIT)
    while True:
        lines = _wrapped(face, text, width / size, most)
        if lines or size <= smallest:
            break
        size = max(smallest, size * SHRINK_STEP)
    return SetText(size, lines or _cut(face, text, width / size, most))


def _wrapped(face: Typeface, text: str, width: float, most: int) -> tuple[str, ...]:
    """Lines broken between words; none when they are more than ``most`` or too wide."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.width(longer) <= width:
            lines[-1] = longer
        elif len(lines) == most or face.width(word) > width:
            return ()
        else:
            lines.append(word)
    return tuple(lines)


def _cut(face: Typeface, text: str, width: float, most: int) -> tuple[str, ...]:
    """Fill the lines as far as the text goes and shorten the last one."""
    lines = []
    for _ in range(most - 1):
        length = _fitting(face, text, width)
        broken = text.rfind(" ", 0, length + 1)
        length = broken if broken > 0 else length
        lines.append(text[:length].rstrip())
        text = text[length:].lstrip()
    return (*lines, _shortened(face, text, width))


def _shortened(face: Typeface, text: str, width: float) -> str:
    if face.width(text) <= width:
        return text
    return text[: _fitting(face, text, width - face.width(ELLIPSIS))].rstrip() + ELLIPSIS


def _fitting(face: Typeface, text: str, width: float) -> int:
    """How many letters fit in the width, at least one."""
    used = 0.0
    for index, letter in enumerate(text):
        used += face.width(letter)
        if used > width:
            return max(1, index)
    return len(text)
