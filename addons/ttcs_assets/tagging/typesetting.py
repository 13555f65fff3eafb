"""Setting short texts in a narrow column: measure, shrink, wrap, shorten, write.

Texts are Vietnamese, so letters may carry two marks; they are composed (NFC) first because
reportlab draws one glyph for each code point.  Sizes and widths are points.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from os import PathLike
from typing import NamedTuple

from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

ELLIPSIS = "…"
# Capitals with two marks (Ế, Ộ) rise to 0.95 of the size and descenders fall by 0.22.
ASCENT = 0.95
LEADING = 1.18
SMALLEST_TEXT = 5.0
# A block grows to the first scale and shrinks to the last before its texts are shortened.
LARGER = (1.2, 1.1)
SMALLER = (1.0, 0.93, 0.87, 0.81, 0.75)
# One line a little smaller reads better than two.
ONE_LINE_SHRINK = 0.88
# A text shrunk to exactly its width must not be shortened for an error of floating point.
ROUNDING = 1e-6


class Text(NamedTuple):
    """A text of one paragraph in the size that it should have."""

    face: Typeface
    words: str
    size: float


class SetText(NamedTuple):
    """A text broken into lines that fit the width they were set for."""

    face: Typeface
    size: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return LEADING * self.size * len(self.lines)

    def write(self, x: float, top: float) -> Iterator[str]:
        """The PDF operators that show the lines, the first one just below ``top``."""
        baseline = top - ASCENT * self.size
        for line in self.lines:
            yield self.face.write(line, self.size, x, baseline)
            baseline -= LEADING * self.size


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


def fit_line(text: Text, width: float) -> SetText:
    """Set a text in one line: as it is, else smaller, else smallest and shortened."""
    face, words, size = text
    natural = face.width(words)
    if natural * size > width:
        size = max(SMALLEST_TEXT, width / natural)
        words = _shortened(face, words, width / size)
    return SetText(face, size, (words,))


def fit_block(texts: Sequence[Text], width: float, height: float) -> list[SetText]:
    """Set texts one below the other in a box, all as large as the box allows.

    They grow while no text needs another line for it, and shrink while they do not fit.
    When they are still too long at the smallest size, the first texts are given the lines
    they need while there is room, and each ends with an ellipsis where its lines end.
    """
    paragraphs = [_Paragraph(text) for text in texts]
    for scale in SMALLER:
        block = _set(paragraphs, scale, width)
        if block and _height(block) <= height:
            return _grown(paragraphs, block, width, height) if scale == 1.0 else block
    return _cut_to(paragraphs, width, height)


def _grown(
    paragraphs: list[_Paragraph], block: list[SetText], width: float, height: float
) -> list[SetText]:
    for scale in LARGER:
        larger = _set(paragraphs, scale, width)
        if [len(text.lines) for text in larger] == [len(text.lines) for text in block]:
            if _height(larger) <= height:
                return larger
    return block


def _set(paragraphs: list[_Paragraph], scale: float, width: float) -> list[SetText]:
    """The texts at a scale; an empty list when a word is wider than the box."""
    block = [paragraph.set(scale, width) for paragraph in paragraphs]
    return block if all(text.lines for text in block) else []


def _height(block: list[SetText]) -> float:
    return sum(text.height for text in block)


def _cut_to(paragraphs: list[_Paragraph], width: float, height: float) -> list[SetText]:
    texts = [paragraph.text for paragraph in paragraphs]
    sizes = [max(SMALLEST_TEXT, text.size * SMALLER[-1]) for text in texts]
    room = height - LEADING * sum(sizes)
    block = []
    for text, size in zip(texts, sizes, strict=True):
        extra = max(0, int(room / (LEADING * size)))
        lines = _cut(text.face, text.words, width / size, 1 + extra)
        room -= LEADING * size * (len(lines) - 1)
        block.append(SetText(text.face, size, lines))
    return block


class _Paragraph:
    """A text with its words measured, to be broken into lines at several sizes."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self._words = [(word, text.face.width(word)) for word in text.words.split(" ")]
        self._space = text.face.width(" ")
        self._width = text.face.width(text.words)

    def set(self, scale: float, width: float) -> SetText:
        """The text at a scale, in one line if that is nearly enough; no lines if it cannot."""
        face, words, size = self.text
        size = max(SMALLEST_TEXT, size * scale)
        smaller = width / max(self._width, 0.001)
        if smaller >= max(SMALLEST_TEXT, size * ONE_LINE_SHRINK):
            return SetText(face, min(size, smaller), (words,))
        return SetText(face, size, self._lines(width / size))

    def _lines(self, width: float) -> tuple[str, ...]:
        lines: list[str] = []
        used = width
        for word, word_width in self._words:
            if word_width > width:
                return ()
            if used + self._space + word_width <= width:
                lines[-1] += f" {word}"
                used += self._space + word_width
            else:
                lines.append(word)
                used = word_width
        return tuple(lines)


def _cut(face: Typeface, text: str, width: float, most: int) -> tuple[str, ...]:
    """Fill up to ``most`` lines as far as the text goes and shorten the last one."""
    lines: list[str] = []
    while len(lines) < most - 1 and face.width(text) > width:
        length = _fitting(face, text, width)
        broken = text.rfind(" ", 0, length + 1)
        length = broken if broken > 0 else length
        lines.append(text[:length].rstrip())
        text = text[length:].lstrip()
    return (*lines, _shortened(face, text, width))


def _shortened(face: Typeface, text: str, width: float) -> str:
    if face.width(text) <= width * (1 + ROUNDING):
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
