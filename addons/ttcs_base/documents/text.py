"""Text as documents may hold it, and the base of every part of a description."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from typing import Any


class DocumentError(ValueError):
    """A description that cannot become a document; says which part and what to change."""


class _Cleaning(dict[int, int | None]):
    """A translation table for characters that no form may hold; filled as they are met."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        invisible = unicodedata.category(character) in {"Cc", "Cf", "Cs"}
        dropped = (invisible and character not in "\n\t") or code & 0xFFFE == 0xFFFE
        self[code] = None if dropped else code
        return self[code]


_CLEANING = _Cleaning({0x2028: 0x0A, 0x2029: 0x0A})


def clean_text(text: str) -> str:
    """
    >>> clean_text("Đo\\u0302\\u0300ng\\u200b\\r\\nTha\\u0301p")
    'Đồng\\nTháp'
    """
    if text.isascii() and text.isprintable():
        return text
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unix.translate(_CLEANING))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list | tuple):
        return tuple(_cleaned(item) for item in value)
    return value


@dataclass(frozen=True)
class Described:
    """A part of a description: its texts are cleaned and its lists made immutable."""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _cleaned(getattr(self, field.name)))
