"""Amounts of đồng in Vietnamese words, as vouchers, contracts and minutes spell them.

The result is Vietnamese whatever the user's language: it is part of the document's form.

The grammar repeats every nine digits: a number is ``high × 10⁹ + low``, read as the words of
``high``, "tỷ", the words of ``low``.  Libraries that give each group of three digits a scale
word of its own say "một nghìn tỷ một trăm tỷ" for 1,100,000,000,000 and lose the zeros below
a thousand; this module keeps to what accountants write.
"""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
ZERO_WORDS = ("linh", "lẻ")
BILLION = 10**9


def amount_in_words(amount: int, *, zero_word: str = "linh", unit: str = "đồng") -> str:
    """Spell a whole amount; only the first letter is a capital.

    :param amount: whole đồng, of any size and sign
    :param zero_word: the word for a zero at the tens place, "linh" or "lẻ"
    :param unit: the currency's word, written at the end; "" for a bare number
    :raises TypeError: when the amount is not an ``int`` (a float cannot hold every đồng)
    :raises ValueError: when ``zero_word`` is neither "linh" nor "lẻ"

    >>> amount_in_words(1_005)
    'Một nghìn không trăm linh năm đồng'
    >>> amount_in_words(1_100_000_000_000)
    'Một nghìn một trăm tỷ đồng'
    >>> amount_in_words(-21_000, zero_word="lẻ")
    'Âm hai mươi mốt nghìn đồng'
    >>> amount_in_words(0)
    'Không đồng'
    """
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"an amount in words needs an int of đồng, not {type(amount).__name__}")
    if zero_word not in ZERO_WORDS:
        raise ValueError(f"zero_word is {zero_word!r}; choose 'linh' or 'lẻ'")
    words = _number(abs(amount), zero_word, follows=False) or [DIGITS[0]]
    if amount < 0:
        words.insert(0, "âm")
    if unit:
        words.append(unit)
    text = " ".join(words)
    return text[0].upper() + text[1:]


def _number(number: int, zero_word: str, *, follows: bool) -> list[str]:
    """Words of a number; ``follows`` tells that a higher, spoken part stands before it."""
    high, low = divmod(number, BILLION)
    words = []
    if high:
        words = [*_number(high, zero_word, follows=follows), "tỷ"]
        follows = True
    for scale, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group = low // scale % 1_000
        if not group:
            continue
        words += _group(group, zero_word, follows=follows)
        if name:
            words.append(name)
        follows = True
    return words


def _group(group: int, zero_word: str, *, follows: bool) -> list[str]:
    """Words of 1 to 999; zeros in front are spoken only after a higher part."""
    hundreds, rest = divmod(group, 100)
    spoken = bool(hundreds) or follows
    words = [DIGITS[hundreds], "trăm"] if spoken else []
    return words + _below_hundred(rest, zero_word, follows=spoken)


def _below_hundred(rest: int, zero_word: str, *, follows: bool) -> list[str]:
    tens, ones = divmod(rest, 10)
    if tens == 0:
        if not ones:
            return []
        return [zero_word, DIGITS[ones]] if follows else [DIGITS[ones]]
    words = ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones:
        words.append(_ones_after_tens(tens, ones))
    return words


def _ones_after_tens(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    if tens > 1 and ones == 1:
        return "mốt"
    if tens > 1 and ones == 4:
        return "tư"
    return DIGITS[ones]
