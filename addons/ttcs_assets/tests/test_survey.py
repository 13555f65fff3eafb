from datetime import timedelta

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .survey_common import SurveyCase


@tagged("post_install", "-at_install")
class TestSurvey(SurveyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.open_survey()

    def send_all(self):
        for sheet in self.survey.sheet_ids:
            sheet.with_user(self.manager).action_send()

    def test_every_commune_office_in_force_gets_one_sheet(self):
        offices = self.committee_c | self.committee_e | self.committee_f | self.committee_g
        self.assertEqual(self.survey.sheet_ids.agency_id, offices)
        self.assertEqual(set(self.survey.sheet_ids.mapped("state")), {"to_do"})

    def test_commune_without_any_asset_has_a_sheet_of_zeros_but_hamlets(self):
        sheet = self.sheet_of(self.survey, self.commune_e)
        self.assertEqual(self.values(sheet), {"hamlets_total": 1, "hamlets_none": 1})
        self.assertFalse(sheet.line_ids)
        tiles = str(sheet.ratios_html)
        self.assertEqual(tiles.count("No figures yet"), 4)
        self.assertNotIn("100", tiles)

    def test_sheet_as_it_is_is_confirmed(self):
        sheet = self.own(self.commune_c, self.officer_c)
        sheet.action_send()
        self.assertEqual((sheet.state, sheet.confirmed_by), ("confirmed", self.officer_c))
        self.assertEqual(sheet.number_id.name, "01/2026")
        self.assertEqual(sheet.number_id.agency_id, self.committee_c)

    def test_corrected_station_carries_into_the_figures_and_not_into_the_register(self):
        sheet = self.own(self.commune_c, self.officer_c)
        line = sheet.line_ids.filtered(lambda each: each.station_id == self.ip)
        register = self.ip.read(["write_date", "cluster_count"])
        line.write({"confirmed_clusters": 20, "confirmed_working": 16, "note": "Mới lắp 4 cụm"})
        figures = {f.indicator: f.confirmed_value for f in sheet.figure_ids}
        self.assertEqual(figures["clusters_total"], 22)
        self.assertEqual((figures["clusters_working"], figures["clusters_broken"]), (18, 4))
        self.assertIn("5,5 (22/4)", str(sheet.ratios_html))
        self.assertEqual(self.ip.read(["write_date", "cluster_count"]), register)
        sheet.action_send()
        self.assertEqual(sheet.state, "corrected")
        # Totals of the area count the corrected sheet and the register of the others.
        self.assertEqual(self.survey._sheet_totals()["clusters_total"], 23)

    def test_totals_count_the_register_until_a_sheet_is_sent(self):
        sheet = self.own(self.commune_c, self.officer_c)
        figure = self.figure(sheet, "boards_total")
        figure.write({"confirmed_value": 9, "note": "Năm bảng mới"})
        self.assertEqual(self.survey._sheet_totals()["boards_total"], 4)
        sheet.action_send()
        self.assertEqual(self.survey._sheet_totals()["boards_total"], 9)
        sheet.with_user(self.manager)._return("Kiểm tra lại")
        self.assertEqual(self.survey._sheet_totals()["boards_total"], 4)

    def test_station_gone_and_station_added(self):
        sheet = self.own(self.commune_c, self.officer_c)
        gone = sheet.line_ids.filtered(lambda each: each.station_id == self.fm)
        gone.write({"is_gone": True, "note": "Đã dỡ bỏ"})
        sheet.write(
            {
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Đài mới",
                            "confirmed_kind": "ip",
                            "confirmed_converted_on": "2026-05-01",
                            "confirmed_clusters": 16,
                            "confirmed_working": 16,
                            "note": "Chưa ghi sổ",
                        },
                    )
                ]
            }
        )
        figures = {f.indicator: f.confirmed_value for f in sheet.figure_ids}
        self.assertEqual((figures["stations_total"], figures["stations_fm"]), (4, 0))
        self.assertEqual((figures["stations_ip"], figures["stations_converted"]), (2, 2))
        self.assertEqual(figures["stations_below_target"], 2)
        with self.assert_refused(UserError):
            gone.action_remove()
        sheet.line_ids.filtered("is_added").action_remove()
        self.assertEqual(self.figure(sheet, "stations_total").confirmed_value, 3)

    def test_difference_without_a_note_is_refused(self):
        sheet = self.own(self.commune_c, self.officer_c)
        with self.assert_refused(ValidationError) as refusal:
            self.figure(sheet, "boards_total").confirmed_value = 7
        self.assertIn("4", str(refusal.exception))
        with self.assert_refused(ValidationError):
            sheet.line_ids[0].confirmed_clusters += 1
        figure = self.figure(sheet.sudo(), "boards_total")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE ttcs_survey_figure SET confirmed_value = 7 WHERE id = %s", [figure.id]
            )

    def test_figure_of_the_stations_is_corrected_there_only(self):
        figure = self.figure(self.own(self.commune_c, self.officer_c), "clusters_total")
        with self.assert_refused(UserError):
            figure.write({"confirmed_value": 30, "note": "Thêm"})
        with self.assert_refused(AccessError):
            figure.write({"value": 30})
        with self.assert_refused(AccessError):
            figure.sheet_id.write({"state": "accepted"})

    def test_no_more_clusters_work_than_there_are_and_dates_fit_kinds(self):
        line = self.own(self.commune_c, self.officer_c).line_ids.filtered(
            lambda each: each.station_id == self.fm
        )
        with mute_logger("odoo.sql_db"), self.assert_refused(psycopg2.errors.CheckViolation):
            line.write({"confirmed_working": 5, "note": "Sai"})
        with self.assert_refused(ValidationError):
            line.write({"confirmed_kind": "ip", "note": "Thiếu ngày"})
        with self.assert_refused(ValidationError):
            line.write({"confirmed_converted_on": "2026-01-01", "note": "FM có ngày"})

    def test_sent_sheet_is_closed_to_its_commune_until_it_is_returned(self):
        sheet = self.own(self.commune_c, self.officer_c)
        sheet.action_send()
        for change in (
            lambda: sheet.write({"assessment": "Thêm"}),
            lambda: self.figure(sheet, "boards_total").write({"note": "Thêm"}),
            lambda: sheet.line_ids[0].write({"note": "Thêm"}),
        ):
            with self.assert_refused(UserError):
                change()
        with self.assert_refused(AccessError):
            sheet._return("Tự trả lại")
        with self.assert_refused(AccessError):
            sheet.action_accept()
        wizard = self.env["ttcs.survey.reason"].with_user(self.manager)
        wizard.create(
            {"sheet_ids": [(6, 0, sheet.ids)], "reason": "Thiếu bảng tin chợ"}
        ).action_confirm()
        self.assertEqual((sheet.state, sheet.return_reason), ("returned", "Thiếu bảng tin chợ"))
        sheet.assessment = "Đã bổ sung"
        number = sheet.number_id
        sheet.action_send()
        sheet.with_user(self.manager).action_accept()
        self.assertEqual((sheet.state, sheet.number_id), ("accepted", number))

    def test_commune_sees_its_own_sheet_only(self):
        of_c, of_g = (self.sheet_of(self.survey, c) for c in (self.commune_c, self.commune_g))
        for user, own, other in (
            (self.officer_c, of_c, of_g),
            (self.officer_g, of_g, of_c),
        ):
            self.assertEqual(self.seen_by(user, self.survey.sheet_ids), own)
            self.assertEqual(self.seen_by(user, self.survey.sheet_ids.figure_ids), own.figure_ids)
            self.assertEqual(self.seen_by(user, self.survey.sheet_ids.line_ids), own.line_ids)
            with self.assert_refused(AccessError):
                other.with_user(user).read(["state"])
            with self.assert_refused(AccessError):
                other.with_user(user).action_send()
            self.assertEqual(self.seen_by(user, self.survey), self.survey)
            with self.assert_refused(AccessError):
                self.survey.with_user(user).action_report_pdf()
            with self.assert_refused(AccessError):
                self.survey.with_user(user).action_close()
        everything = self.survey.sheet_ids
        self.assertEqual(self.seen_by(self.leader, everything), everything)
        with self.assert_refused(AccessError):
            of_c.with_user(self.leader).action_send()

    def test_manager_of_a_commune_neither_accepts_nor_freezes(self):
        local = self.make_user(self.committee_c, "assets_manager")
        sheet = self.own(self.commune_c, local)
        sheet.action_send()
        with self.assert_refused(AccessError):
            sheet.action_accept()
        with self.assert_refused(AccessError):
            self.survey.with_user(local).action_close()
        self.assertFalse(self.survey.with_user(local).may_run)
        self.assertTrue(self.survey.with_user(self.manager).may_run)
        self.env.invalidate_all()
        self.assertFalse(sheet.may_accept)
        self.assertTrue(sheet.with_user(self.manager).may_accept)

    def test_late_sheets_are_found_and_counted(self):
        sheets = self.survey.sheet_ids
        self.assertFalse(any(sheets.mapped("is_late")))
        self.survey.write({"due_date": self.survey.map_date})
        sheet_c = self.own(self.commune_c, self.officer_c)
        sheet_c.action_send()
        domain = [("survey_id", "=", self.survey.id)]
        late = self.env["ttcs.survey.sheet"].search([*domain, ("is_late", "=", True)])
        self.assertEqual(late, sheets - sheet_c.sudo())
        self.assertEqual(late, sheets.filtered("is_late"))
        self.assertEqual(self.survey.late_count, 3)
        in_time = self.env["ttcs.survey.sheet"].search([*domain, ("is_late", "=", False)])
        self.assertEqual(in_time, sheet_c.sudo())

    def test_more_time_for_one_commune_stays_when_the_survey_moves(self):
        sheet = self.sheet_of(self.survey, self.commune_c)
        longer = self.today + timedelta(days=60)
        sheet.with_user(self.manager).due_date = longer
        with self.assert_refused(AccessError):
            sheet.with_user(self.officer_c).due_date = longer
        self.survey.with_user(self.manager).due_date = self.today + timedelta(days=20)
        self.assertEqual(sheet.due_date, longer)
        self.assertEqual(
            self.sheet_of(self.survey, self.commune_g).due_date, self.today + timedelta(days=20)
        )

    def items(self, user):
        return [
            (item["title"], item["count"], item["urgency"])
            for item in self.env["ttcs.today"].with_user(user).get_page()["items"]
            if item["action"]["res_model"] == "ttcs.survey.sheet"
        ]

    def test_page_of_today_names_the_sheet_and_who_is_missing(self):
        due = (self.today + timedelta(days=10)).strftime("%d/%m")
        own = f"Survey sheet due on {due}"
        self.assertEqual(self.items(self.officer_c), [(own, 1, "due")])
        missing = "Communes that have not sent their survey sheet"
        self.assertEqual(self.items(self.manager), [(missing, 4, "due")])
        self.own(self.commune_c, self.officer_c).action_send()
        self.assertEqual(self.items(self.officer_c), [])
        self.survey.with_user(self.manager).due_date = self.survey.map_date
        self.assertEqual(self.items(self.manager), [(missing, 3, "late")])
        self.assertEqual([each[2] for each in self.items(self.officer_g)], ["late"])

    def test_open_survey_keeps_its_area_and_map_date(self):
        survey = self.survey.with_user(self.manager)
        with self.assert_refused(UserError):
            survey.map_date = survey.map_date - timedelta(days=1)
        with self.assert_refused(UserError):
            survey.action_open()
        with self.assert_refused(UserError):
            survey.unlink()
        with self.assert_refused(ValidationError):
            self.make_survey(map_date=self.tomorrow)
        with self.assert_refused(UserError):
            self.make_survey(unit_id=self.commune_a.id).action_open()

    def test_commune_split_by_the_reform_has_a_sheet_each_before_and_after(self):
        before = self.open_survey(map_date="2025-06-30")
        offices = self.committee_a | self.committee_b | self.committee_d | self.committee_g
        self.assertEqual(before.sheet_ids.agency_id, offices)
        of_d = self.sheet_of(before, self.commune_d)
        successors = [
            self.make_user(office, "assets") for office in (self.committee_e, self.committee_f)
        ]
        for user in successors:
            self.assertEqual(self.seen_by(user, before.sheet_ids), of_d)
