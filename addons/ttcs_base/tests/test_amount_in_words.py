"""Amounts in words: the cases that libraries get wrong, and reading every amount back."""

from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.ttcs_base.documents import amount_in_words

WANTED = {
    0: "Không đồng",
    4: "Bốn đồng",
    5: "Năm đồng",
    10: "Mười đồng",
    11: "Mười một đồng",
    14: "Mười bốn đồng",
    15: "Mười lăm đồng",
    21: "Hai mươi mốt đồng",
    24: "Hai mươi tư đồng",
    25: "Hai mươi lăm đồng",
    100: "Một trăm đồng",
    101: "Một trăm linh một đồng",
    110: "Một trăm mười đồng",
    1_005: "Một nghìn không trăm linh năm đồng",
    523_056: "Năm trăm hai mươi ba nghìn không trăm năm mươi sáu đồng",
    1_000_000: "Một triệu đồng",
    145_001_000: "Một trăm bốn mươi lăm triệu không trăm linh một nghìn đồng",
    1_000_000_000: "Một tỷ đồng",
    10_000_000_001: "Mười tỷ không trăm linh một đồng",
    1_100_000_000_000: "Một nghìn một trăm tỷ đồng",
    2_500_000_000_000_000: "Hai triệu năm trăm nghìn tỷ đồng",
}
ONES = {
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
}
SCALES = {"triệu": 10**6, "nghìn": 10**3}


def parse_amount_in_words(text: str) -> int:
    """Read an amount back; knows only what each word means, not how amounts are spelt."""
    words = text.lower().removesuffix(" đồng").split()
    sign = 1
    if words[0] == "âm":
        sign, words = -1, words[1:]
    return sign * _parse(words)


def _parse(words: list[str]) -> int:
    if "tỷ" in words:
        last = len(words) - 1 - words[::-1].index("tỷ")
        return _parse(words[:last]) * 10**9 + _parse(words[last + 1 :])
    for word, scale in SCALES.items():
        if word in words:
            place = words.index(word)
            return _parse(words[:place]) * scale + _parse(words[place + 1 :])
    value = 0
    for word in words:
        if word in ONES:
            value += ONES[word]
        elif word == "mười":
            value += 10
        elif word in ("mươi", "trăm"):
            # The digit before counted as ones; it counts tens or hundreds.
            ones = value % 10
            value += ones * ((10 if word == "mươi" else 100) - 1)
        elif word not in ("không", "linh", "lẻ"):
            raise AssertionError(f"{word} is no number word")
    return value


class TestAmountInWords(TestCase):
    def test_wanted_words(self):
        for amount, words in WANTED.items():
            with self.subTest(amount=amount):
                self.assertEqual(amount_in_words(amount), words)

    @given(st.integers(min_value=-(10**16) + 1, max_value=10**16 - 1))
    def test_reads_back(self, amount):
        self.assertEqual(parse_amount_in_words(amount_in_words(amount)), amount)

    @given(
        st.integers(0, 15),
        st.integers(0, 15),
        st.integers(0, 9),
        st.integers(0, 9),
    )
    def test_reads_back_with_many_zeros(self, high, low, first, second):
        amount = first * 10**high + second * 10**low
        self.assertEqual(parse_amount_in_words(amount_in_words(amount)), amount)

    @given(st.integers(min_value=0, max_value=10**16 - 1))
    def test_only_the_first_letter_is_a_capital(self, amount):
        text = amount_in_words(amount)
        self.assertTrue(text[0].isupper())
        self.assertEqual(text[1:], text[1:].lower())

    def test_zero_word_of_the_south(self):
        self.assertEqual(
            amount_in_words(1_005, zero_word="lẻ"), "Một nghìn không trăm lẻ năm đồng"
        )

    def test_another_unit_or_none(self):
        self.assertEqual(amount_in_words(15, unit="cụm loa"), "Mười lăm cụm loa")
        self.assertEqual(amount_in_words(15, unit=""), "Mười lăm")

    def test_negative(self):
        self.assertEqual(amount_in_words(-21), "Âm hai mươi mốt đồng")

    def test_refuses_what_is_not_a_whole_number(self):
        for amount in (1.0, "1", None, True):
            with self.subTest(amount=amount), self.assertRaises(TypeError):
                amount_in_words(amount)

    def test_refuses_an_unknown_zero_word(self):
        with self.assertRaises(ValueError):
            amount_in_words(1, zero_word="lẽ")
