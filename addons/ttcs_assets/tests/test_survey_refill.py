from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .survey_common import SurveyCase


@tagged("post_install", "-at_install")
class TestSurveyRefill(SurveyCase):
    """A commune brings its old list into the register after the survey was opened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.open_survey()

    def counts(self, sheet, *keys):
        sheet.invalidate_recordset()
        found = {f.indicator: (f.value, f.confirmed_value) for f in sheet.figure_ids}
        return [found[key] for key in keys]

    def refill(self, sheet):
        self.env.flush_all()
        sheet.action_refill()

    def test_sheet_follows_a_register_that_was_filled_meanwhile(self):
        sheet = self.own(self.commune_e, self.make_user(self.committee_e, "assets"))
        self.assertEqual(sheet.register_change_count, 0)
        station = self.make_asset(
            "station", self.committee_e, self.commune_e, in_use_date="2025-07-01"
        )
        # Nobody knows since when these two are in use.
        for condition in ("good", "broken"):
            self.make_asset(
                "cluster",
                self.committee_e,
                self.commune_e,
                parent_asset_id=station.id,
                condition=condition,
                in_use_date=False,
            )
        sheet.invalidate_recordset()
        self.assertGreater(sheet.register_change_count, 0)
        self.refill(sheet)
        self.assertEqual(
            self.counts(sheet, "stations_total", "clusters_total", "clusters_broken"),
            [(1, 1), (2, 2), (1, 1)],
        )
        self.assertEqual(sheet.line_ids.station_id, station)
        self.assertEqual((sheet.register_change_count, sheet.difference_count), (0, 0))
        self.assertIn("taken again", sheet.message_ids[0].body)
        sheet.action_send()
        self.assertEqual(sheet.state, "confirmed")

    def test_asset_known_to_be_newer_than_the_map_is_not_counted(self):
        self.make_asset("board", self.committee_e, self.commune_e, in_use_date=self.today)
        sheet = self.own(self.commune_e, self.make_user(self.committee_e, "assets"))
        self.assertGreater(self.today, date(2026, 6, 30))
        self.assertEqual(sheet.register_change_count, 0)

    def test_what_the_commune_corrected_stays_beside_the_new_figure(self):
        sheet = self.own(self.commune_c, self.officer_c)
        line = sheet.line_ids.filtered(lambda each: each.station_id == self.ip)
        line.write({"confirmed_clusters": 20, "confirmed_working": 16, "note": "Mới lắp 4 cụm"})
        boards = self.figure(sheet, "boards_total")
        boards.write({"confirmed_value": 9, "note": "Bảng của trường học"})
        self.make_clusters(self.ip, self.hamlet_c2, 3, condition="good")
        self.make_asset("board", self.committee_c, self.commune_c, in_use_date="2025-07-01")
        self.make_clusters(self.mixed, self.hamlet_c3, 1)
        self.refill(sheet)
        self.assertEqual((line.clusters, line.confirmed_clusters), (19, 20))
        self.assertEqual(line.note, "Mới lắp 4 cụm")
        other = sheet.line_ids.filtered(lambda each: each.station_id == self.mixed)
        self.assertEqual((other.clusters, other.confirmed_clusters, other.differs), (1, 1, False))
        self.assertEqual(self.counts(sheet, "boards_total", "clusters_total"), [(5, 9), (22, 23)])
        self.assertEqual(boards.note, "Bảng của trường học")

    def test_correction_that_the_register_has_made_too_is_none_any_more(self):
        sheet = self.own(self.commune_c, self.officer_c)
        line = sheet.line_ids.filtered(lambda each: each.station_id == self.mixed)
        line.write({"confirmed_clusters": 1, "confirmed_working": 1, "note": "Có một cụm"})
        self.assertTrue(sheet.difference_count)
        self.make_clusters(self.mixed, self.hamlet_c3, 1)
        self.refill(sheet)
        self.assertFalse(line.differs)
        self.assertEqual(sheet.difference_count, 0)

    def test_station_that_the_register_lost(self):
        sheet = self.own(self.commune_c, self.officer_c)
        kept = sheet.line_ids.filtered(lambda each: each.station_id == self.fm)
        kept.write({"confirmed_horns": 2, "note": "Đài có hai loa"})
        gone = sheet.line_ids.filtered(lambda each: each.station_id == self.mixed)
        gone.write({"is_gone": True, "note": "Đã thanh lý"})
        (self.fm | self.mixed | self.station).life_state = "disposed"
        self.refill(sheet)
        self.assertTrue(kept.exists().is_added)
        self.assertEqual((kept.name, kept.note), ("Đài FM", "Đài có hai loa"))
        self.assertFalse(gone.exists())
        self.assertNotIn(self.station, sheet.line_ids.station_id)
        self.assertEqual(self.counts(sheet, "stations_total"), [(1, 2)])
        sheet.action_send()
        self.assertEqual(sheet.state, "corrected")

    def test_taking_the_figures_twice_changes_nothing(self):
        sheet = self.own(self.commune_c, self.officer_c)
        self.make_clusters(self.ip, self.hamlet_c2, 3)
        self.refill(sheet)
        fields = ["value", "confirmed_value", "note", "counted_value", "differs"]
        before = (sheet.figure_ids.read(fields), sheet.line_ids.read())
        self.refill(sheet)
        sheet.invalidate_recordset()
        self.assertEqual((sheet.figure_ids.read(fields), sheet.line_ids.read()), before)

    def test_sent_sheet_stays_and_the_others_of_the_survey_follow(self):
        self.own(self.commune_c, self.officer_c).action_send()
        self.make_clusters(self.ip, self.hamlet_c2, 3)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.own(self.commune_c, self.officer_c).action_refill()
        self.make_asset("cluster", self.committee_g, self.commune_g, in_use_date="2025-07-01")
        self.env.flush_all()
        before = self.survey._sheet_totals()["clusters_total"]
        self.survey.with_user(self.manager).action_refill()
        self.assertEqual(self.survey._sheet_totals()["clusters_total"], before + 1)

    def test_only_who_may_write_the_sheet_takes_figures(self):
        with self.assertRaises(AccessError):
            self.sheet_of(self.survey, self.commune_c).with_user(self.officer_g).action_refill()
        with self.assertRaises(AccessError):
            self.survey.with_user(self.officer_c).action_refill()

    def test_queries_do_not_grow_with_sheets(self):
        sheets = self.survey.sheet_ids
        sheets.action_refill()
        few = self.sheet_of(self.survey, self.commune_c | self.commune_g)
        counts = []
        for some in (few, sheets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.survey._refill(some.with_prefetch())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)
