from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .decision_common import DecisionCase


@tagged("post_install", "-at_install")
class TestAssetDecisionEffects(DecisionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.horn = cls.make_asset(
            "horn", cls.committee_c, cls.hamlet_c, parent_asset_id=cls.cluster.id
        )
        cls.keeper = cls.make_person(cls.committee_c)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE ttcs_placement SET valid_from = '2024-01-10' WHERE res_id = %s",
            [cls.cluster.id],
        )
        cls.cluster._hand_to(cls.keeper, None, cls.today - timedelta(days=30))
        cls.tag = cls.env["ttcs.tag"]._issue([{"agency_id": cls.committee_c.id}])
        cls.tag._assign(cls.cluster)
        cls.order = cls.env["maintenance.request"].create(
            {"name": "Loa rè", "equipment_id": cls.cluster.id, "user_id": cls.officer.id}
        )

    def test_a_transfer_moves_the_asset_its_parts_tags_and_orders(self):
        dossier = self.approved(kind="transfer", receiver_unit_id=self.hamlet_g.id)
        self.carry_out(dossier)
        self.env.invalidate_all()
        for asset in (self.cluster, self.horn):
            self.assertEqual((asset.agency_id, asset.unit_id), (self.committee_g, self.hamlet_g))
            self.assertEqual(asset.life_state, "in_use")
        self.assertEqual(self.tag.state, "assigned")
        self.assertEqual(self.order.agency_id, self.committee_g)
        self.assertFalse(self.order.user_id)
        self.assertIn("12/QĐ-UBND", "".join(self.order.message_ids.mapped("body")))
        self.assertEqual(dossier.state, "carried_out")
        self.assertEqual(dossier.line_ids.carried_out_on, self.today)
        before = self.cluster.placement_ids.filtered("valid_to")
        self.assertEqual((before.agency_id, before.unit_id), (self.committee_c, self.hamlet_c))

    def test_a_transfer_ends_the_custody(self):
        self.carry_out(self.approved(kind="transfer"))
        self.env.invalidate_all()
        self.assertFalse(self.cluster.custodian_id)
        self.assertEqual(self.cluster.custody_ids.valid_to, self.yesterday)

    def test_a_disposal_ends_all_that_hangs_on_the_asset(self):
        self.assertEqual(self.cluster.life_state, "in_use")
        dossier = self.approved()
        self.assertEqual(self.cluster.open_decision_id, dossier.with_env(self.env))
        self.assertEqual(self.cluster.life_state, "in_use")
        self.carry_out(dossier)
        self.env.invalidate_all()
        self.assertEqual(self.cluster.life_state, "disposed")
        self.assertEqual(self.horn.life_state, "disposed")
        self.assertEqual(self.tag.state, "revoked")
        self.assertIn("12/QĐ-UBND", self.tag.reason)
        self.assertTrue(self.order.closed_at)
        self.assertTrue(self.order.archive)
        self.assertIn("12/QĐ-UBND", self.order.resolution)
        self.assertFalse(self.cluster.custodian_id)
        self.assertFalse(self.cluster.open_decision_id)

    def test_part_of_a_dossier_is_carried_out_and_the_rest_later_or_never(self):
        dossier = self.approved(self.cluster | self.cluster_at_commune)
        first, second = dossier.line_ids
        self.carry_out(dossier, first)
        self.assertEqual((dossier.state, first.state, second.state), (
            "approved", "carried_out", "open"))  # fmt: skip
        dossier.with_user(self.officer)._cancel("Còn dùng được")
        self.assertEqual((dossier.state, second.state), ("carried_out", "closed"))
        self.assertEqual(self.cluster_at_commune.life_state, "in_use")

    def test_the_day_lies_between_the_decision_and_today(self):
        dossier = self.approved()
        for on in (self.yesterday, self.tomorrow, False):
            with self.subTest(on=on), self.assert_refused(UserError):
                dossier.with_user(self.officer)._carry_out(dossier.line_ids, on)

    def test_what_is_not_approved_is_not_carried_out(self):
        dossier = self.submit(self.make_dossier())
        with self.assert_refused(UserError):
            self.carry_out(dossier)

    def test_nobody_disposes_of_an_asset_by_hand(self):
        with self.assert_refused(UserError):
            self.cluster.with_user(self.officer).life_state = "disposed"
        self.cluster.with_user(self.officer).life_state = "stored"
        importing = self.cluster.with_user(self.officer).with_context(import_file=True)
        with self.assert_refused(UserError):
            importing.life_state = "disposed"

    def test_an_old_list_may_tell_of_what_is_gone_but_not_bring_it_back(self):
        gone = (
            self.env["maintenance.equipment"]
            .with_user(self.officer)
            .create(
                {
                    "name": "Máy phát cũ",
                    "category_id": self.kind("cluster").id,
                    "agency_id": self.committee_c.id,
                    "unit_id": self.hamlet_c.id,
                    "life_state": "disposed",
                }
            )
        )
        with self.assert_refused(UserError):
            gone.life_state = "in_use"

    def test_a_part_in_another_dossier_stays(self):
        self.make_dossier(self.horn)
        self.carry_out(self.approved())
        self.assertEqual(self.horn.life_state, "in_use")

    def test_a_part_in_another_dossier_is_not_transferred(self):
        self.make_dossier(self.horn)
        self.carry_out(self.approved(kind="transfer"))
        self.env.invalidate_all()
        self.assertEqual(self.cluster.agency_id, self.committee_g)
        self.assertEqual(self.horn.agency_id, self.committee_c)

    def test_a_code_that_the_receiver_has_already_is_changed_and_told(self):
        self.make_asset("cluster", self.committee_g, self.hamlet_g, code="CL-1")
        self.carry_out(self.approved(kind="transfer"))
        self.env.invalidate_all()
        self.assertEqual(self.cluster.code, "CL-1.2")
        self.assertIn("CL-1.2", self.cluster.message_ids[0].body)

    def test_an_inventory_of_the_day_before_still_expects_it(self):
        dossier = self.approved()
        self.carry_out(dossier)
        self.env.invalidate_all()
        self.assertEqual(self.cluster.disposed_on, self.today)

    def make_clusters(self, count):
        assets = self.env["maintenance.equipment"].create(
            [
                {
                    "name": f"Cụm loa {number}",
                    "category_id": self.kind("cluster").id,
                    "agency_id": self.committee_c.id,
                    "unit_id": self.hamlet_c.id,
                    "original_cost": 1_000_000,
                    "custodian_id": self.keeper.id,
                }
                for number in range(count)
            ]
        )
        tags = self.env["ttcs.tag"]._issue_for(assets)
        self.env["maintenance.request"].create(
            [{"name": "Loa rè", "equipment_id": asset.id} for asset in assets]
        )
        return assets, tags

    def dossiers_of(self, kind, sizes):
        ready = {}
        for size in set(sizes):
            ready[size] = [
                self.approved(self.make_clusters(size)[0], kind) for _ in range(sizes.count(size))
            ]
        return ready

    def test_a_large_dossier_is_carried_out_without_a_query_per_asset(self):
        for kind in ("transfer", "disposal"):
            ready = self.dossiers_of(kind, [10, 10, 1000])
            with self.subTest(kind=kind):
                self.assert_set_based(
                    lambda count, ready=ready: self.carry_out(ready[count].pop()),
                    allowance=60,
                    large=1000,
                )

    def test_a_large_dossier_is_submitted_without_a_query_per_asset(self):
        drafts = {
            size: [self.make_dossier(self.make_clusters(size)[0]) for _ in range(times)]
            for size, times in ((10, 2), (1000, 1))
        }
        self.assert_set_based(
            lambda count: self.submit(drafts[count].pop()), allowance=10, large=1000
        )

    def test_every_document_of_every_kind_is_made(self):
        kit = self.env["ttcs.document.kit"]
        forms = {"transfer": "handover", "recall": "handover", "loss": "loss"}
        for kind in ("transfer", "recall", "sale", "disposal", "destruction", "loss"):
            dossier = self.make_dossier(kind=kind)
            for form in ("proposal", "decision", forms.get(kind, "disposal")):
                with self.subTest(kind=kind, form=form):
                    content = kit._render(dossier._form_document(form), "docx")
                    self.assertTrue(content.startswith(b"PK"))
            self.assertEqual(dossier.action_xlsx()["params"]["name"], "Danh mục tài sản.xlsx")
            dossier._cancel("Thử")

    def test_nobody_writes_to_himself(self):
        dossier = self.submit(self.make_dossier(kind="disposal"))
        approver, own = dossier.approver_agency_id.name, dossier.agency_id.name
        [addressee] = dossier._form_document("proposal").addressees
        self.assertEqual(addressee, f"Chủ tịch {own}" if approver == own else approver)
        self.assertEqual(approver, own)

    def test_the_proposal_tells_the_sums_that_the_dossier_holds(self):
        dossier = self.submit(self.make_dossier(self.cluster | self.horn))
        text = repr(dossier._form_document("proposal"))
        self.assertIn("20.000.000", text)
        self.assertIn("CL-1", text)
        self.assertIn("hai mươi triệu", text.lower())
        action = dossier.with_context(form="decision").action_form_pdf()
        self.assertIn("Dự thảo quyết định", action["params"]["name"])
