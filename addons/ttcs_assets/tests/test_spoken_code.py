"""Spoken codes: a slip of the tongue or the finger never leads to another asset."""

import doctest
from random import Random
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st
from stdnum import verhoeff

from odoo.addons.ttcs_assets.tagging import (
    format_spoken_code,
    new_spoken_code,
    parse_spoken_code,
    spoken,
)
from odoo.addons.ttcs_assets.tagging.spoken import check_digit

SAMPLES = [new_spoken_code(Random(seed)) for seed in range(500)] + [
    "0000000" + check_digit("0000000")
]

payloads = st.text("0123456789", min_size=7, max_size=7)


class TestSpokenCode(TestCase):
    @given(payloads)
    def test_the_check_digit_is_verhoeffs(self, payload):
        self.assertEqual(check_digit(payload), verhoeff.calc_check_digit(payload))

    @given(payloads, st.sampled_from(["{} {}", "{}-{}", "{}.{}", " {}\u00a0–\n{} ", "{}{}"]))
    def test_any_way_of_writing_is_read(self, payload, spelling):
        code = payload + check_digit(payload)
        self.assertEqual(parse_spoken_code(spelling.format(code[:4], code[4:])), code)
        self.assertEqual(parse_spoken_code(" ".join(code)), code)
        self.assertEqual(parse_spoken_code(format_spoken_code(code)), code)

    def test_every_single_wrong_digit_is_caught(self):
        for code in SAMPLES:
            for position, right in enumerate(code):
                for wrong in set("0123456789") - {right}:
                    mistaken = code[:position] + wrong + code[position + 1 :]
                    self.assertIsNone(parse_spoken_code(mistaken), (code, mistaken))

    def test_every_exchange_of_neighbours_is_caught(self):
        for code in SAMPLES:
            for left in range(7):
                mistaken = code[:left] + code[left + 1] + code[left] + code[left + 2 :]
                if mistaken != code:
                    self.assertIsNone(parse_spoken_code(mistaken), (code, mistaken))

    def test_every_exchange_is_caught_at_every_place(self):
        # All pairs of digits at all places, not only those that the samples hold.
        for place in range(6):
            for pair in range(100):
                first, second = divmod(pair, 10)
                if first != second:
                    swapped = [
                        check_digit(f"{'3' * place}{a}{b}{'3' * (5 - place)}")
                        for a, b in ((first, second), (second, first))
                    ]
                    self.assertNotEqual(*swapped)

    @given(st.one_of(st.text(), st.text("0123456789 -.٣", max_size=12)))
    def test_whatever_is_typed_a_code_has_exactly_its_digits(self, text):
        parsed = parse_spoken_code(text)
        if parsed is not None:
            digits = "".join(letter for letter in text if letter.isdecimal())
            self.assertEqual(parsed, digits)
            self.assertTrue(verhoeff.is_valid(parsed))

    def test_other_than_eight_plain_digits_is_refused(self):
        code = SAMPLES[0]
        arabic = "".join(chr(0x660 + int(digit)) for digit in code)
        for text in ("", code[:-1], "0" + code, code + "a", arabic, code * 1000, " " * 10**6):
            self.assertIsNone(parse_spoken_code(text), text[:40])

    def test_drawn_codes_are_valid_spread_and_grouped(self):
        self.assertGreater(len(set(SAMPLES)), 495)
        self.assertEqual({code[0] for code in SAMPLES}, set("0123456789"))
        for code in SAMPLES:
            self.assertEqual(parse_spoken_code(code), code)
        self.assertEqual(format_spoken_code("12345679"), "1234 5679")
        self.assertRegex(new_spoken_code(), r"\A\d{8}\Z")

    def test_the_examples_of_the_documentation_hold(self):
        failed, tried = doctest.testmod(spoken)
        self.assertEqual((failed, tried), (0, 4))
