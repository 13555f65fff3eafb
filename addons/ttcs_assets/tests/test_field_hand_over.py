import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .field_common import FieldCase, picture
from .test_custody import signature


@tagged("post_install", "-at_install")
class TestFieldHandOver(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.giver = cls.technician.ttcs_person_ids
        cls.receiver = cls.make_person(cls.committee_c)
        cls.assets = cls.cluster | cls.cluster_at_commune
        cls.env.flush_all()
        cls.assets._hand_to(cls.giver, None, cls.today - timedelta(days=30))

    def setUp(self):
        super().setUp()
        _device, self.token = self.make_phone(self.technician)

    def hand_over(self, assets=None, signatures=True, **values):
        assets = self.assets if assets is None else assets
        payload = {
            "receiver": self.receiver.id,
            "receiver_name": self.receiver.name,
            "giver": self.giver.id,
            "giver_name": self.giver.name,
            "lines": [{"asset": asset.id, "condition": "good"} for asset in assets],
            **values,
        }
        action = self.action("hand_over", [signature()] * 2 if signatures else [], **payload)
        for file, side in zip(action["files"], ("giver", "receiver"), strict=False):
            file |= {"name": f"signature-{side}.png", "type": "image/png"}
        return action

    def papers(self):
        self.env.invalidate_all()
        return self.env["ttcs.handover"].search([("agency_id", "=", self.committee_c.id)])

    def test_five_times_the_same_paper_is_one(self):
        action = self.hand_over()
        verdicts = [self.send(self.token, action)[0]["verdict"] for _ in range(5)]
        self.assertEqual(verdicts, ["done", *["repeated"] * 4])
        paper = self.papers()
        self.assertEqual((len(paper), paper.state), (1, "signed"))
        self.assertEqual(self.assets.custodian_id, self.receiver)
        content = base64.b64decode(paper.receiver_signature)
        self.assertTrue(content.startswith(b"\x89PNG"))
        self.assertEqual(len(paper.receiver_sha256), 64)

    def test_a_typed_name_stands_for_a_signature(self):
        [verdict] = self.send(self.token, self.hand_over(signatures=False))
        self.assertEqual(verdict["verdict"], "done")
        self.assertFalse(self.papers().giver_signature)

    def test_a_clock_two_days_wrong_gives_a_possible_day(self):
        for ahead in (timedelta(days=2), timedelta(days=-2)):
            with self.subTest(ahead=ahead):
                asset = self.make_asset("board", self.committee_c, self.commune_c)
                action = self.hand_over(asset, giver=None)
                [verdict] = self.send(self.token, action, clock_off=ahead)
                self.assertEqual(verdict["verdict"], "done", verdict)
                begun = asset.custody_ids.valid_from
                self.assertTrue(self.today - timedelta(days=3) <= begun <= self.today, begun)

    def test_where_one_asset_has_gone_none_passes(self):
        other = self.make_person(self.committee_c)
        self.cluster_at_commune._hand_to(other, None, self.today)
        [verdict] = self.send(self.token, self.hand_over())
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertIn(other.name, verdict["message"])
        self.assertEqual(self.cluster.custodian_id, self.giver)
        self.assertEqual(self.cluster_at_commune.custodian_id, other)
        self.assertFalse(self.papers())

    def test_what_cannot_be_received_is_refused_with_the_reason(self):
        left = self.make_person(self.committee_c)
        left.assignment_ids.valid_to = self.yesterday
        elsewhere = self.make_person(self.committee_g)
        for values in (
            {"receiver": left.id},
            {"receiver": elsewhere.id},
            {"receiver": self.giver.id},
            {"lines": []},
            {"lines": [{"asset": self.cluster.id}, {"asset": self.cluster.id}]},
            {"lines": [{"asset": self.cluster_g.id}]},
            {"lines": ["x"]},
            {"receiver_name": ""},
        ):
            with self.subTest(values=values):
                [verdict] = self.send(self.token, self.hand_over(**values))
                self.assertEqual(verdict["verdict"], "refused")
                self.assertTrue(verdict["message"])
        self.assertEqual(self.assets.custodian_id, self.giver)

    def test_a_signature_that_is_none_is_refused(self):
        action = self.hand_over()
        action["contents"][0] = picture()
        [verdict] = self.send(self.token, action)
        self.assertEqual(verdict["verdict"], "refused")

    def test_the_area_lists_who_may_receive(self):
        table = self.ask("area", self.token).json()["persons"]
        rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
        self.assertIn(
            {
                "id": self.receiver.id,
                "name": self.receiver.name,
                "agency": self.committee_c.name,
            },
            rows,
        )
        self.assertNotIn(self.technician_g.ttcs_person_ids.id, [row["id"] for row in rows])


@tagged("post_install", "-at_install")
class TestFieldDisposed(FieldCase):
    def setUp(self):
        super().setUp()
        _device, self.token = self.make_phone(self.technician)
        self.order = self.make_order(self.cluster)
        self.blank = self.make_tags()
        self.cluster.life_state = "disposed"
        self.env.flush_all()

    def test_what_arrives_after_the_disposal_is_kept_and_told(self):
        position = {"latitude": 10.3, "longitude": 105.6, "accuracy": 5}
        asset = self.cluster.id
        verdicts = self.send(
            self.token,
            self.action("report_fault", asset=asset, text="Cột đổ", severity="danger"),
            self.action("set_condition", asset=asset, condition="broken", note="Loa rơi"),
            self.action("set_position", asset=asset, position=position),
            self.action("claim_tag", asset=asset, code=self.blank.code),
        )
        self.assertEqual([verdict["verdict"] for verdict in verdicts], ["conflict"] * 4)
        self.assertTrue(all(self.cluster.display_name in v["message"] for v in verdicts))
        notes = "".join(self.cluster.message_ids.mapped("body"))
        self.assertIn("Cột đổ", notes)
        self.assertIn("Loa rơi", notes)
        self.assertEqual(self.cluster.condition, "good")
        self.assertEqual(self.blank.state, "blank")

    def test_an_order_cancelled_with_its_asset_keeps_the_report_as_a_note(self):
        self.order.write({"archive": True, "closed_at": fields.Datetime.now(), "closed_by_id": 2})
        [verdict] = self.send(
            self.token,
            self.action("close_order", order=self.order.id, result="repaired", note="Đã hàn"),
        )
        self.assertEqual(verdict["verdict"], "conflict")
        self.assertIn("Đã hàn", "".join(self.order.message_ids.mapped("body")))

    def test_an_asset_transferred_out_of_reach_is_refused(self):
        self.cluster_at_commune.write(
            {"agency_id": self.committee_g.id, "unit_id": self.hamlet_g.id}
        )
        [verdict] = self.send(
            self.token,
            self.action("set_condition", asset=self.cluster_at_commune.id, condition="broken"),
        )
        self.assertEqual(verdict["verdict"], "refused")
