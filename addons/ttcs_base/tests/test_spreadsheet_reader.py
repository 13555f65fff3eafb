"""Whole workbooks as offices keep them, and files that only claim to be workbooks."""

import datetime
import doctest
import io
import subprocess
import sys
import tempfile
import textwrap
import unittest
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from odoo.addons.ttcs_base.spreadsheet import cells
from odoo.addons.ttcs_base.spreadsheet.cells import CellFault
from odoo.addons.ttcs_base.spreadsheet.reader import (
    ReadingLimits,
    SpreadsheetRefused,
    open_workbook,
)
from odoo.addons.ttcs_base.spreadsheet.refusal import REFUSALS

SHEET = "xl/worksheets/sheet1.xml"


def saved(workbook: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def workbook_of(*rows: list) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        sheet = workbook.add_worksheet("Cụm loa")
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(number, column, value, day)
                else:
                    sheet.write(number, column, value)
    return content.getvalue()


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a workbook with one piece of one part replaced."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    if old not in parts[part]:
        raise AssertionError(f"{old!r} is not in {part}")
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return result.getvalue()


def values_of(content: bytes, limits: ReadingLimits | None = None) -> list[tuple]:
    with open_workbook(content, limits=limits) as workbook:
        return [row.values for row in workbook.sheets[0].rows()]


SMALL = workbook_of(["Tên cụm loa", 1], ["Cụm 1", 2.5])


class TestCells(unittest.TestCase):
    def test_values_and_rows_are_those_of_the_sheet(self):
        workbook = openpyxl.Workbook()
        day = datetime.datetime(2021, 3, 15)
        workbook.active.append(["a", 1, 2.5, True, None, day, datetime.time(7, 30)])
        workbook.active.append([])
        workbook.active.append([None, None, "dòng 1_x000D_\ndòng 2 & <b>", "  "])
        with open_workbook(saved(workbook)) as opened:
            rows = [(row.number, row.values) for row in opened.sheets[0].rows()]
        first = ("a", 1, 2.5, True, None, day, datetime.time(7, 30))
        second = (None, None, "dòng 1\r\ndòng 2 & <b>")
        self.assertEqual(rows, [(1, first), (3, second)])
        self.assertEqual(values_of(workbook_of(["_x0041_"])), [("_x0041_",)])

    def test_formulas_show_the_stored_result_or_its_absence(self):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as workbook:
            sheet = workbook.add_worksheet()
            sheet.write_formula(0, 0, "=1+1", None, 2)
            sheet.write_formula(0, 1, '="a"', None, "a")
            sheet.write_formula(0, 2, "=1/0", None, "#DIV/0!")
        self.assertEqual(values_of(content.getvalue()), [(2, "a", CellFault("#DIV/0!"))])
        never_calculated = openpyxl.Workbook()
        never_calculated.active.append(["=1+1", '=HYPERLINK("http://a")', "x"])
        faults = values_of(saved(never_calculated))
        self.assertEqual(faults, [(CellFault(""), CellFault(""), "x")])

    def test_fonts_tell_how_a_text_is_stored(self):
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        for row, (text, font) in enumerate(
            (
                ("Côm loa", ".VnTime"),
                ("côm loa", ".VnTimeH"),
                ("Sôn", "VNI-Times"),
                ("Côm loa", "Arial"),
                ("Trô ®iÖn", "Arial"),
            ),
            start=1,
        ):
            sheet.cell(row, 1, text).font = Font(name=font)
        run = InlineFont(rFont=".VnTime")
        sheet["A6"] = CellRichText("Xã Mỹ Hiệp, ", TextBlock(run, "x"), TextBlock(run, "ãm Míi"))
        with open_workbook(saved(workbook)) as opened:
            rows = list(opened.sheets[0].rows())
        self.assertEqual(
            [row.values[0] for row in rows],
            ["Cụm loa", "CỤM LOA", "Sơn", "Côm loa", "Trụ điện", "Xã Mỹ Hiệp, xóm Mới"],
        )
        self.assertEqual(
            [row.converted.get(0) for row in rows],
            ["Côm loa", "côm loa", "Sôn", None, "Trô ®iÖn", "Xã Mỹ Hiệp, xãm Míi"],
        )

    def test_hints_of_pronunciation_are_no_text(self):
        hint = b'<t>Loa</t><rPh sb="0" eb="3"><t>lo-a</t></rPh>'
        odd = changed(workbook_of(["Loa"]), "xl/sharedStrings.xml", b"<t>Loa</t>", hint)
        self.assertEqual(values_of(odd), [("Loa",)])

    def test_unicode_in_a_form_made_for_a_legacy_font(self):
        workbook = openpyxl.Workbook()
        for row, text in enumerate(("Xã", "Xã Mỹ Hiệp", "Ấp Bình Hòa", "Phó"), start=1):
            workbook.active.cell(row, 1, text).font = Font(name=".VnTime")
        texts = [values[0] for values in values_of(saved(workbook))]
        self.assertEqual(texts, ["Xã", "Xã Mỹ Hiệp", "Ấp Bình Hòa", "Phó"])

    def test_dates_of_a_workbook_counting_from_1904(self):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"date_1904": True}) as workbook:
            style = workbook.add_format({"num_format": "dd/mm/yyyy"})
            workbook.add_worksheet().write_datetime(0, 0, datetime.datetime(2021, 3, 15), style)
        self.assertEqual(values_of(content.getvalue()), [(datetime.datetime(2021, 3, 15),)])

    @given(
        st.lists(
            st.lists(
                st.one_of(
                    st.none(),
                    st.integers(-(10**12), 10**12),
                    st.floats(-1e9, 1e9).map(lambda number: round(number, 4)),
                    st.booleans(),
                    st.text("abc Đườngấạ<&>\"'_x0D_", min_size=1, max_size=12).filter(str.strip),
                    st.datetimes(datetime.datetime(1950, 1, 1), datetime.datetime(2100, 1, 1)).map(
                        lambda moment: moment.replace(microsecond=0)
                    ),
                ),
                max_size=6,
            ),
            max_size=6,
        )
    )
    @settings(max_examples=60, deadline=None)
    def test_reads_what_an_independent_reader_reads(self, rows):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as workbook:
            moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
            sheet = workbook.add_worksheet()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, datetime.datetime):
                        sheet.write_datetime(number, column, value, moment)
                    else:
                        sheet.write(number, column, value)
        reference = openpyxl.load_workbook(content, data_only=True).active
        expected = {
            (cell.row, cell.column - 1): cell.value
            for row in reference.iter_rows()
            for cell in row
            if cell.value is not None
        }
        with open_workbook(content.getvalue()) as opened:
            found = {
                (row.number, column): value
                for row in opened.sheets[0].rows()
                for column, value in enumerate(row.values)
                if value is not None
            }
        self.assertEqual(found, expected)

    def test_other_software_may_write_against_the_schema(self):
        content = workbook_of(["Tên cụm loa"], [datetime.date(2021, 3, 15)])
        rule = b'</sheetData><dataValidations><dataValidation errorStyle="?"/></dataValidations>'
        odd = changed(content, SHEET, b"</sheetData>", rule)
        odd = changed(odd, "xl/styles.xml", b'<family val="2"', b'<family val="34"')
        self.assertEqual(values_of(odd), [("Tên cụm loa",), (datetime.datetime(2021, 3, 15),)])

    def test_elements_may_carry_a_prefix(self):
        content = workbook_of(["a", 1], ["b", None, 2.5])
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            plain = package.read(SHEET)
        prefixed = plain.replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:")
        prefixed = prefixed.replace(b"<x:?", b"<?").replace(b"xmlns=", b"xmlns:x=")
        odd = changed(content, SHEET, plain, prefixed)
        self.assertEqual(values_of(odd), [("a", 1), ("b", None, 2.5)])


class TestRefusals(unittest.TestCase):
    def assert_refused(self, content, reason, limits=None):
        with self.assertRaises(SpreadsheetRefused) as caught:
            values_of(content, limits)
        self.assertEqual(caught.exception.reason, reason)
        self.assertEqual(caught.exception.message, REFUSALS[reason])
        self.assertNotIn("%(", str(caught.exception))

    def archive(self, **parts):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as package:
            for name, data in parts.items():
                package.writestr(name.replace("__", "/").replace("_dot_", "."), data)
        return content.getvalue()

    def test_other_formats_are_named(self):
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
        for reason, content in {
            "empty_file": b"",
            "password_protected": ole + "EncryptedPackage".encode("utf-16-le"),
            "old_xls": ole + "Workbook".encode("utf-16-le"),
            "csv": "Tên cụm loa;Ấp\nCụm 1;Ấp 2\n".encode(),
            "web_page": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
            "xml_spreadsheet": b'<?xml version="1.0"?><Workbook '
            b'xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "not_a_spreadsheet": b"%PDF-1.7\n1,2\n",
            "open_document": self.archive(mimetype="spreadsheet", content_dot_xml="<a/>"),
            "binary_xlsb": self.archive(xl__workbook_dot_bin=b"\0"),
            "word_document": self.archive(word__document_dot_xml="<a/>"),
            "damaged": b"PK\x03\x04" + bytes(100),
        }.items():
            with self.subTest(reason):
                self.assert_refused(content, reason)
        self.assert_refused(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_spreadsheet")
        self.assert_refused("a\tb\n1\t2".encode("utf-16"), "csv")

    def test_damaged_workbooks(self):
        content = workbook_of(*[["Tên cụm loa", number] for number in range(200)])
        self.assert_refused(content[: len(content) // 2], "damaged")
        self.assert_refused(changed(content, SHEET, b"</row>", b"</rwo>"), "damaged")
        self.assert_refused(
            changed(content, SHEET, b'<row r="1"', b'<row r="99999999"'), "damaged"
        )
        self.assert_refused(changed(content, SHEET, b"<v>0</v>", b"<v>77777</v>"), "damaged")
        self.assert_refused(changed(content, SHEET, b"UTF-8", b"UTF-99"), "damaged")

    @settings(max_examples=100, deadline=None)
    # From the end of the file, where the list of its parts stands, and from anywhere.
    @given(
        st.lists(
            st.tuples(st.integers(1, 400) | st.integers(1, 4500), st.integers(0, 255)),
            min_size=1,
            max_size=4,
        )
    )
    def test_bytes_changed_on_the_way_are_read_or_refused(self, changes):
        content = bytearray(SMALL)
        for place, byte in changes:
            content[-place] = byte
        try:
            values_of(bytes(content))
        except SpreadsheetRefused as refusal:
            self.assertIn(refusal.reason, REFUSALS)

    def test_entities_are_refused_before_they_are_expanded(self):
        content = workbook_of(["a"])
        levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
        bomb = f'<!DOCTYPE worksheet [<!ENTITY e0 "ha">{levels}]><worksheet '.encode()
        outside = b'<!DOCTYPE worksheet [<!ENTITY e SYSTEM "file:///etc/hostname">]><worksheet '
        for declaration in (bomb, outside):
            self.assert_refused(
                changed(content, SHEET, b"<worksheet ", declaration), "forbidden_xml"
            )
        part = "xl/workbook.xml"
        self.assert_refused(
            changed(content, part, b"<workbook ", b"<!DOCTYPE workbook []><workbook "),
            "forbidden_xml",
        )

    def test_bombs_are_refused_by_their_declared_size(self):
        content = workbook_of(["a"])
        blank = b"<row/>" * 15_000_000
        bomb = changed(content, SHEET, b"<sheetData>", b"<sheetData>" + blank)
        self.assertLess(len(bomb), 1_000_000)
        self.assert_refused(bomb, "suspicious_compression")
        self.assert_refused(content, "too_large_unpacked", ReadingLimits(unpacked_bytes=1000))
        texts = changed(content, "xl/sharedStrings.xml", b"<si>", b"<si/>" * 10_000 + b"<si>")
        self.assert_refused(texts, "too_large_unpacked", ReadingLimits(part_bytes=10_000))
        self.assert_refused(content, "file_too_large", ReadingLimits(file_bytes=100))

    def test_limits_of_a_sheet(self):
        rows = [["a", number] for number in range(50)]
        self.assertEqual(len(values_of(workbook_of(*rows), ReadingLimits(rows=20))), 50)
        self.assert_refused(workbook_of(*rows, ["b"]), "too_many_rows", ReadingLimits(rows=20))
        self.assert_refused(workbook_of(*rows), "too_many_cells", ReadingLimits(cells=99))
        wide = workbook_of([None] * 19 + ["a"])
        self.assert_refused(wide, "too_many_columns", ReadingLimits(columns=19))
        self.assertEqual(len(values_of(wide, ReadingLimits(columns=20))[0]), 20)
        merged = openpyxl.Workbook()
        for row in range(1, 5):
            merged.active.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        with open_workbook(saved(merged), limits=ReadingLimits(merged_ranges=3)) as opened:
            with self.assertRaises(SpreadsheetRefused):
                _ = opened.sheets[0].merged

    def test_a_workbook_of_charts_only(self):
        workbook = openpyxl.Workbook()
        workbook.create_chartsheet()
        workbook.remove(workbook.worksheets[0])
        self.assert_refused(saved(workbook), "no_sheet")

    def test_messages_name_what_they_speak_of(self):
        limits = ReadingLimits(rows=20)
        with self.assertRaises(SpreadsheetRefused) as caught:
            values_of(workbook_of(*[["a"]] * 51), limits)
        self.assertEqual(caught.exception.arguments, {"sheet": "Cụm loa", "limit": 20})

    @given(st.binary(max_size=300), st.sampled_from((b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")))
    @settings(max_examples=200, deadline=None)
    def test_any_bytes_are_read_or_refused(self, content, beginning):
        with self.assertRaises(SpreadsheetRefused):
            values_of(beginning + content)

    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def test_any_spoilt_sheet_is_read_or_refused(self, data):
        content = workbook_of(["Tên", 1, "=A1"], ["b", datetime.date(2021, 3, 15), 2.5])
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            part = data.draw(st.sampled_from(package.namelist()))
            good = package.read(part)
        place = data.draw(st.integers(0, len(good) - 1))
        spoilt = good[:place] + data.draw(st.binary(max_size=6)) + good[place + 1 :]
        try:
            values_of(changed(content, part, good, spoilt))
        except SpreadsheetRefused:
            pass


class TestLargeList(unittest.TestCase):
    ROWS = 100_000
    SECONDS = 25
    MEGABYTES = 200

    def test_a_hundred_thousand_rows_are_read_in_bounded_time_and_memory(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "large.xlsx"
            self.write(path)
            rows, seconds, megabytes = self.measure(path)
        self.assertEqual(rows, self.ROWS + 1)
        self.assertLess(seconds, self.SECONDS)
        self.assertLess(megabytes, self.MEGABYTES)

    def write(self, path):
        with xlsxwriter.Workbook(path) as workbook:
            day = workbook.add_format({"num_format": "dd/mm/yyyy"})
            legacy = workbook.add_format({"font_name": ".VnTime"})
            sheet = workbook.add_worksheet()
            sheet.write_row(0, 0, ["STT", "Tên cụm loa", "Ấp", "Xã", "Loại", "Số loa", "Năm SD"])
            for n in range(1, self.ROWS + 1):
                sheet.write_row(n, 0, [n, f"Cụm loa số {n}", f"Ấp Tân Thạnh {n % 9}", "Mỹ Hiệp"])
                sheet.write_row(n, 4, ["IP", n % 4, 2010 + n % 15, 50, "Đang dùng", "Trụ điện"])
                sheet.write_string(n, 10, "Ho¹t ®éng tèt", legacy)
                sheet.write_number(n, 11, 40_000 + n % 5000, day)
                sheet.write_row(n, 12, [f"{n:,}.000", f"10.{n:06}, 105.6321", f"Ghi chú {n}"])

    def measure(self, path):
        """Read the file in a fresh process: (rows, seconds of processor time, MB added)."""
        addon = Path(cells.__file__).parents[1]
        script = textwrap.dedent(
            f"""
            import resource, sys, time, types
            package = types.ModuleType("addon")
            package.__path__ = [{str(addon)!r}]
            sys.modules["addon"] = package
            from addon.spreadsheet.reader import open_workbook
            def peak():
                return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            before = peak()
            with open({str(path)!r}, "rb") as file, open_workbook(file.read()) as workbook:
                rows = sum(1 for row in workbook.sheets[0].rows())
            print(rows, time.process_time(), (peak() - before) / 1024)
            """
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        rows, seconds, megabytes = done.stdout.split()
        return int(rows), float(seconds), float(megabytes)


class TestExamples(unittest.TestCase):
    def test_examples_in_the_documentation_hold(self):
        self.assertEqual(doctest.testmod(cells).failed, 0)
