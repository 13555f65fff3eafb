"""Workbooks as a statistical office gets them: opened again by another library."""

import datetime as dt
import io
import unicodedata
import zipfile
from unittest import TestCase

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.ttcs_base.documents import (
    SUM,
    Column,
    Definitions,
    DocumentError,
    Row,
    Sheet,
    Signature,
    Table,
    clean_text,
    render_xlsx,
)

SOURCE = {
    "parameters": {"Kỳ báo cáo": "Năm 2025", "Số xã": 102},
    "snapshot_hash": "0123456789abcdef" * 4,
    "taken_at": dt.datetime(2026, 1, 5, 7, 30),
}
COLUMNS = [
    Column("Địa bàn", weight=2, code="A"),
    Column("Mã địa bàn", code="B"),
    Column("Tổng số", "integer", group="Cụm loa", code="1"),
    Column("Hoạt động", "integer", group="Cụm loa", code="2"),
    Column("Tỷ lệ", "decimal", digits=2, code="3"),
    Column("Nguyên giá", "money", scale=1_000_000, code="4"),
    Column("Ngày kiểm kê", "date", code="5"),
]
TOTAL = ["Tổng cộng", None, SUM, SUM, 93.33, SUM, None]


def details(count: int, first: int = 0) -> list[tuple]:
    return [
        (
            f"Xã Mỹ Trà {number}",
            f"0{29_000 + number}",
            20 + number,
            18 + number,
            90.05,
            123_456_789 + number,
            dt.date(2025, 12, 1 + number % 28),
        )
        for number in range(first, first + count)
    ]


def plain_sheet(count: int = 5) -> Sheet:
    table = Table(COLUMNS, details(count), TOTAL, unit="Đơn vị tính: triệu đồng")
    return Sheet(
        "Biểu 01",
        table,
        titles=["HIỆN TRẠNG CỤM LOA", "Năm 2025"],
        form_lines=["Biểu số 01/TTCS", "Đơn vị báo cáo: Sở Văn hóa, Thể thao và Du lịch"],
        signatures=[
            Signature(["NGƯỜI LẬP BIỂU"], hint="(Ký, ghi rõ họ tên)"),
            Signature(["NGƯỜI KIỂM TRA"], hint="(Ký, ghi rõ họ tên)"),
            Signature(["THỦ TRƯỞNG ĐƠN VỊ"], hint="(Ký tên, đóng dấu)"),
        ],
        definitions=Definitions([("Cụm loa", "các loa dùng chung một bộ thu")]),
    )


def workbook(*sheets: Sheet, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(sheets, SOURCE)), data_only=values)


def first_cell(worksheet, value) -> openpyxl.cell.Cell:
    cells = (cell for row in worksheet.iter_rows() for cell in row)
    return next(cell for cell in cells if cell.value == value)


class TestFigures(TestCase):
    def test_total_is_a_formula_over_all_rows_with_its_result(self):
        sheet = plain_sheet(40)
        formulas, results = workbook(sheet).active, workbook(sheet, values=True).active
        first = first_cell(formulas, "Xã Mỹ Trà 0").row
        total = first_cell(formulas, "Tổng cộng").row
        self.assertEqual(total - first, 40)
        for letter in "CDF":
            self.assertEqual(
                formulas[f"{letter}{total}"].value, f"=SUM({letter}{first}:{letter}{total - 1})"
            )
            column = [results[f"{letter}{row}"].value for row in range(first, total)]
            self.assertAlmostEqual(results[f"{letter}{total}"].value, sum(column), places=6)
        self.assertEqual(formulas[f"E{total}"].value, 93.33)

    def test_groups_are_subtotals_that_do_not_count_twice(self):
        rows = [Row(["Khu vực 1", None, SUM, SUM, None, SUM, None], 1), *details(3)]
        rows += [Row(["Khu vực 2", None, SUM, SUM, None, SUM, None], 1), *details(2, 3)]
        sheet = Sheet("Biểu", Table(COLUMNS, rows, TOTAL))
        formulas, results = workbook(sheet).active, workbook(sheet, values=True).active
        one = first_cell(formulas, "Khu vực 1").row
        two = first_cell(formulas, "Khu vực 2").row
        total = first_cell(formulas, "Tổng cộng").row
        self.assertEqual(formulas[f"C{one}"].value, f"=SUBTOTAL(9,C{one + 1}:C{two - 1})")
        self.assertEqual(formulas[f"C{two}"].value, f"=SUBTOTAL(9,C{two + 1}:C{total - 1})")
        self.assertEqual(formulas[f"C{total}"].value, f"=SUBTOTAL(9,C{one}:C{total - 1})")
        counts = [results[f"C{row}"].value for row in (one, two, total)]
        self.assertEqual(counts, [63, 47, 110])

    def test_numbers_and_dates_are_not_text(self):
        sheet = workbook(plain_sheet()).active
        row = first_cell(sheet, "Xã Mỹ Trà 0").row
        cells = {letter: sheet[f"{letter}{row}"] for letter in "BCEFG"}
        self.assertEqual((cells["B"].value, cells["B"].data_type), ("029000", "s"))
        self.assertEqual((cells["C"].value, cells["C"].number_format), (20, "#,##0"))
        self.assertEqual((cells["E"].value, cells["E"].number_format), (90.05, "#,##0.00"))
        self.assertEqual((cells["F"].value, cells["F"].number_format), (123.456789, "#,##0"))
        self.assertEqual(cells["G"].value, dt.datetime(2025, 12, 1))
        self.assertEqual(cells["G"].number_format, "dd/mm/yyyy")

    def test_date_before_the_calendar_of_spreadsheets_is_kept_as_text(self):
        table = Table([Column("Ngày", "date")], [[dt.date(1899, 1, 2)], [dt.date(202, 3, 4)]])
        sheet = workbook(Sheet("Biểu", table)).active
        self.assertEqual(first_cell(sheet, "02/01/1899").data_type, "s")
        self.assertEqual(first_cell(sheet, "04/03/0202").data_type, "s")

    def test_nothing_counted_is_not_zero(self):
        sheet = workbook(Sheet("Biểu", Table(COLUMNS, [], TOTAL))).active
        first_cell(sheet, "Chưa có số liệu")
        with self.assertRaises(StopIteration):
            first_cell(sheet, "Tổng cộng")


class TestText(TestCase):
    BEGINNINGS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", '=cmd|"/c calc"!A1')

    def test_text_never_becomes_a_formula_and_stays_as_typed(self):
        texts = [clean_text(text) for text in self.BEGINNINGS]
        sheets = [
            Sheet(
                "Biểu",
                Table([Column(texts[0]), Column("B", group=texts[1])], [[t, t] for t in texts]),
                titles=texts,
                form_lines=texts,
                definitions=Definitions([(texts[0], "x")]),
            ),
        ]
        book = workbook(*sheets)
        again = io.BytesIO()
        book.save(again)
        for each in (book, openpyxl.load_workbook(again)):
            for row in each.active.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        self.assertEqual(cell.data_type, "s", cell.value)
                        if str(cell.value)[0] in "=+-@\t\n":
                            self.assertTrue(cell.quotePrefix, cell.value)
            found = {cell.value for row in each.active.iter_rows() for cell in row}
            self.assertLessEqual(set(texts), found)

    def test_parameters_are_text_too(self):
        source = {**SOURCE, "parameters": {"=khóa": "=1+1"}}
        data = io.BytesIO(render_xlsx([plain_sheet()], source))
        cell = first_cell(openpyxl.load_workbook(data)["Nguồn"], "=1+1")
        self.assertEqual((cell.data_type, cell.quotePrefix), ("s", True))

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=5))
    def test_whatever_is_typed_reads_back(self, texts):
        table = Table([Column("Tên")], [[text] for text in texts])
        sheet = workbook(Sheet("Biểu", table)).active
        values = [cell.value or "" for cell in sheet["A"][1:]]
        self.assertEqual(values, [clean_text(text) for text in texts])

    def test_text_longer_than_a_cell_is_cut_where_everybody_sees_it(self):
        table = Table([Column("Tên")], [["x" * 40_000], ["y" * 32_767], ["😀" * 20_000]])
        sheet = workbook(Sheet("Biểu", table)).active
        values = [cell.value for cell in sheet["A"][1:]]
        self.assertTrue(values[0].startswith("xxx") and "đã cắt bớt" in values[0])
        self.assertEqual(values[1], "y" * 32_767)
        self.assertTrue(values[2].startswith("😀") and "đã cắt bớt" in values[2])

    def test_decomposed_letters_are_composed(self):
        table = Table([Column("Tên")], [[unicodedata.normalize("NFD", "Đường Nguyễn Huệ")]])
        first_cell(workbook(Sheet("Biểu", table)).active, "Đường Nguyễn Huệ")


class TestForm(TestCase):
    def test_header_codes_signatures_definitions(self):
        sheet = workbook(plain_sheet()).active
        values = [[cell.value for cell in row] for row in sheet.iter_rows()]
        header = first_cell(sheet, "Địa bàn").row
        self.assertEqual(values[header - 1], [column.title for column in COLUMNS])
        self.assertEqual(values[header], [column.code for column in COLUMNS])
        self.assertEqual(values[header - 2][2], "Cụm loa")
        self.assertIn(f"C{header - 1}:D{header - 1}", map(str, sheet.merged_cells.ranges))
        signed = [value for value in values[first_cell(sheet, "NGƯỜI LẬP BIỂU").row - 1] if value]
        self.assertEqual(signed, ["NGƯỜI LẬP BIỂU", "NGƯỜI KIỂM TRA", "THỦ TRƯỞNG ĐƠN VỊ"])
        first_cell(sheet, "Cụm loa: các loa dùng chung một bộ thu")
        for row in sheet.iter_rows():
            for cell in row:
                self.assertEqual((cell.font.name, cell.font.size), ("Times New Roman", 13))

    def test_prints_on_a4_with_repeated_header(self):
        sheet = workbook(plain_sheet()).active
        first = first_cell(sheet, "Xã Mỹ Trà 0").row
        self.assertEqual(sheet.freeze_panes, f"A{first}")
        self.assertEqual(sheet.print_title_rows, f"${first - 3}:${first - 1}")
        self.assertEqual(sheet.page_setup.orientation, "landscape")
        self.assertEqual(sheet.page_setup.paperSize, 9)
        self.assertEqual((sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight), (1, 0))
        self.assertIn("P", sheet.oddHeader.center.text)

    def test_more_signatures_than_columns(self):
        sheet = Sheet("Biểu", Table([Column("Tên")], [["a"]]), signatures=plain_sheet().signatures)
        first_cell(workbook(sheet).active, "THỦ TRƯỞNG ĐƠN VỊ")

    def test_source_of_the_figures_is_on_a_hidden_sheet(self):
        source = workbook(plain_sheet())["Nguồn"]
        self.assertEqual(source.sheet_state, "hidden")
        pairs = {row[0].value: row[1].value for row in source.iter_rows()}
        self.assertEqual(pairs["Mã băm số liệu (SHA-256)"], "0123456789abcdef" * 4)
        self.assertEqual(pairs["Thời điểm chốt số liệu"], "2026-01-05 07:30:00")
        self.assertEqual((pairs["Kỳ báo cáo"], pairs["Số xã"]), ("Năm 2025", "102"))

    def test_same_bytes_every_time(self):
        first = render_xlsx([plain_sheet()], SOURCE)
        self.assertEqual(first, render_xlsx([plain_sheet()], SOURCE))
        entries = zipfile.ZipFile(io.BytesIO(first)).infolist()
        self.assertEqual({entry.date_time[0] for entry in entries}, {1980})

    def test_names_that_no_sheet_may_have_are_refused(self):
        table = Table([Column("Tên")], [])
        for name in ("", "x" * 32, "a/b", "a[1]", "'a", "nguồn", "History"):
            with self.subTest(name=name), self.assertRaises(DocumentError):
                Sheet(name, table)
        with self.assertRaisesRegex(DocumentError, "same name"):
            render_xlsx([Sheet("Biểu", table), Sheet("BIỂU", table)], SOURCE)
        with self.assertRaisesRegex(DocumentError, "needs a sheet"):
            render_xlsx([], SOURCE)
        with self.assertRaisesRegex(DocumentError, "snapshot_hash, taken_at"):
            render_xlsx([Sheet("Biểu", table)], {"parameters": {}})
