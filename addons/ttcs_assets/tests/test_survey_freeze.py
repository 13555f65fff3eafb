import base64
import hashlib
import json

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .survey_common import SurveyCase


@tagged("post_install", "-at_install")
class TestSurveyFreeze(SurveyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.open_survey()
        cls.sheet = cls.survey.sheet_ids.filtered(lambda s: s.unit_id == cls.commune_c)
        cls.sheet.with_user(cls.officer_c).action_send()
        cls.survey.with_user(cls.manager).action_close()

    def refused_by_database(self, statement, parameters):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation, msg=statement),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(statement, parameters)

    def test_database_refuses_every_change_of_what_is_frozen(self):
        self.env.flush_all()
        survey, sheet = self.survey.id, self.sheet.id
        for statement, record in (
            ("UPDATE ttcs_survey_sheet SET assessment = 'x' WHERE id = %s", sheet),
            ("DELETE FROM ttcs_survey_sheet WHERE id = %s", sheet),
            ("UPDATE ttcs_survey_figure SET note = 'x' WHERE sheet_id = %s", sheet),
            ("DELETE FROM ttcs_survey_figure WHERE sheet_id = %s", sheet),
            ("UPDATE ttcs_survey_line SET confirmed_horns = 99 WHERE sheet_id = %s", sheet),
            ("DELETE FROM ttcs_survey_line WHERE sheet_id = %s", sheet),
            ("UPDATE ttcs_survey SET proposals = 'x' WHERE id = %s", survey),
            ("UPDATE ttcs_survey SET map_date = '2026-01-01' WHERE id = %s", survey),
            ("UPDATE ttcs_survey SET state = 'open' WHERE id = %s", survey),
            ("DELETE FROM ttcs_survey WHERE id = %s", survey),
            ("UPDATE ttcs_survey_snapshot SET content = '{}' WHERE survey_id = %s", survey),
            ("DELETE FROM ttcs_survey_snapshot WHERE survey_id = %s", survey),
            ("UPDATE ttcs_survey_file SET sha256 = repeat('0', 64) WHERE survey_id = %s", survey),
        ):
            self.refused_by_database(statement, [record])
        self.refused_by_database(
            """
            INSERT INTO ttcs_survey_line (survey_id, sheet_id, name, confirmed_clusters,
                confirmed_working, confirmed_horns, differs, note)
            VALUES (%s, %s, 'x', 0, 0, 0, TRUE, 'x')
            """,
            [survey, sheet],
        )

    def test_survey_cannot_be_frozen_without_its_snapshot(self):
        other = self.open_survey(name="Không chốt")
        self.refused_by_database(
            "UPDATE ttcs_survey SET state = 'closed' WHERE id = %s", [other.id]
        )

    def test_refusal_says_which_survey_is_frozen(self):
        figure = self.figure(self.sheet, "boards_total")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation) as refusal,
            self.env.cr.savepoint(),
        ):
            figure.note = "x"
            self.env.flush_all()
        message = figure._sql_error_to_message(refusal.exception)
        self.assertIn(self.survey.name, message)
        with self.assert_refused(UserError):
            figure.with_user(self.officer_c).note = "x"

    def test_register_changes_afterwards_and_the_report_does_not(self):
        before = self.survey._report_file("xlsx")
        report = self.survey._report()
        self.make_asset("board", self.committee_c, self.commune_c, in_use_date="2026-01-01")
        self.committee_c.name = "Tên mới"
        self.survey.invalidate_recordset()
        self.assertGreater(self.survey.live_difference_count, 0)
        self.assertEqual(self.survey._report(), report)
        self.assertEqual(self.survey._report_file("xlsx"), before)
        self.assertEqual(self.survey._report().totals["boards_total"], 4)
        self.assertEqual(self.figure(self.sheet, "boards_total").live_value, 5)

    def test_hashes_are_those_of_figures_and_files(self):
        [snapshot] = self.survey.snapshot_ids
        self.assertEqual(hashlib.sha256(snapshot.content.encode()).hexdigest(), snapshot.sha256)
        rows = {row["name"]: row for row in json.loads(snapshot.content)["rows"]}
        self.assertEqual(rows[self.commune_c.full_name]["counts"]["clusters_total"], 18)
        self.assertEqual(rows[self.commune_e.full_name]["state"], "to_do")
        files = snapshot.file_ids
        endings = sorted(name.rsplit(".", 1)[1] for name in files.mapped("name"))
        self.assertEqual(endings, ["docx", "pdf", "xlsx"])
        for file in files:
            content = base64.b64decode(file.data)
            self.assertEqual(hashlib.sha256(content).hexdigest(), file.sha256)

    def test_reopening_takes_a_reason_and_keeps_the_first_version(self):
        first = self.survey.snapshot_ids
        wizard = self.env["ttcs.survey.reason"]
        with self.assert_refused(AccessError):
            wizard.with_user(self.officer_c).create(
                {"survey_id": self.survey.id, "reason": "Muốn sửa"}
            )
        with self.assert_refused(UserError):
            wizard.with_user(self.manager).create(
                {"survey_id": self.survey.id, "reason": "  "}
            ).action_confirm()
        wizard.with_user(self.manager).create(
            {"survey_id": self.survey.id, "reason": "Sở yêu cầu bổ sung"}
        ).action_confirm()
        self.assertEqual((self.survey.state, self.survey.version), ("open", 2))
        number = self.survey.number_id
        self.survey.with_user(self.manager).proposals = "Bổ sung kinh phí"
        self.survey.with_user(self.manager).action_close()
        second = self.survey.snapshot_ids - first
        self.assertEqual((first.version, second.version), (1, 2))
        self.assertEqual(second.reason, "Sở yêu cầu bổ sung")
        self.assertNotEqual(first.sha256, second.sha256)
        self.assertEqual(self.survey.number_id, number)
        self.assertIn("Sở yêu cầu bổ sung", "".join(self.survey.message_ids.mapped("body")))

    def test_signed_file_is_attached_back_with_its_hash_and_stays(self):
        content = b"%PDF-1.7 signed"
        file = (
            self.env["ttcs.survey.file"]
            .with_user(self.officer_c)
            .create(
                {
                    "sheet_id": self.sheet.id,
                    "name": "phieu-da-ky.pdf",
                    "data": base64.b64encode(content),
                    "role": "rendered",
                }
            )
        )
        self.assertEqual(file.sha256, hashlib.sha256(content).hexdigest())
        self.assertEqual((file.role, file.survey_id), ("signed", self.survey))
        self.assertFalse(self.seen_by(self.officer_g, file))
        with self.assert_refused(AccessError):
            self.env["ttcs.survey.file"].with_user(self.officer_g).create(
                {"sheet_id": self.sheet.id, "name": "x", "data": base64.b64encode(b"x")}
            )
        self.refused_by_database("DELETE FROM ttcs_survey_file WHERE id = %s", [file.id])

    def test_commune_reads_no_snapshot_of_the_province(self):
        self.assertFalse(self.seen_by(self.officer_c, self.survey.snapshot_ids))
        self.assertFalse(self.seen_by(self.officer_c, self.survey.file_ids))
        self.assertTrue(self.seen_by(self.leader, self.survey.snapshot_ids))
