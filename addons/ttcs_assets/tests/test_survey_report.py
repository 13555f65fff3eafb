import io

import docx
import openpyxl
import pypdf

from odoo.tests import HttpCase, tagged

from ..survey import INDICATORS, RATIOS, SurveyReport, ratio_text
from ..survey.tables import TABLE_FORMS
from .survey_common import SurveyCase


def cells(content):
    """The rows of every visible sheet of a workbook as lists of values."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in book
        if sheet.sheet_state == "visible"
    }


def docx_rows(content):
    document = docx.Document(io.BytesIO(content))
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def pdf_text(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


@tagged("post_install", "-at_install")
class TestSurveyReport(SurveyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_asset("board", cls.department, cls.province, in_use_date="2024-01-01")
        cls.survey = cls.open_survey(
            addressees="Ủy ban nhân dân tỉnh\nBộ Văn hóa, Thể thao và Du lịch"
        )
        cls.sheet = cls.survey.sheet_ids.filtered(lambda s: s.unit_id == cls.commune_c)
        own = cls.sheet.with_user(cls.officer_c)
        own.write({"difficulties": "Loa hỏng do sét", "proposals": "Bổ sung kinh phí"})
        line = own.line_ids.filtered(lambda each: each.station_id == cls.ip)
        line.write({"confirmed_clusters": 20, "confirmed_working": 15, "note": "Mới lắp 4 cụm"})
        own.action_send()

    def screen_totals(self):
        """The totals as the list of figures sums them for who reaches everything."""
        groups = (
            self.env["ttcs.survey.figure"]
            .with_user(self.manager)
            .formatted_read_group(
                [("survey_id", "=", self.survey.id)], ["indicator"], ["counted_value:sum"]
            )
        )
        return {group["indicator"]: group["counted_value:sum"] for group in groups}

    def test_workbook_has_the_figures_of_the_screen_with_codes(self):
        _name, content = self.survey._report_file("xlsx")
        sheets, totals = cells(content), self.screen_totals()
        totals["boards_total"] += 1
        for form in TABLE_FORMS:
            rows = sheets[form.sheet_name]
            [total] = [row for row in rows if row[1] == "Tổng cộng"]
            [of_c] = [row for row in rows if row[1] == self.commune_c.full_name]
            self.assertEqual(of_c[2], self.commune_c.code)
            for number, (_group, key) in enumerate(form.columns, start=3):
                if key in totals and not key.startswith("boards_"):
                    self.assertEqual(total[number], totals[key], key)
                    figure = self.figure(self.sheet, key)
                    self.assertEqual(of_c[number], figure.counted_value, key)
        boards = sheets["Bảng tin"]
        [total] = [row for row in boards if row[1] == "Tổng cộng"]
        self.assertEqual(total[3], 5)
        [outside] = [row for row in boards if row[1] == "Không thuộc xã, phường"]
        self.assertEqual(outside[3], 1)

    def test_average_of_the_area_is_no_average_of_averages(self):
        _name, content = self.survey._report_file("xlsx")
        [total] = [row for row in cells(content)["Cụm loa"] if row[1] == "Tổng cộng"]
        self.assertEqual(total[3], 23)
        self.assertAlmostEqual(total[7], 23 / 4, places=2)

    def test_pdf_and_word_have_the_figures_of_the_screen(self):
        report = self.survey._report()
        _name, pdf = self.survey._report_file("pdf")
        _name, word = self.survey._report_file("docx")
        text, rows = pdf_text(pdf), docx_rows(word)
        for indicator in INDICATORS:
            value = str(report.totals[indicator.key])
            wanted = [indicator.form_label, indicator.unit, value]
            self.assertIn(wanted, rows)
        for ratio in RATIOS:
            written = ratio_text(report.totals, ratio)
            self.assertIn(written, text)
        totals = self.screen_totals()
        self.assertEqual(report.totals["clusters_total"], totals["clusters_total"])
        for phrase in (
            "Kính gửi",
            "30/06/2026",
            "Khái niệm, phương pháp tính",
            "NGƯỜI LẬP BIỂU",
            "NGƯỜI KIỂM TRA",
            "Căn cứ Nghị định số 49/2024/NĐ-CP",
            "1/4 xã, phường đã gửi phiếu",
            "Loa hỏng do sét",
            "dưới 15 cụm",
            self.commune_c.code,
        ):
            self.assertIn(phrase, text)
        body = "\n".join(p.text for p in docx.Document(io.BytesIO(word)).paragraphs)
        self.assertIn("Khái niệm, phương pháp tính", body)

    def test_report_of_a_commune_shows_register_and_confirmed_side_by_side(self):
        _name, word = self.survey._report_file("docx", self.sheet)
        rows = docx_rows(word)
        self.assertIn(
            ["Tổng số cụm loa", "cụm", "18", "22", "4", "Corrected station by station."], rows
        )
        _name, pdf = self.survey._report_file("pdf", self.sheet)
        text = pdf_text(pdf)
        self.assertIn("5,5 (22/4)", text)
        self.assertIn("Mới lắp 4 cụm", text)
        self.assertIn("Bổ sung kinh phí", text)
        _name, workbook = self.survey._report_file("xlsx", self.sheet)
        checks = cells(workbook)["Đối chiếu"]
        [row] = [row for row in checks if row[0] == "Tổng số cụm loa"]
        self.assertEqual(row[2:5], [18, 22, 4])

    def test_commune_without_a_station_has_no_average_and_no_percentage(self):
        sheet = self.sheet_of(self.survey, self.commune_e)
        _name, pdf = self.survey._report_file("pdf", sheet)
        text = pdf_text(pdf)
        self.assertIn("Bình quân cụm loa trên một đài: Chưa có số liệu", text)
        self.assertIn("Tỷ lệ ấp, khóm nghe được loa: 0,0% (0/1)", text)

    def test_report_survives_being_kept_as_json(self):
        report = self.survey._current_report()
        again = SurveyReport.from_json(report.as_json())
        self.assertEqual(again.as_json(), report.as_json())
        self.assertEqual(again.totals, report.totals)
        self.assertEqual(again.sha256, report.sha256)

    def test_queries_of_the_report_do_not_grow_with_communes(self):
        province = self.make_unit("Tỉnh Lớn", "province")
        department = self.make_agency(province, "Sở Lớn", kind="department")
        queries = []
        for more in (5, 60):
            for number in range(more):
                self.make_agency(self.make_unit(f"Xã lớn {more}-{number}", "commune", province))
            survey = self.env["ttcs.survey"].create(
                {
                    "name": f"Đợt {more}",
                    "agency_id": department.id,
                    "map_date": self.today,
                    "due_date": self.tomorrow,
                }
            )
            survey.action_open()
            queries.append(self.count_queries(survey._report))
        self.assertEqual(queries[0], queries[1])


@tagged("post_install", "-at_install")
class TestSurveyDownload(HttpCase, SurveyCase):
    def test_buttons_download_and_strangers_do_not(self):
        survey = self.open_survey()
        sheet = survey.sheet_ids.filtered(lambda s: s.unit_id == self.commune_c)
        for user in (self.manager, self.officer_c, self.officer_g):
            user.password = f"{user.login}-Mật-khẩu-1"
        self.env.flush_all()
        self.authenticate(self.manager.login, f"{self.manager.login}-Mật-khẩu-1")
        url = survey.with_user(self.manager).action_report_xlsx()["url"]
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Cụm loa", cells(response.content))
        own = sheet.with_user(self.officer_c).action_report_pdf()["url"]
        self.authenticate(self.officer_c.login, f"{self.officer_c.login}-Mật-khẩu-1")
        self.assertTrue(self.url_open(own).content.startswith(b"%PDF"))
        self.assertEqual(self.url_open(url).status_code, 403)
        self.authenticate(self.officer_g.login, f"{self.officer_g.login}-Mật-khẩu-1")
        self.assertEqual(self.url_open(own).status_code, 403)
