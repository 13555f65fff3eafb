"""Times of day and moments as consoles write them."""

import datetime
import doctest
import unittest

from hypothesis import given
from hypothesis import strategies as st

from ..spreadsheet import moments
from ..spreadsheet.moments import parse_moment, parse_time

MOMENTS = st.datetimes(
    datetime.datetime(1955, 1, 1), datetime.datetime(2099, 12, 31), timezones=st.none()
).map(lambda moment: moment.replace(microsecond=0))


class TestMoments(unittest.TestCase):
    def test_the_examples_of_the_module(self):
        self.assertFalse(doctest.testmod(moments).failed)

    @given(MOMENTS)
    def test_every_usual_spelling_of_a_moment_is_read(self, moment):
        for spelling in (
            "%d/%m/%Y %H:%M:%S",
            "%H:%M:%S %d/%m/%Y",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M:%S",
            "%d-%m-%Y, %H:%M:%S",
        ):
            with self.subTest(spelling):
                self.assertEqual(parse_moment(moment.strftime(spelling)).value, moment)

    @given(MOMENTS)
    def test_a_cell_with_a_date_format_or_without_is_the_same_moment(self, moment):
        self.assertEqual(parse_moment(moment).value, moment)
        days = (moment - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
        if days != int(days):
            self.assertEqual(parse_moment(days).value, moment)

    @given(st.one_of(st.text(), st.floats(allow_nan=True), st.integers(), st.booleans()))
    def test_whatever_a_cell_holds_is_read_or_refused_with_words(self, value):
        for parse in (parse_moment, parse_time):
            parsed = parse(value)
            if parsed.value is None and parsed.problem:
                self.assertTrue(str(parsed.problem))

    def test_what_is_no_time_is_refused(self):
        for text in ("25:00", "5:61", "trưa", "13:00 PM", "24/11/2026", 24, True, "5:30:99"):
            with self.subTest(text):
                parsed = parse_time(text)
                self.assertIsNone(parsed.value)
                self.assertEqual(parsed.problem.code, "not_a_time")
        for text in ("24/11/2026", "05:00", "hôm qua 5h", 44270, "31/02/2026 05:00"):
            with self.subTest(text):
                self.assertIsNone(parse_moment(text).value)

    def test_midnight_is_a_time(self):
        self.assertEqual(parse_time("0h").value, datetime.time(0, 0))
        self.assertEqual(parse_time("12:00 SA").value, datetime.time(0, 0))
        self.assertEqual(parse_moment("00:00 24/11/2026").value, datetime.datetime(2026, 11, 24))
