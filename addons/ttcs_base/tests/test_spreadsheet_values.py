"""Cells of old lists: amounts, counts, dates, coordinates, telephone numbers, choices."""

import datetime
import doctest
import unittest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.ttcs_base.spreadsheet import amounts, coordinates, dates, parsed, values
from odoo.addons.ttcs_base.spreadsheet.amounts import (
    money_unit,
    parse_decimal,
    parse_integer,
    parse_money,
    read_number,
)
from odoo.addons.ttcs_base.spreadsheet.cells import CellFault
from odoo.addons.ttcs_base.spreadsheet.coordinates import (
    parse_coordinates,
    parse_latitude,
    parse_longitude,
)
from odoo.addons.ttcs_base.spreadsheet.dates import parse_date, parse_year
from odoo.addons.ttcs_base.spreadsheet.fields import KINDS, FieldSpec
from odoo.addons.ttcs_base.spreadsheet.parsed import Problem
from odoo.addons.ttcs_base.spreadsheet.values import (
    parse,
    parse_choice,
    parse_phone,
    parse_text,
    parse_yes_or_no,
)

dong = st.integers(0, 10**13)
days = st.dates(datetime.date(1906, 1, 1), datetime.date(2100, 12, 31))
anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.text("0123456789.,- /đtriệuỷngàhnămE°'\"", max_size=40),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


class ParsingCase(unittest.TestCase):
    def assert_read(self, parser, expected):
        for value, result in expected.items():
            self.assertEqual(parser(value).value, result, value)

    def assert_refused(self, parser, expected):
        for value, code in expected.items():
            problem = parser(value).problem
            self.assertIsNone(parser(value).value, value)
            self.assertEqual(problem and problem.code, code, value)
            self.assertTrue(problem.is_error, value)

    def assert_warned(self, parser, expected):
        for value, (result, code) in expected.items():
            found = parser(value)
            self.assertEqual((found.value, found.problem.code), (result, code), value)
            self.assertFalse(found.problem.is_error, value)


class TestMoney(ParsingCase):
    @given(dong)
    @settings(max_examples=300, deadline=None)
    def test_every_way_of_writing_an_amount(self, amount):
        for text in (
            str(amount),
            grouped(amount, "."),
            grouped(amount, ","),
            grouped(amount, "\u00a0"),
            f"{grouped(amount, '.')}đ",
            f"{grouped(amount, '.')} đồng",
            f"{grouped(amount, '.')},00 VNĐ",
            amount,
            float(amount),
        ):
            self.assertEqual(parse_money(text).value, amount, text)

    @given(st.integers(0, 99), st.integers(0, 999), st.sampled_from(("triệu", "tr", "Triệu đồng")))
    @settings(max_examples=200, deadline=None)
    def test_millions_with_a_fraction(self, millions, thousands, word):
        for mark in ",.":
            text = f"{millions}{mark}{thousands // 10:02} {word}"
            expected = millions * 10**6 + thousands // 10 * 10**4
            self.assertEqual(parse_money(text).value, expected, text)

    def test_words(self):
        self.assert_read(
            parse_money,
            {
                "12,5 triệu": 12_500_000,
                "1,2 tỷ": 1_200_000_000,
                "1.2 tỉ đồng": 1_200_000_000,
                "1 tỷ 200 triệu": 1_200_000_000,
                "12 triệu 500 nghìn": 12_500_000,
                "12 triệu 500.000 đồng": 12_500_000,
                "500k": 500_000,
                "5trđ": 5_000_000,
                "1,25E+07": 12_500_000,
                "": None,
                " - ": None,
                None: None,
            },
        )

    def test_refusals_say_why(self):
        self.assert_refused(
            parse_money,
            {
                "-500.000": "negative_amount",
                "(500.000)": "negative_amount",
                -1: "negative_amount",
                "12,5": "fractional_dong",
                12500000.5: "fractional_dong",
                "0,0000001 triệu": "fractional_dong",
                "1 tỷ 2": "not_a_number",
                "200 triệu 1 tỷ": "not_a_number",
                "12.50.000": "not_a_number",
                "mười triệu": "not_a_number",
                "5.000 đ/cái": "not_a_number",
                "1 " * 60 + "x": "not_a_number",
                10**16: "amount_too_large",
                float("nan"): "not_a_number",
                True: "not_a_number",
            },
        )

    def test_two_readings_are_reported(self):
        self.assert_warned(
            parse_money,
            {
                "1.250 triệu": (1_250_000_000, "ambiguous_number"),
                "chưa rõ": (None, "taken_as_blank"),
            },
        )
        self.assertIn("1.250.000", str(parse_money("1.250 triệu").problem))

    def test_columns_in_thousands_and_millions(self):
        self.assertEqual(parse_money(12.5, unit=10**6).value, 12_500_000)
        self.assertEqual(parse_money("12,5", unit=1000).value, 12_500)
        self.assertEqual(parse_money("500.000 đồng", unit=1000).value, 500_000)
        self.assertEqual(parse_money("5 triệu", unit=1000).value, 5_000_000)
        for heading, unit in {
            "Nguyên giá (đồng)": 1,
            "Nguyên giá (1.000đ)": 1000,
            "Nguyên giá (nghìn đồng)": 1000,
            "Thành tiền (tr.đ)": 10**6,
            "ĐVT: triệu đồng": 10**6,
            "ĐVT: 1.000.000 đồng": 10**6,
            "Kinh phí (tỷ đồng)": 10**9,
            "Nguyên giá": None,
        }.items():
            self.assertEqual(money_unit(heading), unit, heading)


class TestNumbers(ParsingCase):
    @given(st.decimals(0, 10**9, places=2))
    @settings(max_examples=300, deadline=None)
    def test_vietnamese_and_english_styles_mean_the_same(self, number):
        english = f"{number:,}"
        vietnamese = english.translate(str.maketrans(",.", ".,"))
        self.assertEqual(parse_decimal(english).value, number)
        self.assertEqual(parse_decimal(vietnamese).value, number)
        self.assertEqual(parse_decimal(f"-{vietnamese}").value, -number)

    @given(st.integers(1, 999), st.integers(0, 999))
    @settings(max_examples=100, deadline=None)
    def test_three_digits_behind_one_mark_are_reported(self, first, second):
        thousand = Decimal(first * 1000 + second)
        fraction = Decimal(f"{first}.{second:03}")
        for mark, read, other in ((".", thousand, fraction), (",", fraction, thousand)):
            found = parse_decimal(f"{first}{mark}{second:03}")
            self.assertEqual(found.problem.code, "ambiguous_number")
            self.assertEqual((found.value, found.problem.arguments["other"]), (read, other))

    def test_counts(self):
        self.assert_read(
            parse_integer, {4: 4, 5.0: 5, "04": 4, "1.000": 1000, "1,000": 1000, "12.500,0": 12500}
        )
        self.assert_warned(
            parse_integer,
            {"2 cái": (2, "unit_left_out"), "không có": (None, "taken_as_blank")},
        )
        self.assert_refused(
            parse_integer,
            {
                "2,5": "not_whole",
                2.5: "not_whole",
                "2-3": "not_a_number",
                "khoảng 5": "not_a_number",
            },
        )

    def test_units_are_left_out_and_named(self):
        found = parse_decimal("50 W")
        self.assertEqual((found.value, found.problem.arguments["unit"]), (Decimal(50), "W"))
        self.assert_refused(parse_decimal, {"2x50W": "not_a_number", "1/2": "not_a_number"})

    def test_endless_digits_are_no_number(self):
        self.assertIsNone(read_number("9" * 5000))
        self.assert_refused(parse_integer, {"1" * 5000: "not_a_number"})


class TestDates(ParsingCase):
    @given(days)
    @settings(max_examples=300, deadline=None)
    def test_every_way_of_writing_a_day(self, day):
        serial = (day - datetime.date(1899, 12, 30)).days
        written = [
            day,
            datetime.datetime(day.year, day.month, day.day, 7, 30),
            f"{day:%d/%m/%Y}",
            f"{day.day}-{day.month}-{day.year}",
            f"{day.day} . {day.month:02} . {day.year}",
            f"{day:%Y-%m-%d} 00:00:00",
            f"ngày {day.day} tháng {day.month} năm {day.year}",
            f"Ngày {day.day:02} tháng {day.month:02} năm {day.year}",
        ]
        if 20_000 <= serial < 80_000:
            written += [serial, float(serial) + 0.5, str(serial)]
        for value in written:
            self.assertEqual(parse_date(value).value, day, value)
            self.assertEqual(parse_date(value).precision, "day", value)

    @given(st.integers(1, 12), st.integers(1900, 2100))
    @settings(max_examples=100, deadline=None)
    def test_month_and_year_keep_their_precision(self, month, year):
        first = datetime.date(year, month, 1)
        for text in (
            f"{month}/{year}",
            f"{month:02}-{year}",
            f"T{month}/{year}",
            f"tháng {month} năm {year}",
            f"{month:02}{year}",
        ):
            self.assertEqual(
                (parse_date(text).value, parse_date(text).precision), (first, "month")
            )
        for value in (year, float(year), str(year), f"năm {year}"):
            found = parse_date(value)
            self.assertEqual((found.value, found.precision), (datetime.date(year, 1, 1), "year"))

    def test_a_year_shown_in_a_date_format(self):
        # 2015 typed into a cell formatted as a date reaches us as 7 July 1905.
        found = parse_date(datetime.datetime(1905, 7, 7))
        self.assertEqual((found.value, found.precision), (datetime.date(2015, 1, 1), "year"))
        self.assertEqual(parse_year(datetime.datetime(1905, 7, 7)).value, 2015)

    def test_warnings(self):
        day = datetime.date(2021, 3, 15)
        self.assert_warned(
            parse_date,
            {
                "15/3/21": (day, "two_digit_year"),
                "3/15/2021": (day, "month_first"),
                "Quý II/2021": (datetime.date(2021, 1, 1), "quarter"),
                "chưa xác định": (None, "taken_as_blank"),
            },
        )
        self.assertEqual(parse_date("15/3/85").value.year, 1985)
        self.assertEqual(parse_date("15032021").value, day)
        self.assertEqual(parse_date("20210315").value, day)
        both = parse_date("12101911")
        self.assertEqual((both.value.year, both.problem), (1911, None))
        self.assert_warned(
            parse_date, {"20102012": (datetime.date(2012, 10, 20), "ambiguous_date")}
        )

    def test_refusals_say_why(self):
        self.assert_refused(
            parse_date,
            {
                "31/2/2021": "impossible_date",
                "13/2021": "impossible_date",
                "15/3": "not_a_date",
                "5/3/1850": "year_out_of_range",
                datetime.datetime(1850, 1, 1): "year_out_of_range",
                datetime.time(7, 30): "not_a_date",
                0: "not_a_date",
                True: "not_a_date",
                "mới lắp": "not_a_date",
            },
        )

    def test_years(self):
        self.assert_read(
            parse_year, {2015: 2015, "2015": 2015, "Năm 2015": 2015, "15/3/2015": 2015, "-": None}
        )
        self.assert_warned(
            parse_year, {15: (2015, "two_digit_year"), "98": (1998, "two_digit_year")}
        )
        self.assert_refused(
            parse_year, {"abc": "not_a_year", 0: "not_a_year", 2500: "year_out_of_range"}
        )


class TestCoordinates(ParsingCase):
    @given(st.integers(80_000, 234_000), st.integers(1_021_000, 1_099_000))
    @settings(max_examples=200, deadline=None)
    def test_every_way_of_writing_a_place(self, south, west):
        latitude, longitude = south / 10_000, west / 10_000
        pair = f"{latitude:.4f}", f"{longitude:.4f}"
        comma = [part.replace(".", ",") for part in pair]
        for text in (
            ", ".join(pair),
            ",".join(pair),
            " ".join(pair),
            f"({pair[0]}; {pair[1]})",
            f"{pair[0]}°N {pair[1]}°E",
            f"Vĩ độ {pair[0]} - Kinh độ {pair[1]}".replace(" - ", "; "),
            "; ".join(comma),
            ", ".join(comma),
            ",".join(comma),
            f"https://maps.example/?q={pair[0]},{pair[1]}",
            f"https://maps.example/@1.5,2.5,17z/data=!3d{pair[0]}!4d{pair[1]}",
        ):
            self.assertEqual(parse_coordinates(text).value, (latitude, longitude), text)
        swapped = parse_coordinates(", ".join(reversed(pair)))
        self.assertEqual(swapped.value, (latitude, longitude))
        self.assertEqual(swapped.problem.code, "coordinates_swapped")
        self.assertEqual(parse_latitude(comma[0]).value, latitude)
        self.assertEqual(parse_longitude(longitude).value, longitude)

    def test_degrees_minutes_and_seconds(self):
        for text in (
            "10°27'33.5\"N 105°37'55.6\"E",
            "10° 27' 33,5'' B, 105° 37' 55,6'' Đ",
            "N10°27′33.5″; E105°37′55.6″",
        ):
            self.assertEqual(parse_coordinates(text).value, (10.4593056, 105.6321111), text)
        self.assertEqual(parse_coordinates("10°27.5'N 105°30'E").value, (10.4583333, 105.5))
        self.assertEqual(parse_latitude("10°30'").value, 10.5)

    def test_refusals_say_why(self):
        self.assert_refused(
            parse_coordinates,
            {
                "48.8566, 2.3522": "coordinates_outside",
                "1157000 567000": "coordinates_projected",
                "10.4593": "not_coordinates",
                "10°75'00\"N 105°37'00\"E": "not_coordinates",
                "gần chợ Mỹ Hiệp": "not_coordinates",
                10.4593: "not_coordinates",
            },
        )
        self.assert_refused(parse_latitude, {105.6: "coordinates_outside", "bắc": "not_degrees"})


class TestPhones(ParsingCase):
    @given(st.sampled_from("35789"), st.integers(0, 99_999_999))
    @settings(max_examples=200, deadline=None)
    def test_every_way_of_writing_a_number(self, operator, digits):
        number = f"0{operator}{digits:08}"
        rest = number[1:]
        for value in (
            number,
            int(number),
            float(number),
            f"+84{rest}",
            f"84 {rest[:3]} {rest[3:]}",
            f"{number[:4]}.{number[4:7]}.{number[7:]}",
            f"({number[:4]}) {number[4:]}",
        ):
            self.assertEqual(parse_phone(value).value, number, value)

    def test_landlines_hotlines_and_old_numbers(self):
        self.assert_read(parse_phone, {"0277 385 1234": "02773851234", "1022": "1022", "-": None})
        self.assert_warned(
            parse_phone,
            {
                "0163 234 5678": ("0332345678", "old_mobile_prefix"),
                1262345678: ("0762345678", "old_mobile_prefix"),
                "0912345678 - 0987654321": ("0912345678", "several_phones"),
                "0912345678/0277 3851234": ("0912345678", "several_phones"),
            },
        )
        self.assert_refused(
            parse_phone,
            {"12345": "not_a_phone", "không có": "not_a_phone", "0112345": "not_a_phone"},
        )


class TestOtherKinds(ParsingCase):
    def test_ticks(self):
        self.assert_read(
            parse_yes_or_no,
            {"x": True, "Có": True, "không": False, "": False, None: False, 1: True, "✓": True},
        )
        self.assert_refused(parse_yes_or_no, {"đang sửa": "not_yes_or_no", 2: "not_yes_or_no"})

    def test_choices(self):
        choices = {
            "good": ("Hoạt động tốt", "Tốt"),
            "broken": ("Hư hỏng", "Hỏng", "Không hoạt động"),
        }
        for text, value in {"TỐT": "good", "hu hong": "broken", "good": "good"}.items():
            found = parse_choice(text, choices)
            self.assertEqual((found.value, found.problem), (value, None), text)
        guessed = parse_choice("Hoạt độg tốt", choices)
        self.assertEqual((guessed.value, guessed.problem.code), ("good", "choice_guessed"))
        refused = parse_choice("Chưa lắp", choices)
        self.assertEqual((refused.value, refused.problem.code), (None, "not_a_choice"))
        self.assertIn("Hoạt động tốt, Hư hỏng", str(refused.problem))

    def test_texts(self):
        self.assert_read(
            parse_text,
            {
                " Cụm\u00a0loa\n số 1 ": "Cụm loa số 1",
                "Tha\u0301p": "Tháp",
                12.0: "12",
                12.5: "12.5",
                datetime.date(2021, 3, 5): "05/03/2021",
                "  ": None,
            },
        )

    def test_faults_of_cells_and_missing_values(self):
        spec = FieldSpec("hamlet", "Ấp", required=True)
        self.assertEqual(parse(CellFault(""), spec).problem.code, "formula_uncalculated")
        self.assertIn("#REF!", str(parse(CellFault("#REF!"), spec).problem))
        self.assertEqual(str(parse("  ", spec).problem), "Ấp is missing.")
        self.assertIsNone(parse(None, FieldSpec("note", "Ghi chú")).problem)
        cost = FieldSpec("cost", "Nguyên giá", required=True, kind="money")
        self.assertEqual(parse("-5", cost).problem.code, "negative_amount")
        self.assertEqual(parse("chưa rõ", cost).problem.code, "required")

    def test_an_unknown_kind_is_an_error_of_the_programmer(self):
        with self.assertRaises(ValueError):
            FieldSpec("a", "A", kind="colour")

    @given(anything, st.sampled_from(sorted(KINDS)))
    @settings(max_examples=1000, deadline=None)
    def test_any_cell_gives_a_value_or_a_reason_in_words(self, value, kind):
        spec = FieldSpec("a", "A", kind=kind, required=True, choices={"b": ("Bê",), "c": ("Cê",)})
        found = parse(value, spec)
        self.assertTrue(found.value is not None or found.problem.is_error)
        if found.problem:
            # A place for a value that was never filled.
            self.assertNotRegex(str(found.problem), r"%\(\w+\)s")
        if kind == "money" and found.value is not None:
            self.assertTrue(isinstance(found.value, int) and found.value >= 0)


class TestMessages(unittest.TestCase):
    def test_each_code_has_one_message(self):
        self.assertFalse(set(parsed.WARNINGS) & set(parsed.ERRORS))
        for code in (*parsed.WARNINGS, *parsed.ERRORS):
            self.assertTrue(Problem(code).message)

    def test_examples_in_the_documentation_hold(self):
        for module in (amounts, coordinates, dates, values):
            self.assertEqual(doctest.testmod(module).failed, 0)
