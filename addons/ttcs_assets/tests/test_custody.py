import base64
import io
from datetime import timedelta

from PIL import Image
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AssetsCase


def signature():
    """A small PNG as the phone draws it."""
    stream = io.BytesIO()
    Image.new("RGBA", (300, 120), "white").save(stream, "PNG")
    return stream.getvalue()


class CustodyCase(AssetsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user(cls.committee_c, "assets")
        cls.giver = cls.make_person(cls.committee_c)
        cls.receiver = cls.make_person(cls.committee_c)
        cls.assets = cls.cluster | cls.cluster_at_commune
        cls.env.flush_all()
        cls.assets._hand_to(cls.giver, None, cls.today - timedelta(days=30))

    def history(self, asset):
        """Who held an asset from when to when, the first first."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = asset.custody_ids.sorted("valid_from")
        return [(row.person_id, row.valid_from, row.valid_to) for row in rows]

    @classmethod
    def make_paper(cls, assets=None, **values):
        assets = cls.assets if assets is None else assets
        return (
            cls.env["ttcs.handover"]
            .with_user(cls.officer)
            .create(
                {
                    "agency_id": cls.committee_c.id,
                    "giver_person_id": cls.giver.id,
                    "receiver_person_id": cls.receiver.id,
                    "giver_name": cls.giver.name,
                    "receiver_name": cls.receiver.name,
                    "line_ids": [
                        (0, 0, {"equipment_id": asset.id, "condition": "good"}) for asset in assets
                    ],
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestCustody(CustodyCase):
    def test_whoever_writes_a_custodian_leaves_a_history(self):
        self.station.custodian_id = self.giver
        self.assertEqual(self.history(self.station), [(self.giver, self.today, False)])
        imported = self.make_asset(
            "board", self.committee_c, self.commune_c, custodian_id=self.receiver.id
        )
        self.assertEqual(self.history(imported), [(self.receiver, self.today, False)])

    def test_another_custodian_closes_the_former(self):
        self.cluster.custodian_id = self.receiver
        began = self.today - timedelta(days=30)
        self.assertEqual(
            self.history(self.cluster),
            [(self.giver, began, self.yesterday), (self.receiver, self.today, False)],
        )

    def test_changes_of_one_day_leave_the_last_of_them(self):
        self.station.custodian_id = self.giver
        self.env.flush_all()
        self.station.custodian_id = False
        self.assertEqual(self.history(self.station), [(self.giver, self.today, self.today)])
        self.station.custodian_id = self.receiver
        self.assertEqual(self.history(self.station), [(self.receiver, self.today, False)])

    def test_a_new_owner_begins_a_custody_of_the_same_person(self):
        self.cluster.agency_id = self.committee_g
        began = self.today - timedelta(days=30)
        self.assertEqual(
            self.history(self.cluster),
            [(self.giver, began, self.yesterday), (self.giver, self.today, False)],
        )
        agencies = self.cluster.custody_ids.sorted("valid_from").agency_id
        self.assertEqual(agencies, self.committee_c | self.committee_g)

    def test_the_history_is_not_written_by_hand(self):
        custody = self.cluster.custody_ids
        for change in (
            lambda: custody.write({"valid_to": self.today}),
            lambda: custody.unlink(),
            lambda: custody.create(
                {
                    "equipment_id": self.station.id,
                    "agency_id": self.committee_c.id,
                    "valid_from": self.today,
                }
            ),
        ):
            with mute_logger("odoo.sql_db"), self.assert_refused(CheckViolation):
                change()

    def test_a_custodian_without_an_assignment_is_shown_today(self):
        items = {
            item["title"]: item["count"]
            for item in self.env["ttcs.today"].with_user(self.officer)._items()
        }
        title = "Assets whose custodian has no assignment any more"
        self.assertEqual(items[title], 0)
        self.giver.assignment_ids.valid_to = self.yesterday
        item = self.env["ttcs.today"].with_user(self.officer)._leaver_item()
        self.assertEqual(item["count"], 2)

    def test_everything_a_person_holds_is_offered_for_one_hand_over(self):
        action = self.giver.with_user(self.officer).action_hand_over()
        self.assertEqual(len(action["context"]["default_line_ids"]), 2)
        by_assignment = self.giver.assignment_ids.with_user(self.officer).action_hand_over()
        self.assertEqual(by_assignment["context"], action["context"])

    def test_many_assets_pass_without_a_query_per_asset(self):
        def hand(count):
            assets = self.env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm {number}",
                        "category_id": self.kind("cluster").id,
                        "agency_id": self.committee_c.id,
                        "unit_id": self.hamlet_c.id,
                        "custodian_id": self.giver.id,
                    }
                    for number in range(count)
                ]
            )
            papers.setdefault(count, []).append(self.make_paper(assets))

        papers = {}
        for count in (10, 10, 500):
            hand(count)
        self.assert_set_based(
            lambda count: papers[count].pop().action_sign(), allowance=10, large=500
        )


@tagged("post_install", "-at_install")
class TestHandover(CustodyCase):
    def test_signing_passes_the_custody_of_all(self):
        paper = self.make_paper(giver_signature=base64.b64encode(signature()))
        paper.action_sign()
        self.assertEqual(paper.state, "signed")
        self.assertTrue(paper.name.startswith("01/"))
        self.assertEqual(len(paper.giver_sha256), 64)
        for asset in self.assets:
            with self.subTest(asset=asset.name):
                self.assertEqual(asset.custodian_id, self.receiver)
                last = asset.custody_ids[:1]
                self.assertEqual(last.handover_id, paper.with_env(self.env))

    def test_a_signed_paper_stays(self):
        paper = self.make_paper().with_env(self.env)
        paper.action_sign()
        line = paper.line_ids[0]
        for change in (
            lambda: paper.write({"receiver_name": "Người khác"}),
            lambda: paper.write({"state": "draft"}),
            lambda: line.write({"condition": "broken"}),
            lambda: line.unlink(),
            lambda: line.create({"handover_id": paper.id, "equipment_id": self.station.id}),
            lambda: self.env.cr.execute("DELETE FROM ttcs_handover WHERE id = %s", [paper.id]),
        ):
            with mute_logger("odoo.sql_db"), self.assert_refused(CheckViolation):
                change()
        with self.assert_refused(UserError):
            paper.unlink()

    def test_a_paper_that_cannot_hold_passes_nothing(self):
        left = self.make_person()
        later = self.make_paper(self.cluster_at_commune)
        later.action_sign()
        for values in (
            {"assets": self.env["maintenance.equipment"]},
            {"receiver_person_id": left.id},
            {"receiver_person_id": False},
            {"date": self.tomorrow},
            {"receiver_name": " "},
            # One of the two was handed over by the paper above.
            {},
            {"giver_person_id": False, "date": self.yesterday},
        ):
            with self.subTest(values=values), self.assert_refused(UserError):
                self.make_paper(**values).action_sign()
        self.assertEqual(self.cluster.custodian_id, self.giver)

    def test_an_assignment_that_ended_receives_nothing(self):
        self.receiver.assignment_ids.valid_to = self.yesterday
        with self.assert_refused(UserError):
            self.make_paper().action_sign()
        # On the day on which it still held, it did.
        self.make_paper(date=self.yesterday).action_sign()
        self.assertEqual(self.cluster.custody_ids[:1].valid_from, self.yesterday)

    def test_a_contractor_receives_without_a_person(self):
        contractor = self.make_agency(self.commune_c, "Công ty bảo trì", kind="contractor")
        self.make_paper(
            receiver_person_id=False,
            receiver_agency_id=contractor.id,
            receiver_name="Giám đốc công ty",
        ).action_sign()
        self.assertFalse(self.cluster.custodian_id)
        self.assertEqual(self.cluster.custodian_agency_id, contractor)
        self.assertEqual(self.cluster.custody_ids[:1].agency_id, contractor)

    def test_a_signature_is_a_picture(self):
        with self.assert_refused(UserError):
            self.make_paper(giver_signature=base64.b64encode(b"<svg/>"))

    def test_the_neighbour_neither_reads_nor_signs(self):
        neighbour = self.make_user(self.committee_g, "assets")
        paper = self.make_paper()
        self.assertFalse(self.seen_by(neighbour, paper.with_env(self.env)))
        with self.assert_refused(AccessError):
            paper.with_user(neighbour).action_sign()

    def test_the_minutes_name_both_sides_and_every_asset(self):
        paper = self.make_paper()
        text = repr(paper._form_document())
        for told in (self.giver.name, self.receiver.name, *self.assets.mapped("name")):
            self.assertIn(told, text)
        self.assertTrue(paper.action_form_docx()["params"]["name"].endswith(".docx"))
