from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FOUNDED, TtcsCase

ADMINISTRATOR = "ttcs_base.ttcs_base_group_administrator"
LEADER = "ttcs_base.ttcs_base_group_leader"
PEOPLE = "ttcs_base.ttcs_base_group_people_user"
USER = "ttcs_base.ttcs_base_group_user"


@tagged("post_install", "-at_install")
class TestAssignment(TtcsCase):
    """Positions are held for a time, and access groups follow them."""

    @mute_logger("odoo.sql_db")
    def test_nobody_holds_one_position_twice_at_a_time(self):
        person = self.make_person()
        first = self.assign(person, self.committee_g, valid_to=self.today)
        with self.assert_refused(ExclusionViolation):
            self.assign(person, self.committee_g, valid_from=self.today)
        again = self.assign(person, self.committee_g, valid_from=self.tomorrow)
        self.assign(person, self.committee_e)
        self.assertEqual(person.agency_ids, self.committee_g | self.committee_e)
        with self.assert_refused(ExclusionViolation):
            first.valid_to = again.valid_from

    @mute_logger("odoo.sql_db")
    def test_assignment_does_not_end_before_it_begins(self):
        with self.assert_refused(CheckViolation):
            self.assign(self.make_person(), self.committee_g, valid_to=FOUNDED - timedelta(days=1))

    def test_assignment_is_in_force_from_its_first_to_its_last_day(self):
        cases = {
            (self.today, None): True,
            (FOUNDED, self.today): True,
            (FOUNDED, self.yesterday): False,
            (self.tomorrow, None): False,
        }
        assignments = self.env["ttcs.assignment"]
        for (start, end), expected in cases.items():
            made = self.assign(
                self.make_person(), self.committee_g, valid_from=start, valid_to=end
            )
            self.assertEqual(made.in_force, expected, (start, end))
            for asked in (True, False):
                found = assignments.search([("id", "=", made.id), ("in_force", "=", asked)])
                self.assertEqual(bool(found), expected == asked, (start, end))

    def test_display_name_says_who_what_and_where(self):
        made = self.assign(self.make_person(name="Trưởng ấp 1"), self.committee_g)
        self.assertEqual(
            made.with_context(lang="en_US").display_name,
            f"Trưởng ấp 1, Officer in charge of the station, {self.committee_g.name}",
        )

    def test_groups_come_and_go_with_the_assignment(self):
        user = self.make_user(self.committee_g, "people")
        person = user.ttcs_person_ids
        self.assertTrue(user.has_group(PEOPLE))
        self.assertFalse(user.has_group(LEADER))
        second = self.assign(person, self.committee_e, "leader", "people")
        self.assertTrue(user.has_group(LEADER))
        second.valid_to = self.yesterday
        self.assertFalse(user.has_group(LEADER))
        self.assertTrue(user.has_group(PEOPLE), "the first assignment still gives it")
        first = person.assignment_ids - second
        first.duty_ids = self.duties("user")
        self.assertFalse(user.has_group(PEOPLE))
        first.unlink()
        self.assertFalse(user.has_group(USER))

    def test_groups_that_no_duty_gives_are_left_alone(self):
        export = "base.group_allow_export"
        user = self.make_user(self.committee_g, "people", groups=[export])
        user.ttcs_person_ids.assignment_ids.valid_to = self.yesterday
        self.assertTrue(user.has_group(export))
        self.assertTrue(user.has_group("base.group_user"))

    def test_groups_move_with_the_person_and_the_account(self):
        first, second = self.make_user(self.committee_g), self.make_user(self.committee_g)
        position = self.env.ref("ttcs_base.ttcs_position_leader")
        made = self.assign(first.ttcs_person_ids, self.committee_g, "leader", position=position)
        made.person_id = second.ttcs_person_ids
        self.assertEqual([user.has_group(LEADER) for user in (first, second)], [False, True])
        person = second.ttcs_person_ids
        person.user_id = False
        self.assertFalse(second.has_group(LEADER))
        first.ttcs_person_ids.user_id = False
        person.user_id = first
        self.assertTrue(first.has_group(LEADER))

    def test_nightly_job_gives_and_takes_on_the_day(self):
        begins = self.make_user(self.committee_g, "leader", valid_from=self.tomorrow)
        ends = self.make_user(self.committee_g, "leader", valid_to=self.today)
        self.assertEqual([user.has_group(LEADER) for user in (begins, ends)], [False, True])
        # Five past midnight in Vietnam is 17:05 of the day before where the server is.
        with self.enter_registry_test_mode(), freeze_time(f"{self.today} 17:05:00"):
            self.env.ref("ttcs_base.ir_cron_synchronise_duties").method_direct_trigger()
        self.assertEqual([user.has_group(LEADER) for user in (begins, ends)], [True, False])

    def test_nightly_job_takes_what_no_assignment_gives(self):
        strays = self.make_user(self.committee_g) | self.make_user(self.committee_g, "leader")
        strays[1].ttcs_person_ids.active = False
        strays.group_ids |= self.env.ref(LEADER)
        self.env["ttcs.assignment"]._cron_synchronise_duties()
        self.assertFalse(any(user.has_group(LEADER) for user in strays))

    def test_assigning_many_users_takes_no_query_for_each(self):
        users = self.env["res.users"].create(
            [{"name": f"Tài khoản {n}", "login": f"taikhoan{n}@ttcs.example"} for n in range(220)]
        )
        people = self.env["ttcs.person"].create(
            [{"name": user.name, "user_id": user.id} for user in users]
        )
        pending = iter(people)
        position = self.env.ref("ttcs_base.ttcs_position_leader").id
        duties = [Command.set(self.duties("leader").ids)]

        def assign(number):
            made = self.env["ttcs.assignment"].create(
                [
                    {
                        "person_id": next(pending).id,
                        "agency_id": self.committee_g.id,
                        "position_id": position,
                        "duty_ids": duties,
                    }
                    for _ in range(number)
                ]
            )
            self.assertTrue(all(user.has_group(LEADER) for user in made.person_id.user_id[-2:]))

        # Odoo inserts rows a hundred at a time.
        self.assert_set_based(assign, allowance=8)
        assigned = people.assignment_ids

        def end_over_night(number):
            assigned[:number].valid_to = self.today
            self.env.flush_all()
            with freeze_time(f"{self.today} 17:05:00"):
                assigned._cron_synchronise_duties()
            ended = assigned[number - 2 : number].user_id
            self.assertFalse(any(user.has_group(LEADER) for user in ended))
            assigned[:number].valid_to = False

        self.assert_set_based(end_over_night, allowance=8)

    def test_recording_many_people_takes_no_query_for_each(self):
        def record(number):
            self.env["ttcs.person"].create([{"name": f"Người {n}"} for n in range(number)])

        self.assert_set_based(record, allowance=10)


@tagged("post_install", "-at_install")
class TestGranting(TtcsCase):
    """Whoever assigns others gives no more than he has, and nothing to himself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user(cls.committee_c, "people_manager", valid_to=cls.tomorrow)
        cls.me = cls.manager.ttcs_person_ids
        cls.colleague = cls.make_user(cls.committee_c)
        cls.person = cls.colleague.ttcs_person_ids
        cls.leader_position = cls.env.ref("ttcs_base.ttcs_position_leader")

    def grant(self, agency, *duties, person=None, user=None, **values):
        """Create an assignment as the manager; gives it."""
        values = {
            "person_id": (person or self.person).id,
            "agency_id": agency.id,
            "position_id": self.leader_position.id,
            "duty_ids": [Command.set(self.duties(*duties).ids)],
            **values,
        }
        return self.env["ttcs.assignment"].with_user(user or self.manager).create(values)

    def test_manager_assigns_what_he_holds_where_he_reaches(self):
        self.grant(self.committee_c, "people_manager")
        self.assertTrue(self.colleague.has_group("ttcs_base.ttcs_base_group_people_manager"))
        self.assertTrue(self.grant(self.committee_a, "people").in_force)

    def test_nobody_grants_a_duty_that_he_does_not_hold(self):
        for duty in ("leader", "administrator"):
            with self.assert_refused(AccessError):
                self.grant(self.committee_c, duty)
        made = self.grant(self.committee_c, "people")
        with self.assert_refused(AccessError):
            made.duty_ids = self.duties("people", "leader")
        self.assertFalse(self.colleague.has_group(LEADER))

    def test_duty_of_one_does_not_slip_to_another_changed_with_him(self):
        chair = self.make_person()
        self.assign(chair, self.committee_c, "leader")
        both = (chair | self.person).assignment_ids.with_user(self.manager)
        with self.assert_refused(AccessError):
            both.duty_ids = [Command.link(self.duties("leader").id)]

    def test_assignment_with_a_higher_duty_is_ended_but_neither_moved_nor_prolonged(self):
        chair = self.make_user(self.committee_c)
        made = self.assign(
            chair.ttcs_person_ids,
            self.committee_c,
            "leader",
            valid_to=self.tomorrow,
            position=self.leader_position,
        ).with_user(self.manager)
        for values in (
            {"person_id": self.person.id},
            {"agency_id": self.committee_a.id},
            {"valid_to": self.tomorrow + timedelta(days=1)},
            {"valid_to": False},
            {"valid_from": FOUNDED - timedelta(days=1)},
        ):
            with self.assert_refused(AccessError):
                made.write(values)
        made.valid_to = self.yesterday
        self.assertFalse(chair.has_group(LEADER))

    def test_nobody_assigns_himself(self):
        for agency in (self.committee, self.committee_c):
            with self.assert_refused(AccessError):
                self.grant(agency, "user", person=self.me)
        own = self.me.assignment_ids.with_user(self.manager)
        for values in (
            {"agency_id": self.committee.id},
            {"valid_to": False},
            {"person_id": self.person.id},
        ):
            with self.assert_refused(AccessError):
                own.write(values)
        with self.assert_refused(AccessError):
            self.grant(self.committee_c, "user").person_id = self.me

    def test_nobody_assigns_out_of_his_reach(self):
        with self.assert_refused(AccessError):
            self.grant(self.committee_g, "user")
        made = self.grant(self.committee_c, "user")
        for agency in (self.committee_g, self.committee):
            with self.assert_refused(AccessError):
                made.agency_id = agency
        with self.assert_refused(AccessError):
            self.env["ttcs.assignment"].with_user(self.manager).with_context(
                default_agency_id=self.committee.id
            ).create({"person_id": self.me.id, "position_id": self.leader_position.id})

    def test_administrator_grants_any_duty_also_to_himself(self):
        administrator = self.make_user(self.committee, "administrator")
        self.grant(self.committee_g, "leader", user=administrator)
        self.grant(
            self.committee, "people", person=administrator.ttcs_person_ids, user=administrator
        )
        self.assertTrue(self.colleague.has_group(LEADER))

    def test_plain_user_assigns_nobody(self):
        with self.assert_refused(AccessError):
            self.grant(self.committee_c, "user", user=self.colleague, person=self.make_person())


@tagged("post_install", "-at_install")
class TestAccountOfPerson(TtcsCase):
    """Nobody gets at an account that may do more than his own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user(cls.committee_c, "people_manager")
        cls.colleague = cls.make_user(cls.committee_c)
        cls.chair = cls.make_user(cls.committee_c, "leader")
        cls.traveller = cls.make_user(cls.committee_c)
        cls.assign(cls.traveller.ttcs_person_ids, cls.committee_g)
        cls.spare = cls.env["res.users"].create(
            {"name": "Dự phòng", "login": "duphong@ttcs.example"}
        )

    def as_manager(self, user):
        return user.ttcs_person_ids.with_user(self.manager)

    def test_contact_follows_the_person(self):
        person = self.make_person(phone="0901", email="a@ttcs.example")
        self.assertEqual(person.partner_id.email, "a@ttcs.example")
        person.write({"name": "Tên mới", "phone": "0902"})
        contact = person.partner_id
        self.assertEqual((contact.name, contact.phone), ("Tên mới", "0902"))
        self.assertEqual(self.colleague.ttcs_person_ids.partner_id, self.colleague.partner_id)

    def test_contact_cannot_be_chosen(self):
        victim = self.env.ref("base.user_admin").partner_id
        people = self.env["ttcs.person"].with_user(self.manager)
        with self.assert_refused(AccessError):
            people.create({"name": "Giả", "partner_id": victim.id})
        made = people.create({"name": "Thật"})
        with self.assert_refused(AccessError):
            made.partner_id = victim
        made.with_context(default_partner_id=victim.id).email = "moi@ttcs.example"
        self.assertNotEqual(victim.email, "moi@ttcs.example")

    def test_email_of_an_account_is_changed_by_who_may_do_as_much(self):
        self.as_manager(self.colleague).email = "moi@ttcs.example"
        self.assertEqual(self.colleague.email, "moi@ttcs.example")
        self.as_manager(self.manager).email = "toi@ttcs.example"
        for other in (self.chair, self.traveller):
            with self.assert_refused(AccessError):
                self.as_manager(other).email = "moi@ttcs.example"
            self.as_manager(other).phone = "0903"

    def test_former_assignment_out_of_reach_does_not_break_the_form(self):
        person = self.as_manager(self.colleague)
        here = person.assignment_ids
        self.assign(self.colleague.ttcs_person_ids, self.committee_g, valid_to=self.yesterday)
        self.env.flush_all()
        self.env.invalidate_all()
        [shown] = person.web_save(
            {"email": "moi@ttcs.example"}, {"assignment_ids": {"fields": {"agency_id": {}}}}
        )
        self.assertEqual([line["id"] for line in shown["assignment_ids"]], here.ids)

    def test_account_is_linked_and_archived_by_who_may_do_as_much(self):
        self.as_manager(self.colleague).user_id = False
        for other in (self.chair, self.traveller):
            with self.assert_refused(AccessError):
                self.as_manager(other).user_id = self.spare
            with self.assert_refused(AccessError):
                self.as_manager(other).active = False
        made = self.env["ttcs.person"].with_user(self.manager).create({"name": "Mới"})
        with self.assert_refused(AccessError):
            made.user_id = self.env.ref("base.user_admin")
        with self.assert_refused(AccessError):
            self.env["ttcs.person"].with_user(self.manager).create(
                {"name": "Giả", "user_id": self.env.ref("base.user_admin").id}
            )
        made.user_id = self.spare
        self.assertEqual(self.spare.ttcs_person_ids, made.with_env(self.env))

    def test_administrator_of_the_province_does_not_take_over_the_system(self):
        administrator = self.make_user(self.committee, "administrator")
        system = self.make_user(self.committee_c, groups=["base.group_system"])
        with self.assert_refused(AccessError):
            system.ttcs_person_ids.with_user(administrator).email = "moi@ttcs.example"
        self.chair.ttcs_person_ids.with_user(administrator).email = "moi@ttcs.example"

    def test_assignment_to_come_protects_the_account_already(self):
        person = self.colleague.ttcs_person_ids
        position = self.env.ref("ttcs_base.ttcs_position_leader")
        self.assign(
            person, self.committee_c, "leader", valid_from=self.tomorrow, position=position
        )
        with self.assert_refused(AccessError):
            self.as_manager(self.colleague).user_id = self.spare

    def test_portal_account_is_no_account_of_the_suite(self):
        self.spare.group_ids = self.env.ref("base.group_portal")
        with self.assert_refused(ValidationError):
            self.make_person(user_id=self.spare.id)
