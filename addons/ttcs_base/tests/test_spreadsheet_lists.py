"""Lists as offices keep them, from the sheet to its records."""

import datetime
import doctest
import io
import unittest

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import Font

from odoo.addons.ttcs_base.spreadsheet import headings
from odoo.addons.ttcs_base.spreadsheet.headings import (
    FieldSpec,
    find_header,
    heading_keys,
    match_headings,
    missing_fields,
)
from odoo.addons.ttcs_base.spreadsheet.reader import SheetRow, open_workbook
from odoo.addons.ttcs_base.spreadsheet.rows import DataRows

SPECS = (
    FieldSpec("name", "Tên cụm loa", ("Cụm loa", "Tên thiết bị"), required=True),
    FieldSpec("hamlet", "Ấp", ("Khóm", "Thôn", "Tên ấp", "Ấp, khóm"), required=True),
    FieldSpec("place", "Vị trí lắp đặt", ("Địa điểm lắp đặt", "Nơi lắp", "Địa chỉ")),
    FieldSpec("year", "Năm sử dụng", ("Năm SD", "Năm đưa vào sử dụng"), kind="year"),
    FieldSpec("installed", "Ngày lắp đặt", ("Ngày lắp",), kind="date"),
    FieldSpec("cost", "Nguyên giá", ("Giá trị", "Thành tiền"), kind="money"),
    FieldSpec("speakers", "Số loa", ("SL loa", "Số lượng loa"), kind="integer"),
    FieldSpec("gps", "Tọa độ", ("Tọa độ GPS",), kind="coordinates"),
    FieldSpec("note", "Ghi chú", ("Diễn giải",)),
)


def saved(workbook: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def messy_list() -> bytes:
    """The list of a commune: titles, two rows of headings, sections, totals, three encodings."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Cụm loa"
    sheet["A1"] = "UBND XÃ MỸ HIỆP"
    sheet["A2"] = "DANH SÁCH CỤM LOA TRUYỀN THANH VÀ VỊ TRÍ LẮP ĐẶT"
    sheet["A3"] = "Đơn vị tính: nghìn đồng"
    sheet.append(
        ["STT", "Tên cụm loa", "Nơi đặt", None, "Năm SD", "Nguyên giá", "SL loa", "Ngày lắp"]
    )
    sheet.append([None, None, "Ấp", "Địa điểm lắp đặt"])
    sheet.append(["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"])
    sheet.append(["I", "Khu vực 1", None, None, None, 36500])
    sheet.append([1, "Cụm loa số 1", "Êp T©n Th¹nh", "Trô ®iÖn 12", "2015", 12500, 4, "15/3/2021"])
    sheet.append([2, "Cụm loa số 2", None, "Chôï Myõ Hieäp", 2016, 12000, 2])
    sheet.append([2, "Cụm loa số 2", None, "Chợ Mỹ Hiệp", 2016, 12000, 2])
    sheet.append([])
    sheet.append([3])
    sheet.append([4, "Cụm Cộng Hòa", "Ấp 2", "Nhà văn hoá", "đã cũ", 12000.5, "2 cái"])
    sheet.append([None, "Cộng", None, None, None, "=SUM(F8:F13)"])
    sheet.append(["STT", "Tên cụm loa", "Ấp", "Địa điểm lắp đặt", "Năm SD", "Nguyên giá"])
    sheet.append(["II. Khu vực 2"])
    sheet.append([5, "Tổng 5 cụm", "Ấp 3", None, 2020, "=F8*2"])
    sheet.append(["Tổng cộng (I + II)", None, None, None, None, 99])
    sheet.append([None, None, None, None, None, "Mỹ Hiệp, ngày 5 tháng 3 năm 2024"])
    sheet.append([None, "NGƯỜI LẬP BIỂU", None, None, None, "CHỦ TỊCH"])
    sheet.append([None, "Văn thư xã"])
    for area in ("A2:H2", "C4:D4", "C8:C10", "F9:F10", "A16:H16"):
        sheet.merge_cells(area)
    for column in "ABEFGH":
        sheet.merge_cells(f"{column}4:{column}5")
    sheet["C8"].font = sheet["D8"].font = Font(name=".VnTime")
    sheet["D9"].font = Font(name="VNI-Times")
    hidden = workbook.create_sheet("Nháp")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "bản nháp"
    return saved(workbook)


class TestMessyList(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open_workbook(messy_list()) as workbook:
            sheet = workbook.sheets[0]
            cls.sheets = [(sheet.name, sheet.hidden) for sheet in workbook.sheets]
            cls.header = find_header(sheet.first_rows(), sheet.merged, SPECS)
            cls.matches = match_headings(cls.header.headings, SPECS)
            records = DataRows(sheet.rows(), cls.header, cls.matches, SPECS, sheet.merged)
            cls.rows = {row.number: row for row in records}
            cls.skipped = {row.number: row for row in records.skipped}
            cls.counts = records.skipped_counts()

    def test_sheets_are_listed_with_the_hidden_ones_marked(self):
        self.assertEqual(self.sheets, [("Cụm loa", False), ("Nháp", True)])

    def test_headings_over_two_rows_are_found_below_the_titles(self):
        self.assertEqual((self.header.first_row, self.header.last_row), (4, 5))
        self.assertEqual(self.header.headings[2:4], ("Nơi đặt / Ấp", "Nơi đặt / Địa điểm lắp đặt"))
        self.assertEqual(self.header.unit, 1000)
        self.assertEqual(
            [match.key for match in self.matches],
            [None, "name", "hamlet", "place", "year", "cost", "speakers", "installed"],
        )

    def test_records_and_nothing_else_are_read(self):
        self.assertEqual(list(self.rows), [8, 9, 10, 13, 17])
        self.assertEqual(
            self.rows[8].values,
            {
                "name": "Cụm loa số 1",
                "hamlet": "ấp Tân Thạnh",
                "place": "Trụ điện 12",
                "year": 2015,
                "cost": 12_500_000,
                "speakers": 4,
                "installed": datetime.date(2021, 3, 15),
            },
        )
        self.assertEqual(self.rows[8].precisions, {"year": "year", "installed": "day"})
        self.assertEqual(self.rows[8].converted, {"hamlet", "place"})
        self.assertEqual(self.rows[9].values["place"], "Chợ Mỹ Hiệp")

    def test_a_merged_text_belongs_to_all_its_rows_and_an_amount_to_the_first(self):
        for number in (8, 9, 10):
            self.assertEqual(self.rows[number].values["hamlet"], "ấp Tân Thạnh")
        self.assertEqual(self.rows[9].values["cost"], 12_000_000)
        self.assertIsNone(self.rows[10].values["cost"])

    def test_every_row_left_out_has_its_reason(self):
        self.assertEqual(
            {number: row.reason for number, row in self.skipped.items()},
            {
                6: "column_numbers",
                7: "section",
                12: "only_number",
                14: "subtotal",
                15: "repeated_heading",
                16: "section",
                18: "subtotal",
                19: "signatures",
                20: "signatures",
                21: "signatures",
            },
        )
        self.assertEqual(self.counts["blank"], 1)
        everything = set(self.rows) | set(self.skipped) | {11}
        self.assertEqual(everything, set(range(6, 22)))

    def test_sections_are_kept_with_their_rows(self):
        self.assertEqual(self.rows[8].section, "Khu vực 1")
        self.assertEqual(self.rows[17].section, "II. Khu vực 2")

    def test_problems_stand_beside_what_could_be_read(self):
        problems = {key: problem.code for key, problem in self.rows[13].problems.items()}
        self.assertEqual(problems, {"year": "not_a_year", "speakers": "unit_left_out"})
        self.assertEqual(self.rows[13].values["cost"], 12_000_500)
        self.assertEqual(self.rows[13].raw["year"], "đã cũ")
        self.assertEqual(self.rows[17].problems["cost"].code, "formula_uncalculated")


class TestHeadings(unittest.TestCase):
    def keys(self, headings, saved_mapping=None):
        return [match.key for match in match_headings(headings, SPECS, saved_mapping)]

    def test_headings_in_any_wording(self):
        for heading, key in {
            "TÊN CỤM LOA": "name",
            "Ten cum loa": "name",
            "Ấp/khóm": "hamlet",
            "Địa điểm lắp đặt cụm loa": "place",
            "Nguyên giá (đồng)": "cost",
            "Năm đưa vào sử dụng (*)": "year",
            "Toạ độ": "gps",
            "Ghi chú khác": "note",
            "Chữ ký": None,
        }.items():
            self.assertEqual(self.keys([heading]), [key], heading)

    def test_one_column_for_a_field_and_one_field_for_a_column(self):
        self.assertEqual(self.keys(["Ghi chú", "Ghi chú", "Ấp"]), ["note", None, "hamlet"])
        matches = match_headings(["Tên cụm loa", "Cụm loa (loại)"], SPECS)
        self.assertEqual([match.key for match in matches], ["name", None])
        self.assertEqual(matches[1].alternatives[0][0], "name")

    def test_what_was_confirmed_before_wins(self):
        headings = ["Ghi chú", "Ghi chú", "Ấp"]
        keys = heading_keys(headings)
        mapping = {keys[0]: None, keys[1]: "place", keys[2]: "name", "cột cũ": "year"}
        self.assertEqual(self.keys(headings, mapping), [None, "place", "name"])

    @given(st.permutations([spec.label for spec in SPECS] + ["STT", "Ký nhận", "Người kiểm"]))
    @settings(max_examples=50, deadline=None)
    def test_the_order_of_columns_does_not_matter(self, shuffled):
        expected = {spec.label: spec.key for spec in SPECS}
        self.assertEqual(self.keys(shuffled), [expected.get(heading) for heading in shuffled])

    def test_missing_fields_are_named(self):
        matches = match_headings(["Tên cụm loa", "Ghi chú"], SPECS)
        self.assertEqual([spec.key for spec in missing_fields(matches, SPECS)], ["hamlet"])

    def test_a_sheet_without_headings(self):
        rows = [SheetRow(number, ("abc", number, "xyz")) for number in range(1, 9)]
        self.assertIsNone(find_header(rows, [], SPECS))

    def test_a_column_may_state_its_own_unit(self):
        match = match_headings(["Nguyên giá (triệu đồng)"], SPECS)[0]
        self.assertEqual((match.key, match.unit), ("cost", 10**6))


class TestStaffList(unittest.TestCase):
    def test_titles_of_officials_are_data_in_a_list_of_staff(self):
        specs = (FieldSpec("name", "Họ và tên"), FieldSpec("title", "Chức vụ"))
        table = (
            ("STT", "Họ và tên", "Chức vụ"),
            ("1", "Cán bộ A", "Chủ tịch"),
            ("2", "Cán bộ B", "Kế toán"),
            (None, "Cán bộ C", "Văn thư"),
            (None, "Chủ tịch"),
            (None, "Cán bộ A"),
        )
        rows = [SheetRow(number, values) for number, values in enumerate(table, start=1)]
        header = find_header(rows, [], specs)
        records = DataRows(rows, header, match_headings(header.headings, specs), specs)
        self.assertEqual([row.number for row in records], [2, 3, 4])
        self.assertEqual([row.number for row in records.skipped], [5, 6])


class TestExamples(unittest.TestCase):
    def test_examples_in_the_documentation_hold(self):
        self.assertEqual(doctest.testmod(headings).failed, 0)
