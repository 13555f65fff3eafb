"""The log that a vendor's console exports, on its way into the broadcast log."""

from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.ttcs_base.tests.import_common import ImportCase, workbook

from .common import DevicesCase

HEADINGS = ["STT", "Tên thiết bị", "Bản tin", "Lịch phát", "Thời gian phát", "Số phút", "Kết quả"]


@tagged("post_install", "-at_install")
class TestPlayLogImport(DevicesCase, ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster.write({"name": "Cụm loa chợ", "code": "CL-01"})
        cls.cluster_at_commune.name = "Cụm loa trụ sở"
        cls.cluster_g.name = "Cụm loa chợ"

    def rows(self, *rows, headings=HEADINGS):
        return self.check(
            "play_logs", workbook([["NHẬT KÝ PHÁT THANH"], headings, *rows]), user=self.operator
        )

    def written(self, batch):
        batch.action_apply()
        return self.env["ttcs.play.log"].search([("source", "=", "file")], order="id")

    def test_each_line_becomes_a_line_of_the_log_in_utc(self):
        name = "Cụm loa chợ"
        batch = self.rows(
            [1, name, "Thời sự", "02/11/2026 05:00", "02/11/2026 05:00:20", 30, "Đã phát"],
            [2, name, "Tin xã", "02/11/2026 17:00", "02/11/2026 17:12", 18, "Đã phát"],
            [3, name, "Tin xã", "03/11/2026 17:00", "03/11/2026 17:00", 4, "Bị dừng"],
            [4, name, "Thời sự", "03/11/2026 05:00", None, None, "Mất kết nối"],
            [5, name, "Thông báo", None, "04/11/2026 09:15", 2, None],
        )
        self.assertEqual(set(self.verdicts(batch).values()), {"new"})
        lines = self.written(batch)
        self.assertEqual(lines.mapped("outcome"), ["played", "late", "cut", "missed", "unplanned"])
        self.assertEqual(lines.equipment_id, self.cluster)
        first, missed = lines[0], lines[3]
        self.assertEqual(first.began_at, datetime(2026, 11, 1, 22, 0, 20))
        self.assertEqual(str(first.day), "2026-11-02")
        self.assertEqual((first.minutes, first.planned, first.played), (30, 1, 1))
        self.assertEqual((missed.began_at, missed.planned, missed.played), (False, 1, 0))
        self.assertEqual((first.commune_id, first.agency_id), (self.commune_c, self.committee_c))

    def test_the_same_log_again_adds_nothing_and_a_longer_one_only_what_is_new(self):
        row = [1, "Cụm loa chợ", "Thời sự", "02/11/2026 05:00", "02/11/2026 05:00", 30, "Đã phát"]
        more = [2, *row[1:3], "03/11/2026 05:00", "03/11/2026 05:01", 30, "Đã phát"]
        self.written(self.rows(row))
        again = self.rows(row, more)
        self.assertEqual(sorted(self.verdicts(again).values()), ["new", "same"])
        self.assertEqual(len(self.written(again)), 2)
        corrected = self.rows([*row[:5], 12, "Bị dừng"])
        self.assertEqual(list(self.verdicts(corrected).values()), ["update"])
        lines = self.written(corrected)
        self.assertEqual((len(lines), lines[0].outcome, lines[0].minutes), (2, "cut", 12))

    def test_days_and_hours_in_columns_of_their_own_and_over_midnight(self):
        headings = ["Mã thiết bị", "Bản tin", "Ngày", "Giờ bắt đầu", "Giờ kết thúc"]
        batch = self.rows(
            ["CL-01", "Thời sự", "02/11/2026", "5h", "5h30"],
            ["cl-01", "Giao thừa", "02/11/2026", "23:50", "00:10"],
            headings=headings,
        )
        self.assertEqual(self.written(batch).mapped("minutes"), [30, 20])

    def test_a_name_that_is_not_known_is_asked_about_once(self):
        row = ["Trụ sở UBND", "Thời sự", None, "02/11/2026 05:00", 30, "Đã phát"]
        batch = self.rows([1, *row], [2, *row[:3], "03/11/2026 05:00", *row[4:]])
        self.assertEqual(set(self.verdicts(batch).values()), {"question"})
        self.answer(batch, "Trụ sở UBND", "Cụm loa trụ sở")
        batch.action_check()
        self.assertEqual(set(self.verdicts(batch).values()), {"new"})
        self.assertEqual(self.written(batch).equipment_id, self.cluster_at_commune)

    def test_a_bad_line_is_refused_with_its_reason_and_the_others_are_kept(self):
        name = "Cụm loa chợ"
        batch = self.rows(
            [1, name, "Tốt", "02/11/2026 05:00", "02/11/2026 05:00", 30, "Đã phát"],
            [2, name, "Mai sau", None, "02/11/2099 05:00", 30, "Đã phát"],
            [3, name, "Không giờ", None, None, 30, "Đã phát"],
            [4, name, "Quá dài", None, "02/11/2026 06:00", 99999, "Đã phát"],
            [5, None, "Không tên", None, "02/11/2026 06:00", 3, "Đã phát"],
            [6, name, "Giờ lạ", None, "hôm qua", 3, "Đã phát"],
        )
        refused = batch.row_ids.filtered(lambda row: row.verdict == "refused")
        self.assertEqual(len(refused), 5)
        for row in refused:
            self.assertTrue(row.message, row.number)
        self.assertEqual(self.written(batch).mapped("reference"), ["Tốt"])

    def test_nobody_writes_the_log_but_by_a_file(self):
        line = self.written(
            self.rows([1, "Cụm loa chợ", "T", None, "02/11/2026 05:00", 30, "Đã phát"])
        )
        for user in (self.operator, self.manager):
            with self.assert_refused(UserError):
                line.with_user(user).write({"outcome": "missed"})
            with self.assert_refused(UserError):
                self.env["ttcs.play.log"].with_user(user).create(
                    {"equipment_id": self.cluster.id, "day": "2026-11-02", "outcome": "played"}
                )
        with self.assert_refused(AccessError):
            self.bring("play_logs", workbook([HEADINGS]), user=self.technician)

    def test_a_list_is_read_in_a_number_of_queries_that_does_not_grow(self):
        def bring(count):
            rows = [
                [
                    n,
                    "Cụm loa chợ",
                    f"Tin {n}",
                    None,
                    f"02/11/2026 {n // 60:02}:{n % 60:02}",
                    1,
                    None,
                ]
                for n in range(count)
            ]
            batch = self.bring("play_logs", workbook([HEADINGS, *rows]), user=self.operator)
            batch.action_read()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            batch.action_check()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        bring(5)
        self.assertLessEqual(bring(300), bring(20) + 5)
