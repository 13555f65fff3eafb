from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..models.ttcs_unit_kind import COMMUNE, DISTRICT, PROVINCE
from .common import LAST_DAY_BEFORE_REFORM, TtcsCase

DONG_THAP, HA_NOI = "82", "01"
LOADED = (
    "ttcs.unit",
    "ttcs.unit.lineage",
    "ttcs.agency",
    "ttcs.agency.lineage",
    "ttcs.person",
    "ttcs.assignment",
    "ir.model.data",
)


@tagged("post_install", "-at_install")
class TestReviewedProvince(TransactionCase):
    """Đồng Tháp comes with its places before the reform and with the lineage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.province = cls.env["ttcs.province.load"]._load(DONG_THAP)
        reach = cls.env["ttcs.unit.reach"].search([("from_unit_id", "=", cls.province.id)])
        cls.places = reach.to_unit_id

    def at(self, level, *, ended):
        return self.places.filtered(
            lambda place: place.level == level and bool(place.valid_to) == ended
        )

    def test_province_in_force_has_102_communes_and_no_district(self):
        self.assertEqual(self.province.display_name, "Tỉnh Đồng Tháp")
        self.assertEqual(self.province, self.at(PROVINCE, ended=False))
        communes = self.at(COMMUNE, ended=False)
        self.assertEqual(len(communes), 102)
        self.assertEqual(communes.parent_id, self.province)
        self.assertEqual(len(communes.filtered(lambda place: place.kind_id.code == "ward")), 20)
        self.assertFalse(self.at(DISTRICT, ended=False))

    def test_former_places_are_reached_through_the_lineage(self):
        self.assertEqual(len(self.at(PROVINCE, ended=True)), 2)
        self.assertEqual(len(self.at(DISTRICT, ended=True)), 12 + 11)
        former = self.at(COMMUNE, ended=True)
        self.assertEqual(len(former), 141 + 164)
        self.assertEqual(set(former.mapped("valid_to")), {LAST_DAY_BEFORE_REFORM})
        self.assertEqual(len(former.successor_ids), 308)
        self.assertEqual(former.successor_ids.successor_id, self.at(COMMUNE, ended=False))
        self.assertEqual(
            former.successor_ids.legal_document_id,
            self.env.ref("ttcs_base.ttcs_legal_document_nq_1663_2025"),
        )

    def test_split_commune_has_two_heirs(self):
        split = self.env.ref("ttcs_base.unit_30079_20210101")
        self.assertEqual(split.name, "Gáo Giồng")
        heirs = split.successor_ids.successor_id
        self.assertEqual(set(heirs.mapped("name")), {"Phú Cường", "Phong Mỹ"})
        self.assertEqual(set(split.successor_ids.mapped("kind")), {"split"})

    def test_reused_code_names_two_places_of_two_periods(self):
        places = self.places.filtered(lambda place: place.code == "30157")
        self.assertEqual(len(places), 2)
        self.assertEqual(sorted(bool(place.valid_to) for place in places), [False, True])

    def test_every_place_has_its_committee_with_parent_and_heirs(self):
        committees = self.env["ttcs.agency"].search(
            [("unit_id", "in", self.places.ids), ("kind", "like", "committee")]
        )
        self.assertEqual(len(committees), len(self.places))
        self.assertEqual(committees.unit_id, self.places)
        for committee in committees:
            self.assertEqual(committee.parent_id.unit_id, committee.unit_id.parent_id)
            self.assertEqual(committee.valid_to, committee.unit_id.valid_to)
            self.assertEqual(
                committee.successor_ids.successor_id.unit_id,
                committee.unit_id.successor_ids.successor_id,
            )
        ward = self.places.filtered(lambda place: place.display_name == "Phường Đạo Thạnh")
        committee = committees.filtered(lambda agency: agency.unit_id == ward)
        self.assertEqual(committee.name, "Ủy ban nhân dân phường Đạo Thạnh")

    def test_loading_again_adds_nothing(self):
        before = {model: self.env[model].search_count([]) for model in LOADED}
        again = self.env["ttcs.province.load"]._load(DONG_THAP)
        self.assertEqual(again, self.province)
        self.assertEqual({m: self.env[m].search_count([]) for m in LOADED}, before)

    def test_what_a_person_corrected_survives_loading_again(self):
        commune = self.at(COMMUNE, ended=False)[0]
        committee = self.env["ttcs.agency"].search([("unit_id", "=", commune.id)])
        commune.latitude, committee.name = 10.25, "Ủy ban nhân dân, trụ sở mới"
        self.env["ttcs.province.load"]._load(DONG_THAP)
        self.assertEqual(commune.latitude, 10.25)
        self.assertEqual(committee.name, "Ủy ban nhân dân, trụ sở mới")


@tagged("post_install", "-at_install")
class TestAnyProvince(TtcsCase):
    """Elsewhere only today's places are known, and the first to load a province runs it."""

    def wizard(self, user=None, code=HA_NOI):
        return (
            self.env["ttcs.province.load"]
            .with_user(user or self.env.user)
            .create({"province_code": code})
        )

    def test_without_reviewed_history_only_places_in_force_load_and_the_screen_says_so(self):
        self.assertTrue(self.wizard().only_current)
        self.assertFalse(self.wizard(code=DONG_THAP).only_current)
        province = self.env["ttcs.province.load"]._load(HA_NOI)
        self.assertEqual(province.display_name, "Thành phố Hà Nội")
        communes = province.child_ids
        self.assertEqual(len(communes), 126)
        self.assertEqual(set(communes.mapped("level")), {COMMUNE})
        self.assertFalse(any((province | communes).mapped("valid_to")))
        self.assertFalse((province | communes).predecessor_ids)

    def test_administrator_loads_from_the_screen_and_sees_the_places(self):
        administrator = self.make_user(self.committee, "administrator")
        action = self.wizard(administrator).action_load()
        shown = self.env[action["res_model"]].with_user(administrator)
        self.assertIn("Thành phố Hà Nội", shown.search([("code", "=", "01")]).mapped("full_name"))

    def test_first_to_load_becomes_administrator_and_reaches_the_province(self):
        first, second = (
            self.env["res.users"].create(
                {
                    "name": f"Người nạp {number}",
                    "login": f"nguoinap{number}@ttcs.example",
                    "group_ids": [
                        (4, self.env.ref("base.group_system").id),
                        (4, self.env.ref("ttcs_base.ttcs_base_group_administrator").id),
                    ],
                }
            )
            for number in (1, 2)
        )
        self.wizard(first).action_load()
        province = self.env["ttcs.province.load"].with_user(second)._load(HA_NOI)
        assignment = first.ttcs_person_ids.assignment_ids
        self.assertEqual(assignment.unit_id.ids, province.ids)
        self.assertEqual(assignment.duty_ids.code, "administrator")
        self.assertFalse(second.ttcs_person_ids)
        local = self.make_person(
            self.env["ttcs.agency"].search([("unit_id", "=", province.child_ids[0].id)])
        )
        self.assertTrue(self.seen_by(first, local))
        self.assertTrue(first.has_group("ttcs_base.ttcs_base_group_administrator"))

    def test_loading_needs_a_province_and_an_administrator(self):
        with self.assert_refused(UserError):
            self.env["ttcs.province.load"].new({}).action_load()
        with self.assert_refused(AccessError):
            self.wizard(self.make_user(self.committee, "leader"))

    def test_first_administrator_who_is_nobody_yet_is_not_the_system_itself(self):
        wizard = self.wizard(self.env.ref("base.user_root"), code="04")
        committee = self.env["ttcs.agency"].search([("unit_id", "=", wizard._load("04").id)])
        self.assertFalse(committee.assignment_ids)
