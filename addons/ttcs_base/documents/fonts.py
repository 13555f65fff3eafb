"""Fonts of the PDF: registered once in a process, with the widths that lay text out.

The law asks for Times New Roman; Tinos has the same metrics, every Vietnamese letter and a
free licence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

MISSING_GLYPH = "□"
Width = Callable[[str], float]


@dataclass(frozen=True)
class FontFiles:
    """The four TrueType files of one family."""

    regular: Path
    bold: Path
    italic: Path
    bold_italic: Path

    @classmethod
    def in_folder(cls, folder: str | Path) -> FontFiles:
        """The Tinos files of a folder.

        :raises FileNotFoundError: naming the files that are missing
        """
        names = ("Regular", "Bold", "Italic", "BoldItalic")
        paths = [Path(folder) / f"Tinos-{name}.ttf" for name in names]
        missing = [path.name for path in paths if not path.is_file()]
        if missing:
            raise FileNotFoundError(f"{folder} lacks the fonts {', '.join(missing)}")
        return cls(*paths)


class _Glyphs(dict[int, int]):
    """Maps characters that the font cannot draw to a visible box; filled as they are met."""

    def __init__(self, font: TTFont) -> None:
        super().__init__({ord("\t"): ord(" "), ord("\n"): ord("\n")})
        self.known = font.face.charToGlyph

    def __missing__(self, code: int) -> int:
        self[code] = code if code in self.known else ord(MISSING_GLYPH)
        return self[code]


class Typeface:
    """The registered names of the four fonts."""

    def __init__(self, files: FontFiles) -> None:
        self.regular = self._register(files.regular)
        self.bold = self._register(files.bold)
        self.italic = self._register(files.italic)
        self.bold_italic = self._register(files.bold_italic)
        self._glyphs = _Glyphs(pdfmetrics.getFont(self.regular))

    @staticmethod
    def _register(path: Path) -> str:
        name = str(path)
        pdfmetrics.registerFont(TTFont(name, name))
        return name

    def printable(self, text: str) -> str:
        """The text with every character that the fonts lack shown as a box."""
        return text.translate(self._glyphs)

    def width(self, text: str, size: float, bold: bool) -> float:
        """Width in points."""
        font = self.bold if bold else self.regular
        return pdfmetrics.stringWidth(text, font, size)


# Parsing the four files takes twice as long as rendering a short document.
typeface = cache(Typeface)


def times_width(text: str, size: float, bold: bool) -> float:
    """Width in points in Times New Roman, whose accented letters are as wide as bare ones.

    >>> times_width("Đồng", 10, False) == times_width("Dong", 10, False)
    True
    """
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    known = "".join(character for character in bare if not unicodedata.combining(character))
    known = known.encode("latin-1", "replace").decode("latin-1")
    return pdfmetrics.stringWidth(known, "Times-Bold" if bold else "Times-Roman", size)


def wrap_text(text: str, room: float, width: Width) -> str:
    """Break a text into lines no wider than ``room``, inside a word when it must be.

    >>> wrap_text("một hai bốn", 7, len)
    'một hai\\nbốn'
    >>> wrap_text("abcdefgh", 3, len)
    'abc\\ndef\\ngh'
    """
    if "\n" not in text and width(text) <= room:
        return text
    lines = (line for paragraph in text.split("\n") for line in _lines(paragraph, room, width))
    return "\n".join(lines)


def balance_text(text: str, room: float, width: Width) -> str:
    """Break a centred text into as few lines as fit, about equally long.

    >>> balance_text("ỦY BAN NHÂN DÂN TỈNH ĐỒNG THÁP", 27, len)
    'ỦY BAN NHÂN DÂN\\nTỈNH ĐỒNG THÁP'
    """
    fewest = wrap_text(text, room, width).count("\n")
    narrow, wide = 0.0, room
    for _ in range(8 if fewest else 0):
        middle = (narrow + wide) / 2
        if wrap_text(text, middle, width).count("\n") == fewest:
            wide = middle
        else:
            narrow = middle
    return wrap_text(text, wide, width)


def _lines(text: str, room: float, width: Width) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer) <= room:
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, room, width)
        yield from full
    yield line


def _pieces(word: str, room: float, width: Width) -> list[str]:
    """Cut a word wherever the next character would not fit."""
    if width(word) <= room:
        return [word]
    pieces, piece, used = [], "", 0.0
    for character in word:
        wide = width(character)
        if piece and used + wide > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece += character
        used += wide
    return [*pieces, piece]
