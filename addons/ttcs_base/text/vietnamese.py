"""One spelling of Vietnamese text for storage, search keys, and comparison keys of place names.

``normalize`` is what may be stored, ``fold`` is what is searched, ``place_key`` is what decides
whether two spellings name the same place.  ``place_key`` keeps the accents: Bình Thạnh and Bình
Thành are two communes of one province.
"""

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưy"

# A tone typed before the circumflex or breve: Unicode does not reorder two marks that both sit
# above the letter, so NFC alone would leave such a letter in two pieces.
_TONE_BEFORE_SHAPE = re.compile("([\u0300\u0301\u0303\u0309])([\u0302\u0306])")

# Eth and African D look like Đ and are typed for it; invisible characters break comparisons.
_REPLACED = {
    **dict.fromkeys(range(0x09), None),
    **dict.fromkeys(range(0x0E, 0x1C), None),
    **dict.fromkeys(range(0x7F, 0x85), None),
    **dict.fromkeys(range(0x86, 0xA0), None),
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), None),
    0xD0: "Đ",
    0xF0: "đ",
    0x189: "Đ",
}

_TO_REPLACE = re.compile("[" + "".join(re.escape(chr(code)) for code in _REPLACED) + "]")
_MARK = re.compile("[\u0300-\u036f]")
_BARE = {ord("đ"): "d"} | {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if _MARK.search(unicodedata.normalize("NFD", chr(code)))
}

_KINDS = (  # longer before shorter: "khu phố" is not a "khu"
    "tổ dân phố",
    "khu dân cư",
    "cụm dân cư",
    "khu phố",
    "khu vực",
    "thành phố",
    "thị trấn",
    "thị xã",
    "đặc khu",
    "huyện",
    "phường",
    "khóm",
    "thôn",
    "buôn",
    "quận",
    "tỉnh",
    "làng",
    "xóm",
    "bản",
    "khu",
    "ấp",
    "xã",
    "tổ",
)

# Without accents "phuong" may be Phường or the commune Phương Thịnh, "tinh" Tỉnh or Tịnh Thới:
# only words that cannot begin a name are taken for a kind there.
_KINDS_WITHOUT_ACCENTS = {
    "to dan pho": "tổ dân phố",
    "khu dan cu": "khu dân cư",
    "cum dan cu": "cụm dân cư",
    "khu pho": "khu phố",
    "khu vuc": "khu vực",
    "thanh pho": "thành phố",
    "thi tran": "thị trấn",
    "thi xa": "thị xã",
    "huyen": "huyện",
    "khom": "khóm",
    "thon": "thôn",
    "ap": "ấp",
    "xa": "xã",
}

_ABBREVIATIONS = {
    "tdp": "tổ dân phố",
    "kdc": "khu dân cư",
    "kp": "khu phố",
    "tp": "thành phố",
    "tt": "thị trấn",
    "tx": "thị xã",
    "a": "ấp",
    "f": "phường",
    "h": "huyện",
    "k": "khóm",
    "p": "phường",
    "q": "quận",
    "x": "xã",
}
# "TT Mỹ An" and "TT. Mỹ An"; a single letter needs its dot or a number: "P. 1", "P1".
_ABBREVIATED_KIND = re.compile(
    r"(?:(tdp|kdc|kp|tp|tt|tx)(?:\.\s*|\s+|(?=\d))|([afhkpqx])(?:\.\s*|(?=\d)))"
)

_ROMAN = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})")
# Lower-case numerals that are also Vietnamese syllables or names of letters.
_ROMAN_OR_WORD = frozenset(("i", "v", "x", "vi", "xi"))
_ROMAN_VALUE = {"I": 1, "V": 5, "X": 10}
_TOKEN = re.compile(r"\d+|[^\W\d_]+")


def normalize(text: str) -> str:
    """Return ``text`` as it is stored: NFC, one line, single spaces, nothing invisible.

    Spelling is left alone: neither y/i nor the place of the tone mark is changed.

    >>> normalize(" Ðồng\\u00a0 Tha\\u0301p\\u200b ")
    'Đồng Tháp'
    >>> normalize("\\u00e1\\u0302p") == "ấp"
    True
    """
    if _TO_REPLACE.search(text):
        text = text.translate(_REPLACED)
    composed = unicodedata.normalize("NFC", text)
    if _MARK.search(composed):
        decomposed = unicodedata.normalize("NFD", composed)
        composed = unicodedata.normalize("NFC", _TONE_BEFORE_SHAPE.sub(r"\2\1", decomposed))
    return " ".join(composed.split())


def fold(text: str) -> str:
    """Return ``text`` for search: normalized, lower case, no accents, đ as d.

    >>> fold("Đường  Nguyễn Huệ")
    'duong nguyen hue'
    """
    bare = normalize(text).lower().translate(_BARE)
    return _MARK.sub("", bare)


def split_kind(text: str) -> tuple[str | None, str]:
    """Split a place name into its kind (lower case, written out) and its own name.

    A text that is nothing but a kind is all name.

    >>> split_kind("Ấp Tân Thạnh 1")
    ('ấp', 'Tân Thạnh 1')
    >>> split_kind("P.2"), split_kind("TT Mỹ An"), split_kind("Tổ")
    (('phường', '2'), ('thị trấn', 'Mỹ An'), (None, 'Tổ'))
    """
    name = normalize(text)
    lower = name.lower()
    for written in _KINDS_WITHOUT_ACCENTS if lower.isascii() else _KINDS:
        rest = name[len(written) :]
        if lower.startswith(written) and _TOKEN.search(rest) and not rest[0].isalpha():
            return _KINDS_WITHOUT_ACCENTS.get(written, written), rest.lstrip(" .:-")
    abbreviated = _ABBREVIATED_KIND.match(lower)
    if abbreviated and _TOKEN.search(lower, abbreviated.end()):
        return _ABBREVIATIONS[abbreviated.group(1) or abbreviated.group(2)], name[
            abbreviated.end() :
        ]
    return None, name


def place_key(text: str) -> str:
    """Return the comparison key of a place name; equal keys mean the same place of one parent.

    The kind word is dropped, Roman and Arabic numerals, leading zeros, punctuation, case and both
    styles of placing the tone mark are made equal.  The key is for comparing, not for reading.

    >>> place_key("Ấp Tân Thạnh 1") == place_key("tân thạnh - 01")
    True
    >>> place_key("Khóm II") == place_key("K.2") == place_key("Khóm số 2")
    True
    >>> place_key("Xã Hoà Bình") == place_key("X. Hòa Bình")
    True
    >>> place_key("Bình Thạnh") == place_key("Bình Thành")
    False
    """
    name = split_kind(text)[1]
    for apostrophe in "'’ʼ`":
        name = name.replace(apostrophe, "")
    tokens: list[str] = []
    for token in _TOKEN.findall(name):
        arabic = _arabic(token)
        if arabic is not None and tokens and tokens[-1] == "số":
            tokens.pop()
        if arabic is None and len(token) == 1 and tokens and tokens[-1].isdigit():
            tokens[-1] += token.lower()
        else:
            tokens.append(arabic or _tone_on_last_vowel(token.lower()))
    return " ".join(tokens)


def similarity(first: str, second: str) -> float:
    """Return how alike two texts are, 0 to 1, for suggestions only.

    Shared trigrams of the unaccented texts (the measure of PostgreSQL's ``pg_trgm``) count nine
    tenths, those of the accented texts one tenth, so that the right accents win a tie.

    >>> similarity("Mỹ Hiệp", "mỹ hiệp")
    1.0
    >>> similarity("Bình Thạnh", "Bình Thạnh A") > similarity("Bình Thạnh", "An Phong")
    True
    """
    (bare, accented), (other_bare, other_accented) = _trigrams(first), _trigrams(second)
    return round(0.9 * _shared(bare, other_bare) + 0.1 * _shared(accented, other_accented), 6)


def _arabic(token: str) -> str | None:
    """Return a numeral token in Arabic digits without leading zeros, None for a word."""
    if token.isdecimal():
        return str(int(token))
    if token != token.upper() and token.lower() in _ROMAN_OR_WORD:
        return None
    match = _ROMAN.fullmatch(token.upper())
    if not match:
        return None
    values = [_ROMAN_VALUE[letter] for letter in match.group()]
    following = [*values[1:], 0]
    return str(sum(v if v >= after else -v for v, after in zip(values, following, strict=True)))


def _tone_on_last_vowel(word: str) -> str:
    """Move the tone mark of a syllable to its last vowel, where hoà and hòa become one."""
    decomposed = unicodedata.normalize("NFD", word)
    tone = next((mark for mark in decomposed if mark in _TONES), None)
    if tone is None:
        return word
    bare = unicodedata.normalize("NFC", decomposed.replace(tone, ""))
    last = max((bare.rfind(vowel) for vowel in _VOWELS), default=-1)
    return unicodedata.normalize("NFC", bare[: last + 1] + tone + bare[last + 1 :])


@lru_cache(maxsize=8192)
def _trigrams(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the trigrams of the unaccented and of the accented words of a text."""

    def of(words: str) -> frozenset[str]:
        padded = (f"  {word} " for word in _TOKEN.findall(words))
        return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))

    return of(fold(text)), of(normalize(text).lower())


def _shared(first: frozenset[str], second: frozenset[str]) -> float:
    common = len(first & second)
    return common / (len(first) + len(second) - common) if common else 0.0
