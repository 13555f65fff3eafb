"""Repair of Vietnamese text typed in legacy fonts or decoded with the wrong code page.

Two encodings live on in old lists.  Both store their bytes as the characters of Latin-1 and leave
the look to the font:

* TCVN3 ("ABC"; TCVN 5712:1993, third set): one byte a letter.  It has no toned capitals; a font
  whose name ends in H (``.VnTimeH``) shows the small letters as capitals.
* VNI for Windows: a base letter followed by a byte for its shape and tone.

The third damage is UTF-8 read as a Windows code page ("Tân" becomes "TÃ¢n").

A reading is accepted by its syllables, so that good text is left alone; the font of the cell
decides only where the text itself does not.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from .syllable import is_syllable

TCVN3 = "tcvn3"
VNI = "vni"
UTF8 = "utf8"
UNICODE = "unicode"

_TCVN3_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
TCVN3_LETTERS = {
    chr(start + offset): letter
    for start, run in _TCVN3_RUNS.items()
    for offset, letter in enumerate(run)
}

_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {
    "â": "",
    "á": "\u0301",
    "à": "\u0300",
    "å": "\u0309",
    "ã": "\u0303",
    "ä": "\u0323",
}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
    "ñ": "đ",
    "ô": "ơ",
    "ö": "ư",
}


def _vni_letters() -> dict[str, str]:
    small = dict(_VNI_SINGLE)
    for base, letter in {**dict(zip("aeouy", "aeouy", strict=True)), "ô": "ơ", "ö": "ư"}.items():
        small.update((base + byte, letter + tone) for byte, tone in _VNI_TONES.items())
    for base in "aeo":
        small.update(
            (base + byte, f"{base}\u0302{tone}") for byte, tone in _VNI_CIRCUMFLEX.items()
        )
    small.update(("a" + byte, f"a\u0306{tone}") for byte, tone in _VNI_BREVE.items())
    del small["yï"]  # ỵ has a byte of its own
    letters = {code: unicodedata.normalize("NFC", letter) for code, letter in small.items()}
    return letters | {code.upper(): letter.upper() for code, letter in letters.items()}


VNI_LETTERS = _vni_letters()
# Excel's change of case leaves "Aá" and "aÁ", which the font shows well enough to stay unnoticed.
_VNI_MIXED = {
    mixed: letter
    for code, letter in VNI_LETTERS.items()
    if len(code) == 2
    for mixed in (code[0] + code[1].lower(), code[0] + code[1].upper())
}
_VNI_CODE = re.compile("|".join(sorted({*VNI_LETTERS, *_VNI_MIXED}, key=len, reverse=True)))

# Letters no legacy byte can have become: outside Windows-1252, and outside Windows-1258.
_BEYOND_1252 = re.compile("[\u1ea0-\u1ef9ăĂđĐĩĨũŨơƠưƯ]")
_BEYOND_1258 = re.compile("[\u1ea0-\u1ef9ĩĨũŨ]")
_SYMBOLS = re.escape("".join(code for code in TCVN3_LETTERS if not code.isalpha()))
_SYMBOL = re.compile(f"[{_SYMBOLS}]")
_WORD = re.compile(f"(?:[^\\W\\d_]|[{_SYMBOLS}\u0300-\u0323])+")
_UNIT_OF_MEASURE = re.compile("µ[AFHVWglms]|(?:k?N|kg|[AVW])·[Ahms]")

# On a Vietnamese Windows the same bytes became the characters of code page 1258.
_LATIN_OF_1258 = {
    bytes([code]).decode("cp1258"): chr(code)
    for code in range(0xA0, 0x100)
    if bytes([code]).decode("cp1258") != chr(code)
}
_TO_LATIN = str.maketrans(_LATIN_OF_1258)
_BYTE = {chr(code): code for code in range(0x100)}
_BYTE.update((character, ord(latin)) for character, latin in _LATIN_OF_1258.items())
_BYTE.update(
    (bytes([code]).decode("cp1252"), code)
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # unassigned in Windows-1252
)
_UTF8_LEAD = re.compile("[ÃĂÄÅÆá][^\x00-\x7f]")


@dataclass(frozen=True)
class Reading:
    """A text as Unicode NFC, the encoding it was stored in, and whether the text itself shows it.

    ``encoding`` is TCVN3, VNI, UTF8 (read as a Windows code page) or UNICODE.  ``certain`` is
    false where only the font, or nothing at all, speaks for the encoding.
    """

    text: str
    encoding: str
    certain: bool


@lru_cache(maxsize=1024)
def font_encoding(font: str | None) -> str | None:
    """Return the encoding a font name stands for, None for a Unicode font.

    >>> font_encoding(".VnTimeH"), font_encoding("VNI-Times"), font_encoding("Times New Roman")
    ('tcvn3', 'vni', None)
    """
    name = (font or "").strip().lower()
    if name.startswith(".vn"):
        return TCVN3
    return VNI if name.startswith(("vni-", "vni ")) else None


def shows_capitals(font: str | None) -> bool:
    """Tell whether a TCVN3 font shows small letters as capitals (``.VnTimeH``)."""
    return font_encoding(font) == TCVN3 and (font or "").strip().endswith("H")


def decode(text: str, encoding: str) -> str | None:
    """Decode every character of ``text`` from TCVN3 or VNI; None if one has no meaning there.

    >>> decode("T©n Th¹nh", TCVN3), decode("Taân Thaïnh", VNI), decode("Tạnh", VNI)
    ('Tân Thạnh', 'Tân Thạnh', None)
    """
    if encoding == TCVN3:
        if any(not letter.isascii() and letter not in TCVN3_LETTERS for letter in text):
            return None
        return "".join(TCVN3_LETTERS.get(letter, letter) for letter in text)
    if not _VNI_CODE.sub("", text).isascii():
        return None
    return _VNI_CODE.sub(lambda code: VNI_LETTERS.get(code[0]) or _VNI_MIXED[code[0]], text)


@lru_cache(maxsize=32768)
def to_unicode(text: str, font: str | None = None, assumed: str | None = None) -> Reading:
    """Return the Unicode reading of one text typed in ``font``.

    ``assumed`` is the encoding of other texts in this font (see ``FontEvidence``); it decides
    where the text can be read either way and outweighs the font's name.

    >>> to_unicode("Êp T©n Th¹nh").text, to_unicode("AÁp Taân Thaïnh").text
    ('ấp Tân Thạnh', 'Ấp Tân Thạnh')
    >>> to_unicode("Côm loa").text, to_unicode("Côm loa", ".VnTime").text
    ('Côm loa', 'Cụm loa')
    >>> to_unicode("TÃ¢n Tháº¡nh").encoding
    'utf8'
    """
    reading = _read_utf8(text) or _read_legacy(text, font, assumed)
    open_to_font = reading.encoding == UNICODE and not reading.certain and assumed != UNICODE
    if shows_capitals(font) and (reading.encoding == TCVN3 or open_to_font):
        return Reading(reading.text.upper(), TCVN3, reading.certain)
    return reading


class FontEvidence:
    """What the texts of one sheet show about the encoding behind each font.

    A modern PC has no ``.VnTime``: Unicode typed into an old form keeps that font's name and looks
    right.  And a TCVN3 column set in Times New Roman has lost its font.  Texts that can be read
    one way only settle how the others in the same font are read.
    """

    _LEAST_WITHOUT_HINT = 3
    _SHARE_WITHOUT_HINT = 0.9

    def __init__(self) -> None:
        self._seen: dict[str | None, Counter[str]] = {}

    def observe(self, text: str, font: str | None) -> None:
        """Take one text into account; plain ASCII and ambiguous texts say nothing."""
        if not text.isascii():
            reading = to_unicode(text, font)
            if reading.certain and reading.encoding != UTF8:
                self._seen.setdefault(font, Counter())[reading.encoding] += 1

    def assumed(self, font: str | None) -> str | None:
        """Return the encoding to assume for an ambiguous text in ``font``, None for no opinion."""
        seen = self._seen.get(font)
        if not seen:
            return None
        encoding, count = max(seen.items(), key=lambda item: (item[1], item[0]))
        if encoding == UNICODE or font_encoding(font):
            return encoding
        enough = max(self._LEAST_WITHOUT_HINT, self._SHARE_WITHOUT_HINT * seen.total())
        return encoding if count >= enough else None


@dataclass(frozen=True)
class _Word:
    """One stored word and what it would be under one legacy encoding."""

    stored: str
    decoded: str | None
    is_good_unicode: bool
    is_good_decoded: bool
    has_symbol: bool
    beyond_1252: bool
    beyond_bytes: bool
    is_unit: bool


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _read_utf8(text: str) -> Reading | None:
    """Undo UTF-8 decoded as Windows-1252, Windows-1258 or Latin-1; None if it was not that."""
    if not _UTF8_LEAD.search(text) or any(character not in _BYTE for character in text):
        return None
    try:
        repaired = _compose(bytes(_BYTE[character] for character in text).decode())
    except UnicodeDecodeError:
        return None
    words = [word for word in _WORD.findall(repaired) if not word.isascii()]
    if sum(map(is_syllable, words)) * 2 < max(len(words), 1):
        return None
    return Reading(repaired, UTF8, certain=True)


def _read_legacy(text: str, font: str | None, assumed: str | None) -> Reading:
    composed = _compose(text)
    hint = font_encoding(font)
    mixed = bool((_BEYOND_1258 if hint else _BEYOND_1252).search(composed))
    if text.isascii() or (mixed and not _SYMBOL.search(text)):
        return Reading(composed, UNICODE, certain=mixed)
    stored = [word for word in _WORD.findall(text) if not word.isascii()]
    votes = {
        encoding: _count([_word(word, encoding, hint) for word in stored], mixed)
        for encoding in ([hint] if hint else [TCVN3, VNI])
    }
    encoding, certain = _decide(votes, hint, mixed, assumed)
    if encoding == UNICODE:
        return Reading(composed, UNICODE, certain)

    def read(match: re.Match[str]) -> str:
        word = _word(match[0], encoding, hint)
        if match[0].isascii() or _stays(word, mixed):
            return match[0]
        return (word.decoded if _is_better_decoded(word, hint, certain) else None) or match[0]

    converted = _compose(_WORD.sub(read, text))
    return Reading(converted, encoding if converted != composed else UNICODE, certain)


def _decide(
    votes: dict[str, "_Votes"], hint: str | None, mixed: bool, assumed: str | None
) -> tuple[str, bool]:
    """Return the encoding of a text and whether the text itself shows it.

    VNI, when it makes two characters one letter, wins a tie: it is then the shorter spelling.
    """
    encoding = max(votes, key=lambda name: (votes[name].legacy, votes[name].shortened))
    vote = votes[encoding]
    if vote.legacy > vote.against + (0 if hint else vote.unexplained):
        return encoding, True
    if mixed or all(vote.against > vote.legacy for vote in votes.values()):
        return UNICODE, True
    fallback = assumed or hint
    if fallback in votes and votes[fallback].against <= votes[fallback].legacy:
        return fallback, False
    return UNICODE, False


@lru_cache(maxsize=16384)
def _word(stored: str, encoding: str, hint: str | None) -> _Word:
    unicode_word = _compose(stored)
    decoded = decode(stored.translate(_TO_LATIN) if hint else stored, encoding)
    beyond_1252 = bool(_BEYOND_1252.search(unicode_word))
    return _Word(
        stored=stored,
        decoded=decoded,
        # Eth typed for Đ is good text, if not good spelling.
        is_good_unicode=is_syllable(unicode_word.replace("Ð", "Đ").replace("ð", "đ")),
        is_good_decoded=decoded is not None and is_syllable(decoded),
        has_symbol=decoded is not None and bool(_SYMBOL.search(stored)),
        beyond_1252=beyond_1252,
        beyond_bytes=bool(_BEYOND_1258.search(unicode_word)) if hint else beyond_1252,
        is_unit=bool(_UNIT_OF_MEASURE.fullmatch(stored)),
    )


@dataclass
class _Votes:
    """How many words speak for a legacy encoding, against it, and for neither.

    ``shortened`` counts the words that the encoding spells with fewer letters.
    """

    legacy: int = 0
    against: int = 0
    unexplained: int = 0
    shortened: int = 0


def _count(words: list[_Word], mixed: bool) -> _Votes:
    """Let words vote.

    A single letter, a unit of measure and a word good in both readings say nothing; nor, in a
    text ``mixed`` with Unicode letters, does a word without a symbol inside.
    """
    votes = _Votes()
    for word in words:
        if len(word.stored) == 1 or word.is_unit or _stays(word, mixed):
            continue
        if word.is_good_unicode != word.is_good_decoded:
            votes.legacy += word.is_good_decoded
            votes.against += word.is_good_unicode
            votes.shortened += len(word.decoded or word.stored) < len(word.stored)
        else:
            votes.unexplained += not word.is_good_unicode and not word.has_symbol
    return votes


def _stays(word: _Word, mixed: bool) -> bool:
    return word.beyond_bytes or (mixed and not word.has_symbol)


def _is_better_decoded(word: _Word, hint: str | None, certain: bool) -> bool:
    """Choose for one word of a text that as a whole is in the legacy encoding."""
    if word.beyond_1252:
        # The é of TCVN3 became Đ on a Vietnamese Windows; but Đ is far more often just Đ.
        if len(word.stored) == 1 or not word.is_good_decoded:
            return False
        return certain or not word.is_good_unicode
    if hint:
        alone = len(word.stored) == 1
        return alone or word.is_good_decoded or word.has_symbol or not word.is_good_unicode
    return not word.is_unit and (word.is_good_decoded or word.has_symbol)
