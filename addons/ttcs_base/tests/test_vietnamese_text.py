"""Spelling, search keys and comparison keys of Vietnamese text."""

import doctest
import itertools
import unicodedata
import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.ttcs_base.text import syllable, vietnamese
from odoo.addons.ttcs_base.text.syllable import is_syllable
from odoo.addons.ttcs_base.text.vietnamese import (
    fold,
    normalize,
    place_key,
    similarity,
    split_kind,
)

COMMUNES = (
    "An Bình",
    "An Hòa",
    "An Hữu",
    "An Long",
    "An Phước",
    "Ba Sao",
    "Bình Hàng Trung",
    "Bình Ninh",
    "Bình Phú",
    "Bình Thành",
    "Bình Thạnh",
    "Bình Trưng",
    "Hòa Long",
    "Mỹ An Hưng",
    "Mỹ Hiệp",
    "Mỹ Thạnh",
    "Mỹ Thành",
    "Phú Thành",
    "Phú Thọ",
    "Phương Thịnh",
    "Tân Phú Đông",
    "Tân Phước 1",
    "Tân Phước 2",
    "Tân Phước 3",
    "Thanh Hòa",
    "Thanh Hưng",
    "Thạnh Phú",
    "Thường Phước",
    "Tràm Chim",
    "Vĩnh Kim",
)
KINDS = ("Ấp", "Khóm", "Khu phố", "Thôn", "Tổ dân phố", "Xã", "Phường", "Thị trấn", "Huyện")
ABBREVIATED_KINDS = ("X.", "X. ", "P.", "TT ", "TT.", "TP. ", "TX. ", "H.")
VIETNAMESE = "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđ"

words = st.text(VIETNAMESE + VIETNAMESE.upper() + "bcghklmnpqrstvx", min_size=1, max_size=7)
names = st.sampled_from([name for name in COMMUNES if name[-1].isalpha()])


def roman(number: int) -> str:
    tens, units = divmod(number, 10)
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + ones[units]


class TestNormalize(unittest.TestCase):
    @given(st.lists(words, max_size=5).map(" ".join))
    @settings(max_examples=200, deadline=None)
    def test_every_way_of_storing_the_same_text_becomes_one(self, text):
        expected = normalize(text)
        self.assertEqual(normalize(unicodedata.normalize("NFD", text)), expected)
        spaced = text.replace(" ", " \u200b\u00a0")
        self.assertEqual(normalize(f"\u00a0 {spaced}\ufeff\n"), expected)
        self.assertEqual(normalize(expected), expected)
        self.assertTrue(unicodedata.is_normalized("NFC", expected))

    def test_marks_typed_in_the_wrong_order_are_composed(self):
        for tone in "\u0300\u0301\u0303\u0309":
            for letter, shape in (("a", "\u0302"), ("a", "\u0306"), ("o", "\u0302")):
                right = unicodedata.normalize("NFC", letter + shape + tone)
                self.assertEqual(normalize(letter + tone + shape), right)

    def test_letters_that_only_look_like_d_with_stroke(self):
        self.assertEqual(normalize("Ðồng Tháp, Ɖông, ðường"), "Đồng Tháp, Đông, đường")

    def test_spelling_is_left_alone(self):
        for text in ("Mỹ Lý", "Mĩ Lí", "hoà", "hòa", "thuỷ", "thủy"):
            self.assertEqual(normalize(text), text)


class TestFold(unittest.TestCase):
    def test_search_without_accents(self):
        self.assertEqual(fold("ĐƯỜNG Nguyễn Thị Minh Khai"), "duong nguyen thi minh khai")

    def test_all_letters_lose_their_marks(self):
        self.assertEqual(set(fold(VIETNAMESE + VIETNAMESE.upper())), set("aeiouyd"))

    @given(st.lists(words, max_size=5).map(" ".join))
    @settings(max_examples=200, deadline=None)
    def test_search_key_is_plain_and_stable(self, text):
        folded = fold(text)
        self.assertTrue(folded.isascii())
        self.assertEqual(fold(folded), folded)
        self.assertEqual(fold(unicodedata.normalize("NFD", text.upper())), folded)


class TestPlaceKey(unittest.TestCase):
    @given(names, st.sampled_from(KINDS), st.sampled_from(ABBREVIATED_KINDS))
    @settings(max_examples=200, deadline=None)
    def test_kind_case_and_punctuation_do_not_matter(self, name, kind, abbreviated):
        key = place_key(name)
        for written in (
            f"{kind} {name}",
            f"{kind.upper()}  {name.upper()}",
            f"{abbreviated}{name}",
            f" {kind}: {name}.",
            unicodedata.normalize("NFD", f"{kind} {name}"),
        ):
            self.assertEqual(place_key(written), key, written)

    @given(names, st.integers(1, 39))
    @settings(max_examples=200, deadline=None)
    def test_ways_of_numbering_are_equal(self, name, number):
        key = place_key(f"Ấp {name} {number}")
        for written in (f"{name} {number:02}", f"{name}-{roman(number)}", f"{name}{number}"):
            self.assertEqual(place_key(written), key, written)
        self.assertEqual(place_key(f"Khóm {roman(number)}"), place_key(f"K{number:03}"))
        self.assertEqual(place_key(f"Khóm số {number}"), str(number))

    def test_both_styles_of_tone_marks_are_equal(self):
        for old, new in (("Hòa Bình", "Hoà Bình"), ("Thủy Tây", "Thuỷ Tây"), ("Khỏe", "Khoẻ")):
            self.assertEqual(place_key(old), place_key(new))

    def test_letters_behind_a_number(self):
        self.assertEqual(place_key("Ấp 1A"), place_key("ấp 1 a"))
        self.assertNotEqual(place_key("Ấp 1A"), place_key("Ấp 1"))

    def test_communes_of_one_province_stay_apart(self):
        for first, second in itertools.combinations(COMMUNES, 2):
            self.assertNotEqual(place_key(first), place_key(second))

    def test_a_name_is_not_taken_for_a_kind(self):
        for name in ("Phương Thịnh", "Tịnh Thới", "Bàn Long", "Phuong Thinh", "Xáng", "Apa"):
            self.assertEqual(split_kind(name), (None, name))
        self.assertNotEqual(place_key("Tường Vi"), place_key("Tường 6"))

    def test_kinds_are_written_out(self):
        self.assertEqual(split_kind("KP3"), ("khu phố", "3"))
        self.assertEqual(split_kind("ap Tan Thanh"), ("ấp", "Tan Thanh"))
        self.assertEqual(split_kind("TP.Cao Lãnh"), ("thành phố", "Cao Lãnh"))
        self.assertEqual(split_kind("Thị trấn"), (None, "Thị trấn"))

    @given(st.text(max_size=30))
    @settings(max_examples=300, deadline=None)
    def test_any_text_has_a_key(self, text):
        self.assertEqual(place_key(text), " ".join(place_key(text).split()))


class TestSimilarity(unittest.TestCase):
    @given(words, words)
    @settings(max_examples=200, deadline=None)
    def test_is_a_share_and_symmetric(self, first, second):
        self.assertTrue(0.0 <= similarity(first, second) <= 1.0)
        self.assertEqual(similarity(first, second), similarity(second, first))
        self.assertEqual(similarity(first, first.upper()), 1.0)

    def test_suggests_what_was_meant(self):
        for typed, meant in (
            ("Binh Thanh", {"Bình Thành", "Bình Thạnh"}),
            ("Bình Thạng", {"Bình Thạnh"}),
            ("Phương Thinh", {"Phương Thịnh"}),
            ("Mỹ An Hung", {"Mỹ An Hưng"}),
        ):
            best = max(COMMUNES, key=lambda name, typed=typed: similarity(typed, name))
            self.assertIn(best, meant)


class TestSyllables(unittest.TestCase):
    def test_words_of_officials_are_syllables(self):
        text = (
            "cộng hòa xã hội chủ nghĩa việt nam độc lập tự do hạnh phúc ủy ban nhân dân tỉnh "
            "đồng tháp sở văn hóa thể thao và du lịch danh sách cụm loa truyền thanh nguyên giá "
            "khuỷu quýt quốc quyết giếng gìn gì khuya ngoằn ngoèo nghiêng ghế kẽ xoong thuở hươu "
            "rượu yêu ý oái uyên quầy quờ nguyễn huỳnh trường được người"
        )
        for word in text.split():
            for written in (word, word.upper(), word.capitalize()):
                self.assertTrue(is_syllable(written), written)

    def test_other_letter_strings_are_not(self):
        for word in ("ngi", "cế", "ghà", "bãc", "quôm", "taân", "hoàa", "tễch", "đaf", "xYz"):
            self.assertFalse(is_syllable(word), word)


class TestExamples(unittest.TestCase):
    def test_examples_in_the_documentation_hold(self):
        for module in (vietnamese, syllable):
            self.assertEqual(doctest.testmod(module).failed, 0)
