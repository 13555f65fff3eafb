from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import AssetsCase


@tagged("post_install", "-at_install")
class TestEquipmentGuard(AssetsCase):
    """Who writes what of an asset, whatever the screen shows."""

    def setUp(self):
        super().setUp()
        self.officer = self.make_user(self.committee_c, "assets")
        self.technician = self.make_user(self.committee_c, "maintenance")
        self.manager = self.make_user(self.department, "assets_manager")

    def refused(self, user, **values):
        with self.subTest(user=user.login, **values), self.assertRaises(UserError):
            self.cluster.with_user(user).write(values)

    def hamlet_ended(self):
        began = self.commune_c.valid_from
        return self.make_unit(
            "Hòa An", "hamlet", self.commune_c, valid_from=began, valid_to=self.yesterday
        )

    def test_a_technician_writes_what_he_sees_on_site(self):
        on_site = self.cluster.with_user(self.technician)
        on_site.write({"condition": "degraded", "latitude": 10.45, "longitude": 105.63})
        self.assertEqual(self.cluster.condition, "degraded")
        person = self.make_person(self.committee_c)
        for values in (
            {"custodian_id": person.id},
            {"original_cost": 1},
            {"active": False},
            {"name": "Khác"},
            {"life_state": "stored"},
        ):
            self.refused(self.technician, **values)

    def test_another_owner_follows_from_a_decision(self):
        self.refused(self.officer, agency_id=self.committee_g.id)
        self.cluster.with_user(self.officer).agency_id = self.cluster.agency_id
        wrong = self.cluster.with_user(self.manager)
        wrong.agency_id = self.committee_g
        self.assertEqual(self.cluster.agency_id, self.committee_g)

    def test_another_holder_follows_from_a_hand_over(self):
        first, second = self.make_person(self.committee_c), self.make_person(self.committee_c)
        self.cluster.with_user(self.officer).custodian_id = first
        self.refused(self.officer, custodian_id=second.id)
        self.refused(self.officer, custodian_id=False)
        self.assertEqual(self.cluster.custodian_id, first)

    def test_nothing_leaves_the_register_by_being_archived(self):
        with self.assertRaises(AccessError):
            self.cluster.with_user(self.officer).active = False
        with self.assertRaises(AccessError):
            self.cluster.with_user(self.officer).action_archive()
        self.cluster.with_user(self.manager).action_archive()
        self.assertFalse(self.cluster.active)

    def test_nothing_new_is_put_where_all_has_ended(self):
        ended = self.hamlet_ended()
        with self.assertRaises(ValidationError):
            self.cluster.with_user(self.officer).unit_id = ended

    def test_days_and_places_that_cannot_be_meant(self):
        for values in (
            {"in_use_date": "2099-01-01"},
            {"in_use_date": "2024-01-01", "warranty_date": "1990-01-01"},
            {"latitude": 89.0, "longitude": 10.0},
            {"latitude": 105.63, "longitude": 10.45},
        ):
            self.refused(self.officer, **values)
        self.cluster.with_user(self.officer).write({"latitude": 10.45, "longitude": 105.63})
