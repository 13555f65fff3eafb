"""Two officers with the same asset, and an approval that meets a cancellation."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.ttcs_base.tests.parallel import ParallelCase


@tagged("post_install", "-at_install")
class TestAssetDecisionParallel(ParallelCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove)
        with self.committed() as env:
            self.make(env)

    def make(self, env):
        kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
        unit = env["ttcs.unit"].create({"name": "Hai quyết định", "kind_id": kind.id})
        agency = env["ttcs.agency"].create({"name": "Hai quyết định", "unit_id": unit.id})
        category = env.ref("ttcs_assets.maintenance_equipment_category_cluster")
        asset = env["maintenance.equipment"].create(
            {
                "name": "Cụm loa hai quyết định",
                "category_id": category.id,
                "agency_id": agency.id,
                "unit_id": unit.id,
            }
        )
        env["ttcs.approval.level"].create(
            {
                "name": "Hai quyết định",
                "kind": "destruction",
                "agency_id": agency.id,
                "relation": "own",
            }
        )
        users = [self.make_user(env, agency, duty) for duty in ("assets", "leader")]
        self.officer, self.leader = users
        self.agency, self.asset = agency.id, asset.id

    def make_user(self, env, agency, duty):
        login = f"hai-quyet-dinh-{duty}@ttcs.example"
        user = env["res.users"].create({"name": login, "login": login})
        person = env["ttcs.person"].create({"name": login, "user_id": user.id})
        env["ttcs.assignment"].create(
            {
                "person_id": person.id,
                "agency_id": agency.id,
                "position_id": env.ref("ttcs_base.ttcs_position_leader").id,
                "duty_ids": [(6, 0, env["ttcs.duty"].search([("code", "=", duty)]).ids)],
                "valid_from": "2025-01-01",
            }
        )
        return user.id

    def remove(self):
        self.take_away(
            [
                "DELETE FROM ttcs_asset_decision WHERE agency_id = %(agency)s",
                "DELETE FROM ttcs_approval_level WHERE agency_id = %(agency)s",
                "DELETE FROM ttcs_document_number WHERE agency_id = %(agency)s",
                "DELETE FROM ttcs_document_series WHERE agency_id = %(agency)s",
                "DELETE FROM maintenance_equipment WHERE agency_id = %(agency)s",
            ],
            {"agency": self.agency},
            kept=(
                *("ttcs_asset_decision_approval", "ttcs_asset_decision_line"),
                *("ttcs_asset_decision", "ttcs_document_number"),
            ),
        )
        with self.committed() as env:
            agency, users = env["ttcs.agency"].browse(self.agency), env["res.users"]
            users = users.browse([self.officer, self.leader])
            unit, persons = agency.unit_id, users.ttcs_person_ids
            persons.assignment_ids.unlink()
            persons.unlink()
            users.unlink()
            agency.unlink()
            unit.unlink()

    def values(self):
        return {
            "kind": "destruction",
            "agency_id": self.agency,
            "reason": "Cháy",
            "line_ids": [(0, 0, {"equipment_id": self.asset})],
        }

    def test_of_two_who_propose_the_same_asset_one_wins(self):
        def propose(env):
            env["ttcs.asset.decision"].create(self.values())

        with self.assertRaises(ValidationError):
            self.meet(propose, propose, (self.officer, self.officer))
        with self.committed() as env:
            found = env["ttcs.asset.decision"].search([("agency_id", "=", self.agency)])
            self.assertEqual(len(found), 1)

    def test_an_approval_that_meets_a_cancellation_loses(self):
        with self.committed(self.officer) as env:
            dossier = env["ttcs.asset.decision"].create(self.values())
            dossier.action_submit()
            dossier_id = dossier.id

        def cancel(env):
            env["ttcs.asset.decision"].browse(dossier_id)._cancel("Rút lại")

        def approve(env):
            dossier = env["ttcs.asset.decision"].browse(dossier_id)
            dossier._approve("Đồng ý", "7/QĐ-UBND", env.company._today())

        with self.assertRaises(UserError):
            self.meet(cancel, approve, (self.officer, self.leader))
        with self.committed() as env:
            self.assertEqual(env["ttcs.asset.decision"].browse(dossier_id).state, "cancelled")
