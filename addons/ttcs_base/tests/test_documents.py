"""Documents as their readers get them: every file is opened again by another library."""

import configparser
import datetime as dt
import io
import re
import time
import unicodedata
import zipfile
from dataclasses import replace
from unittest import TestCase

import docx
import pypdf
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tools import config

from odoo.addons.ttcs_base.documents import (
    SUM,
    Annex,
    Column,
    Definitions,
    DocumentError,
    FontFiles,
    Heading,
    NarrativeBox,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Row,
    Signature,
    Table,
    clean_text,
    format_date,
    format_decimal,
    format_document_number,
    format_integer,
    format_long_date,
    render_docx,
    render_pdf,
)

SYSTEM_FONTS = "/usr/share/fonts/truetype/croscore"
POINTS_OF_TOP_MARGIN = 20 * 72 / 25.4
HOSTILE = [
    "<b>đậm</b> & <br/> &amp; ]]>",
    "\"nháy\" 'đơn' {{ 1 + 1 }} %s ${x}",
    unicodedata.normalize("NFD", "Đường Nguyễn Huệ, ấp Mỹ Tây"),
    "loa 😀📢 hỏng",
    "dòng một\r\ndòng hai\tcột",
    "x" * 10_000,
    "\x00\x0b\x1b\ud800\ufffe\u200b\u202eẩn",
    "",
]


def fonts() -> FontFiles:
    """The fonts that set-up names in the server's settings, else the system's."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(config["config"] or [])
    return FontFiles.in_folder(parser.get("ttcs", "fonts", fallback=SYSTEM_FONTS))


def station_table(rows: int = 3, *, grouped: bool = False) -> Table:
    columns = [
        Column("STT", "integer", weight=0.4, align="center", code="A"),
        Column("Địa bàn", weight=2, code="B"),
        Column("Mã địa bàn", align="center", code="C"),
        Column("Tổng số", "integer", group="Cụm loa", code="1"),
        Column("Hoạt động", "integer", group="Cụm loa", code="2"),
        Column("Nguyên giá", "money", scale=1_000_000, digits=1, code="3"),
        Column("Ngày kiểm kê", "date", code="4"),
        Column("Tình trạng", weight=2, code="5"),
    ]
    body = []
    for number in range(rows):
        if grouped and number % 10 == 0:
            name = f"Khu vực {number // 10 + 1}"
            body.append(Row([None, name, None, SUM, SUM, SUM, None, None], level=1))
        body.append(
            (
                number + 1,
                f"Ấp Mỹ Tây {number + 1}",
                f"0{29_000 + number}",
                20 + number % 7,
                18 + number % 5,
                123_456_789 + number * 1_000_003,
                dt.date(2025, 1 + number % 12, 1 + number % 28),
                "Hộp điều khiển bị rỉ sét, dây dẫn đứt" if number % 5 == 0 else "Bình thường",
            )
        )
    total = [None, "Tổng cộng", None, SUM, SUM, SUM, None, None]
    return Table(columns, body, total, title="Hiện trạng cụm loa", unit="Triệu đồng")


def report(*blocks, **changes) -> OfficialDocument:
    return replace(
        OfficialDocument(
            parent_body="Ủy ban nhân dân tỉnh Đồng Tháp",
            issuing_body="Sở Văn hóa, Thể thao và Du lịch",
            symbol="BC-SVHTTDL",
            number="5",
            place="Đồng Tháp",
            date=dt.date(2026, 1, 5),
            kind="Báo cáo",
            subject="Kết quả hoạt động thông tin cơ sở năm 2025",
            addressees=["Ủy ban nhân dân tỉnh Đồng Tháp"],
            legal_bases=["Căn cứ Nghị định số 49/2024/NĐ-CP", "Căn cứ Quyết định số 135/QĐ-TTg"],
            blocks=blocks,
            signatures=[Signature(["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"])],
            recipients=["Như trên", "Lưu: VT"],
        ),
        **changes,
    )


def pdf_pages(document: OfficialDocument) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(document, fonts())))
    return [page.extract_text() for page in reader.pages]


def pdf_texts(document: OfficialDocument) -> list[list[tuple[float, str]]]:
    """For each page its pieces of text with their height above the page's lower edge."""
    pages = []
    for page in pypdf.PdfReader(io.BytesIO(render_pdf(document, fonts()))).pages:
        texts = []

        def visit(text, matrix, position, _font, _size, texts=texts):
            if text.strip():
                texts.append((matrix[5] + position[5], text.strip()))

        page.extract_text(visitor_text=visit)
        pages.append(texts)
    return pages


def dense(text: str) -> str:
    """Text without white space, which line breaks change."""
    return "".join(text.split())


def word_file(document: OfficialDocument):
    return docx.Document(io.BytesIO(render_docx(document)))


class TestPdf(TestCase):
    def test_head_and_foot_follow_the_form(self):
        text = dense(" ".join(pdf_pages(report(Paragraph("Báo cáo như sau.")))))
        for part in (
            "ỦY BAN NHÂN DÂN TỈNH ĐỒNG THÁP SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
            "Số: 05/BC-SVHTTDL",
            "Đồng Tháp, ngày 05 tháng 01 năm 2026",
            "BÁO CÁO Kết quả hoạt động thông tin cơ sở năm 2025",
            "Kính gửi: Ủy ban nhân dân tỉnh Đồng Tháp",
            "Căn cứ Nghị định số 49/2024/NĐ-CP; Căn cứ Quyết định số 135/QĐ-TTg.",
            "Báo cáo như sau./.",
            "Nơi nhận: - Như trên; - Lưu: VT.",
            "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC",
        ):
            with self.subTest(part=part):
                self.assertIn(dense(part), text)

    def test_number_and_day_are_left_to_the_clerical_office(self):
        text = pdf_pages(report(number=None, date=None, year=2026))[0]
        self.assertIn("Số:/BC-SVHTTDL", dense(text))
        self.assertIn("ĐồngTháp,ngàythángnăm2026", dense(text))

    def test_letter_has_its_subject_under_the_number(self):
        text = dense(pdf_pages(report(kind=None))[0])
        self.assertIn(dense("V/v Kết quả hoạt động thông tin cơ sở năm 2025"), text)
        self.assertNotIn("BÁOCÁO", text)

    def test_every_cell_of_a_long_table_is_there(self):
        table = station_table(130, grouped=True)
        text = dense(" ".join(pdf_pages(report(table))))
        for line in table.lines():
            for cell in line.texts:
                self.assertIn(dense(cell), text)

    def test_header_is_on_every_page_of_the_table(self):
        pages = pdf_pages(report(Annex("Biểu số liệu", landscape=True), station_table(130)))[1:]
        self.assertGreater(len(pages), 3)
        for page in pages:
            for title in ("Cụm loa", "Hoạt động", "Nguyên giá", "Tình trạng"):
                self.assertIn(dense(title), dense(page))

    def test_group_line_never_ends_a_page(self):
        for above in range(12):
            document = report(*[Paragraph("Một dòng.")] * above, station_table(60, grouped=True))
            pages = pdf_texts(document)
            self.assertGreater(len(pages), 2)
            for texts in pages:
                lowest = min(height for height, _text in texts)
                line = " ".join(text for height, text in texts if height < lowest + 1)
                self.assertNotIn("Khu vực", line, f"{above} paragraphs above the table")

    def test_page_number_is_hidden_on_each_first_page(self):
        long = [Paragraph("Nội dung báo cáo. " * 200)] * 3
        document = report(*long, Annex("Một", landscape=True), *long, Annex("Hai"), *long)
        reader = pypdf.PdfReader(io.BytesIO(render_pdf(document, fonts())))
        tops = [float(page.mediabox.height) - POINTS_OF_TOP_MARGIN for page in reader.pages]
        numbers = [
            [text for height, text in texts if height > top]
            for texts, top in zip(pdf_texts(document), tops, strict=True)
        ]
        starts = [index for index, found in enumerate(numbers) if not found]
        self.assertEqual(len(starts), 3)
        self.assertEqual(starts[0], 0)
        for index, found in enumerate(numbers):
            start = max(each for each in starts if each <= index)
            self.assertEqual(found, [str(index - start + 1)] if index > start else [])

    def test_landscape_of_document_and_of_annex(self):
        document = report(Annex("Ngang", landscape=True), station_table())
        shapes = [
            page.mediabox.width > page.mediabox.height
            for page in pypdf.PdfReader(io.BytesIO(render_pdf(document, fonts()))).pages
        ]
        self.assertEqual(shapes, [False, True])
        lying = render_pdf(report(landscape=True), fonts())
        page = pypdf.PdfReader(io.BytesIO(lying)).pages[0]
        self.assertGreater(page.mediabox.width, page.mediabox.height)

    def test_annexes_are_numbered_and_tied_to_the_document(self):
        text = dense(" ".join(pdf_pages(report(Annex("Danh mục"), Annex("Biểu")))))
        self.assertIn(dense("Phụ lục I DANH MỤC"), text)
        self.assertIn(dense("Phụ lục II BIỂU"), text)
        reference = "(Kèm theo Báo cáo số 05/BC-SVHTTDL ngày 05 tháng 01 năm 2026 của Sở Văn hóa"
        self.assertIn(dense(reference), text)
        self.assertNotIn("Phụ lục I", " ".join(pdf_pages(report(Annex("Một mình")))))

    def test_row_higher_than_a_page_is_cut_but_complete(self):
        words = " ".join(f"từ{number}" for number in range(6_000))
        table = Table([Column("STT", "integer"), Column("Nội dung")], [[1, words], [2, "cuối"]])
        text = "\n".join(pdf_pages(report(table)))
        self.assertEqual(re.findall(r"từ\d+", text), words.split())
        self.assertIn("cuối", text)

    def test_user_text_is_never_markup(self):
        text = dense(" ".join(pdf_pages(report(Paragraph(HOSTILE[0]), Heading(1, HOSTILE[0])))))
        self.assertEqual(text.count(dense(HOSTILE[0])), 2)

    def test_characters_without_glyph_are_shown_as_boxes(self):
        text = " ".join(pdf_pages(report(Paragraph("Loa 😀 hỏng"))))
        self.assertIn(dense("Loa □ hỏng"), dense(text))

    def test_hundred_recipients(self):
        recipients = [f"Ủy ban nhân dân xã số {number}" for number in range(100)]
        text = dense(" ".join(pdf_pages(report(recipients=recipients))))
        self.assertIn(dense("- Ủy ban nhân dân xã số 99."), text)

    def test_signature_is_never_parted_from_its_place_nor_from_the_last_words(self):
        signature = Signature(["KT. GIÁM ĐỐC"], name="(đã ký)")
        for above in range(12, 28):
            blocks = [Paragraph("Một dòng.")] * above + [Paragraph("Dòng cuối.")]
            pages = pdf_pages(report(*blocks, signatures=[signature]))
            for part in ("Dòng cuối./.", "KT. GIÁM ĐỐC", "(đã ký)", "- Lưu: VT."):
                self.assertIn(dense(part), dense(pages[-1]), f"{above} paragraphs above")

    def test_signature_after_a_table_is_never_parted(self):
        for rows in range(8, 34):
            pages = pdf_pages(report(station_table(rows)))
            for part in ("KT. GIÁM ĐỐC", "- Lưu: VT."):
                self.assertIn(dense(part), dense(pages[-1]), f"{rows} rows above")

    def test_dotted_lines_until_somebody_writes(self):
        empty = render_pdf(report(NarrativeBox("Khó khăn", lines=5)), fonts())
        written = render_pdf(report(NarrativeBox("Khó khăn", "Thiếu kinh phí.")), fonts())
        self.assertEqual(self._dotted_lines(empty), 5)
        self.assertEqual(self._dotted_lines(written), 0)

    @staticmethod
    def _dotted_lines(pdf: bytes) -> int:
        return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data().count(b"[.1 3]")

    def test_same_bytes_every_time(self):
        document = report(station_table(50, grouped=True))
        first = render_pdf(document, fonts())
        self.assertEqual(first, render_pdf(document, fonts()))
        self.assertEqual(pypdf.PdfReader(io.BytesIO(first)).metadata.creation_date.year, 2000)

    def test_two_thousand_rows_within_two_seconds(self):
        document = report(Annex("Biểu", landscape=True), station_table(2_000, grouped=True))
        render_pdf(report(), fonts())
        begin = time.process_time()
        render_pdf(document, fonts())
        self.assertLess(time.process_time() - begin, 2)

    def test_missing_fonts_are_named(self):
        with self.assertRaisesRegex(FileNotFoundError, "Tinos-Regular.ttf"):
            FontFiles.in_folder("/nowhere")


class TestWord(TestCase):
    def test_reads_back(self):
        text = "\n".join(
            element.text or "" for element in word_file(report()).element.body.iter(qn("w:t"))
        )
        for part in ("Số: 05/BC-SVHTTDL", "BÁO CÁO", "- Lưu: VT.", "PHÓ GIÁM ĐỐC"):
            self.assertIn(part, text)

    def test_headings_are_real_headings_in_the_font_of_the_form(self):
        file = word_file(report(Heading(1, "I. KẾT QUẢ"), Heading(2, "1. Đài truyền thanh")))
        styles = {paragraph.text: paragraph.style for paragraph in file.paragraphs}
        self.assertEqual(styles["I. KẾT QUẢ"].name, "Heading 1")
        self.assertEqual(styles["1. Đài truyền thanh"].name, "Heading 2")
        for paragraph in file.paragraphs:
            self.assertEqual(paragraph.style.font.name, "Times New Roman")

    def test_table_with_repeated_header(self):
        table = station_table(12)
        grid = word_file(report(table)).tables[1]
        header = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in grid.rows]
        self.assertEqual(header, [True] * 3 + [False] * 13)
        cells = [[cell.text for cell in row.cells] for row in grid.rows]
        self.assertEqual(cells[0][3:5], ["Cụm loa", "Cụm loa"])
        self.assertEqual(cells[1], [column.title for column in table.columns])
        self.assertEqual(cells[2], [column.code for column in table.columns])
        self.assertEqual(cells[3:], [list(line.texts) for line in table.lines()])

    def test_page_number_hidden_on_each_first_page(self):
        file = word_file(report(Annex("Biểu", landscape=True), station_table()))
        fields = file.sections[0].header._element.iter(qn("w:instrText"))
        self.assertEqual([field.text for field in fields], ["PAGE"])
        self.assertEqual(
            [section.orientation for section in file.sections],
            [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE],
        )
        for section in file.sections:
            self.assertTrue(section.different_first_page_header_footer)
            self.assertFalse(section.first_page_header.paragraphs[0].text)
            self.assertEqual(section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")), "1")

    def test_narrative_is_an_editable_control(self):
        blocks = NarrativeBox("Khó khăn", "Thiếu <kinh phí>\nThiếu người"), NarrativeBox("Đề xuất")
        body = word_file(report(*blocks)).element.body
        written, empty = body.iter(qn("w:sdt"))
        texts = [paragraph.text for paragraph in written.iter(qn("w:p"))]
        self.assertEqual(texts, ["Thiếu <kinh phí>", "Thiếu người"])
        self.assertIsNone(written.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}"))
        self.assertIsNotNone(empty.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}"))

    def test_same_bytes_every_time(self):
        first = render_docx(report(station_table()))
        self.assertEqual(first, render_docx(report(station_table())))
        entries = zipfile.ZipFile(io.BytesIO(first)).infolist()
        self.assertEqual({entry.date_time[0] for entry in entries}, {1980})
        self.assertIsNone(docx.Document(io.BytesIO(first)).core_properties.created)


class TestHostileText(TestCase):
    """Whatever people type, a document comes out."""

    def everywhere(self, text: str) -> OfficialDocument:
        table = Table([Column("Cột"), Column("Số", "integer")], [[text, 1], ["a", 2]], title=text)
        blocks = [
            Heading(2, text),
            Paragraph(text),
            NarrativeBox(text, text),
            table,
            Definitions([(text, text)]),
            PageBreak(),
            Annex(text),
            table,
        ]
        short = text[:100]
        return report(
            *blocks,
            subject=f"Trích yếu {text}",
            addressees=[text, text],
            legal_bases=[text],
            recipients=[text],
            signatures=[Signature([short, short], name=short, hint=short)] * 2,
        )

    def test_nothing_breaks(self):
        for text in HOSTILE:
            for kind in ("Báo cáo", None):
                with self.subTest(text=text[:20], kind=kind):
                    document = replace(self.everywhere(text), kind=kind)
                    pages = dense(" ".join(pdf_pages(document)))
                    self.assertIn("Trích", pages)
                    body = word_file(document).element.body
                    texts = [paragraph.text for paragraph in body.iter(qn("w:p"))]
                    for line in clean_text(text).replace("\t", " ").split("\n"):
                        self.assertIn(line, texts)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.text(max_size=60))
    def test_nothing_breaks_whatever_is_typed(self, text):
        document = self.everywhere(text)
        self.assertTrue(render_pdf(document, fonts()).startswith(b"%PDF"))
        word_file(document)


class TestDescription(TestCase):
    """What cannot become a document is refused with the place and the reason."""

    def refused(self, pattern: str, make, *args, **kwargs) -> None:
        with self.subTest(pattern=pattern), self.assertRaisesRegex(DocumentError, pattern):
            make(*args, **kwargs)

    def test_document(self):
        self.refused("issuing_body is empty", report, issuing_body=" ")
        self.refused("longer than 300", report, issuing_body="x" * 301)
        self.refused("BC UBND", report, symbol="BC UBND")
        self.refused("date, or only the year", report, date=None)
        self.refused("date, or only the year", report, year=2025)
        self.refused("None leaves it", report, number="")
        self.refused("0 signatures", report, signatures=[])
        self.refused("4 signatures", report, signatures=[Signature(["A"])] * 4)
        self.refused("recipients must be a list", report, recipients="Lưu: VT")
        self.refused("str is not a block", report, "một đoạn")
        self.refused("level 4", Heading, 4, "Mục")
        self.refused("position", Signature, [])

    def test_table(self):
        count = Column("Số loa", "integer")
        self.refused("no columns", Table, [], [])
        self.refused("row 2: 2 cells for 1 columns", Table, [count], [[1], [1, 2]])
        self.refused("row 1, column 'Số loa'.*kind integer", Table, [count], [["một"]])
        self.refused("kind integer", Table, [count], [[True]])
        self.refused("kind integer", Table, [count], [[SUM]])
        self.refused("nan", Table, [Column("Tỷ lệ", "decimal")], [[float("nan")]])
        self.refused("kind date", Table, [Column("Ngày", "date")], [[dt.datetime(2026, 1, 1)]])
        self.refused("kind text", Table, [Column("Tên")], [["a"]], [SUM])
        self.refused("fixed number beside sums", Table, [count], [Row([5], 1), [5]], [SUM])
        self.refused("not known", Column, "Tên", "number")
        self.refused("only a money column", Column, "Tên", "integer", scale=1000)
        self.refused("200 characters", Column, "x" * 201)

    def test_header_that_leaves_no_room_is_refused(self):
        table = Table([Column("x" * 200) for _ in range(30)], [[""] * 30])
        with self.assertRaisesRegex(DocumentError, "header fills the page"):
            render_pdf(report(table), fonts())

    def test_groups_cover_their_members_up_to_the_next_of_their_level(self):
        columns = [Column("Tên"), Column("Số", "integer")]
        rows = [
            Row(["A", SUM], 1),
            Row(["A1", SUM], 2),
            ("a", 1),
            ("b", None),
            Row(["A2", SUM], 2),
            ("c", 4),
            Row(["B", SUM], 1),
            ("d", 8),
        ]
        rows, total = Table(columns, rows, ["Cộng", SUM]).computed()
        self.assertEqual([row.cells[1] for row in rows], [5, 1, 1, None, 4, 4, 8, 8])
        self.assertEqual(total.cells[1], 13)

    def test_totals_are_added_unrounded_and_the_difference_is_explained(self):
        money = Column("Kinh phí", "money", scale=1_000_000)
        table = Table([money], [[400_000], [400_000], [400_000]], [SUM])
        self.assertEqual([line.texts for line in table.lines()], [("0",), ("0",), ("0",), ("1",)])
        self.assertIn("do làm tròn", " ".join(pdf_pages(report(table))))
        exact = Table([money], [[1_000_000], [2_000_000]], [SUM])
        self.assertNotIn("do làm tròn", " ".join(pdf_pages(report(exact))))

    def test_float_money_is_added_as_it_is_shown(self):
        table = Table([Column("Kinh phí", "money", digits=1)], [[0.1]] * 3, [SUM])
        self.assertEqual(table.lines()[-1].texts, ("0,3",))

    def test_nothing_counted_is_not_zero(self):
        empty = replace(station_table(), rows=[])
        self.assertIn("Chưa có số liệu", " ".join(pdf_pages(report(empty))))
        self.assertIn("Chưa có số liệu", word_file(report(empty)).tables[1].rows[-1].cells[0].text)

    @given(st.text())
    def test_clean_text_is_composed_printable_and_stable(self, text):
        clean = clean_text(text)
        self.assertTrue(unicodedata.is_normalized("NFC", clean))
        self.assertEqual(clean_text(clean), clean)
        kinds = {unicodedata.category(each) for each in clean if each not in "\n\t"}
        self.assertFalse(kinds & {"Cc", "Cf", "Cs"})


class TestNumbers(TestCase):
    def test_zeros_of_dates_and_document_numbers(self):
        self.assertEqual(format_long_date(dt.date(2026, 2, 9)), "ngày 09 tháng 02 năm 2026")
        self.assertEqual(format_long_date(dt.date(2026, 3, 10)), "ngày 10 tháng 3 năm 2026")
        self.assertEqual(format_date(dt.date(2026, 3, 1)), "01/03/2026")
        self.assertEqual(format_document_number("9", "KH-UBND"), "09/KH-UBND")
        self.assertEqual(format_document_number("10", "KH-UBND"), "10/KH-UBND")
        self.assertEqual(format_document_number("5a", "KH-UBND"), "5a/KH-UBND")

    def test_decimals_round_half_away_from_zero_as_written(self):
        for value, digits, text in (
            (2.675, 2, "2,68"),
            (-2.5, 0, "-3"),
            (-0.4, 0, "0"),
            (1234567.5, 1, "1.234.567,5"),
            (1e22, 0, "10.000.000.000.000.000.000.000"),
        ):
            with self.subTest(value=value):
                self.assertEqual(format_decimal(value, digits), text)

    @given(st.integers())
    def test_integers_read_back(self, number):
        text = format_integer(number)
        self.assertEqual(int(text.replace(".", "")), number)
        self.assertRegex(text, r"^-?\d{1,3}(\.\d{3})*$")
