"""Texts for telephones.

A short message of plain letters holds 160 of them; one accented letter makes it 70 (3GPP
TS 23.038, the 7-bit alphabet has no Vietnamese), so short messages go without accents.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_PLAIN = str.maketrans({"đ": "d", "Đ": "D", "–": "-", "…": "...", "“": '"', "”": '"'})


def without_accents(text: str) -> str:
    """The text in plain letters, capitals kept, typographic signs made plain.

    >>> without_accents("Mời ông bà nghe loa ấp Đông lúc 17:00 – cảm ơn…")
    'Moi ong ba nghe loa ap Dong luc 17:00 - cam on...'
    """
    text = text.translate(
        str.maketrans({"đ": "d", "Đ": "D", "–": "-", "…": "...", "“": '"', "”": '"'})
    )
    parts = unicodedata.normalize("NFD", text)
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return plain.encode("ascii", "ignore").decode()


def sms_link(phone: str | None, text: str) -> str | None:
    """The address that opens a telephone's message to a number with a text (RFC 5724).

    >>> sms_link("0912 345.678", "Xin chao")
    'sms:0912345678?body=Xin%20chao'
    >>> sms_link("", "Xin chao") is None
    True
    """
    number = re.sub(r"[^+\d]", "", phone or "")
    return f"sms:{number}?body={quote(text)}" if number else None
