"""Devices in a reform: fitted ones follow their asset, stored ones their agency."""

from odoo.tests import tagged

from odoo.addons.ttcs_assets.tests import test_reform_assets
from odoo.addons.ttcs_base.tests.common import LAST_DAY_BEFORE_REFORM

from .common import DevicesCase


@tagged("post_install", "-at_install")
class TestReformDevices(DevicesCase):
    prepare_reform = test_reform_assets.TestReformAssets.__dict__["prepare_reform"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prepare_reform()

    def test_fitted_and_stored_devices_pass_to_the_heir_retired_ones_stay(self):
        asset = self.make_asset(
            "cluster", self.committee_a, self.hamlet_a, in_use_date="2022-03-01"
        )
        fitted = self.make_device(self.committee_a)
        fitted._fit(asset)
        stored = self.make_device(self.committee_b)
        retired = self.make_device(self.committee_a)
        retired._retire("Hỏng")
        self.env.flush_all()
        self.reform.action_check()
        self.reform.action_run()
        self.env.invalidate_all()
        self.assertEqual(fitted.agency_id, self.committee_c)
        self.assertEqual(fitted.unit_id, asset.unit_id)
        self.assertEqual(fitted.commune_id, self.commune_c)
        self.assertEqual(stored.agency_id, self.committee_c)
        self.assertEqual(retired.agency_id, self.committee_a)

    def test_a_device_has_a_history_of_places(self):
        device = self.make_device(self.committee_c)
        device._fit(self.cluster)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(device.placement_ids.unit_id, self.hamlet_c)
        device._placed_on(LAST_DAY_BEFORE_REFORM)
        spare = self.make_device(self.committee_c)
        spare._fit(self.cluster)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(
            spare.placement_ids.filtered("unit_id").valid_from, LAST_DAY_BEFORE_REFORM
        )
        spare._retire("Hỏng")
        retired = spare.id
        fresh = self.make_device(self.committee_c, unit_id=self.hamlet_c.id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(fresh.placement_ids)
        fresh.unlink()
        self.env.flush_all()
        kept = self.env["ttcs.placement"].search(
            [("model", "=", "ttcs.device"), ("res_id", "in", (fresh.id, retired))]
        )
        self.assertEqual(set(kept.mapped("res_id")), {retired})
