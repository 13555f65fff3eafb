import json
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta

import odoo.sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import config

from .common import FOUNDED, TtcsCase


@tagged("post_install", "-at_install")
class TestScope(TtcsCase):
    """Who sees which people and assignments, by whatever way he asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for letter in "abcdefg":
            person = cls.make_person(getattr(cls, f"committee_{letter}"), phone=f"0900 {letter}")
            setattr(cls, f"person_{letter}", person)
        cls.people = cls.env["ttcs.person"].union(
            *(getattr(cls, f"person_{letter}") for letter in "abcdefg")
        )
        cls.of_c = cls.person_a | cls.person_b | cls.person_c
        cls.officer = cls.make_user(
            cls.committee_c, "people_manager", groups=["base.group_allow_export"]
        )

    def test_officer_finds_people_of_his_place_and_its_predecessors(self):
        self.assertEqual(self.seen_by(self.officer, self.people), self.of_c)
        assignments = self.people.assignment_ids
        self.assertEqual(self.seen_by(self.officer, assignments), self.of_c.assignment_ids)

    def test_province_finds_everybody(self):
        specialist = self.make_user(self.department)
        self.assertEqual(self.seen_by(specialist, self.people), self.people)
        self.assertEqual(
            self.seen_by(specialist, self.people.assignment_ids), self.people.assignment_ids
        )

    def test_every_successor_of_a_split_sees_the_predecessor(self):
        user = self.make_user(self.committee_e)
        self.assertEqual(self.seen_by(user, self.people), self.person_d | self.person_e)
        user = self.make_user(self.committee_f)
        self.assertEqual(self.seen_by(user, self.people), self.person_d | self.person_f)

    def test_former_commune_does_not_see_its_successor(self):
        user = self.make_user(self.committee_a)
        self.assertEqual(self.seen_by(user, self.people), self.person_a)

    def test_everybody_sees_himself_and_his_own_assignments(self):
        officer = self.make_user(self.committee_g)
        person = officer.ttcs_person_ids
        elsewhere = self.assign(person, self.committee_e, valid_to=self.yesterday)
        self.assertEqual(self.seen_by(officer, person | self.person_e), person)
        self.assertEqual(
            self.seen_by(officer, person.assignment_ids | self.person_e.assignment_ids),
            person.assignment_ids,
        )
        self.assertIn(elsewhere, person.assignment_ids)

    def test_record_known_by_its_id_stays_closed(self):
        for record in (self.person_g, self.person_g.assignment_ids):
            record = record.with_user(self.officer)
            with self.assert_refused(AccessError):
                record.read(["display_name"])
            with self.assert_refused(AccessError):
                record.browse(record.id).display_name  # noqa: B018
            with self.assert_refused(AccessError):
                record.web_read({"display_name": {}})
            with self.assert_refused(AccessError):
                record.export_data(["display_name"])

    def test_record_in_reach_is_read_and_exported(self):
        person = self.person_a.with_user(self.officer)
        self.assertEqual(person.read(["phone"])[0]["phone"], "0900 a")
        self.assertEqual(person.export_data(["phone"])["datas"], [["0900 a"]])

    def test_nobody_out_of_reach_is_offered_or_counted(self):
        people = self.env["ttcs.person"].with_user(self.officer)
        domain = [("id", "in", self.people.ids)]
        offered = people.name_search("0900", domain)
        self.assertEqual({id_ for id_, _name in offered}, set(self.of_c.ids))
        self.assertEqual(people.search_count(domain), 3)
        [(count,)] = people._read_group(domain, [], ["__count"])
        self.assertEqual(count, 3)
        groups = (
            self.env["ttcs.assignment"]
            .with_user(self.officer)
            .formatted_read_group(
                [("person_id", "in", self.people.ids)], ["agency_id"], ["__count"]
            )
        )
        agencies = self.committee_a | self.committee_b | self.committee_c
        self.assertEqual({group["agency_id"][0] for group in groups}, set(agencies.ids))

    def test_officer_changes_only_what_he_reaches(self):
        self.person_b.with_user(self.officer).phone = "0911"
        self.assertEqual(self.person_b.phone, "0911")
        self.person_b.assignment_ids.with_user(self.officer).valid_to = self.today
        with self.assert_refused(AccessError):
            self.person_g.with_user(self.officer).phone = "0911"
        with self.assert_refused(AccessError):
            self.person_g.assignment_ids.with_user(self.officer).valid_to = self.today
        with self.assert_refused(AccessError):
            (self.person_b | self.person_g).with_user(self.officer).write({"phone": "0922"})

    def test_shared_person_shows_only_the_assignments_in_reach(self):
        here = self.person_c.assignment_ids
        self.assign(self.person_c, self.committee_g)
        self.env.flush_all()
        self.env.invalidate_all()
        person = self.person_c.with_user(self.officer)
        self.assertEqual(person.assignment_ids.ids, here.ids)
        self.assertEqual(person.agency_ids.ids, self.committee_c.ids)
        self.env.invalidate_all()
        form = person.web_read({"assignment_ids": {"fields": {"agency_id": {}}}})
        self.assertEqual([line["id"] for line in form[0]["assignment_ids"]], here.ids)

    def test_no_side_door_over_agencies_places_and_users(self):
        colleague = self.make_user(self.committee_g)
        self.env.flush_all()
        self.env.invalidate_all()
        as_officer = self.env(user=self.officer)
        agency = self.committee_g.with_env(as_officer)
        self.assertFalse(agency.assignment_ids)
        self.assertFalse(colleague.with_env(as_officer).ttcs_person_ids)
        for domain in (
            [("assignment_ids.person_id.phone", "=", "0900 g")],
            [("assignment_ids.person_id", "=", self.person_g.id)],
        ):
            self.assertFalse(as_officer["ttcs.agency"].search(domain), domain)

    def test_nobody_asks_who_else_reads_a_place(self):
        units = self.env["ttcs.unit"].with_user(self.make_user(self.department, "leader"))
        with self.assert_refused(AccessError):
            units.search([("reader_ids.user_id", "=", self.officer.id)])
        with self.assert_refused(AccessError):
            units.browse(self.commune_c.id).read(["reader_ids"])
        with self.assert_refused(AccessError):
            units.env["ttcs.unit.reader"].search([])
        self.assertNotIn("reader_ids", units.browse(self.commune_c.id).read()[0])

    def test_place_says_to_each_user_whether_it_is_in_his_reach(self):
        places = self.communes | self.hamlet_c | self.hamlet_g
        mine = self.commune_a | self.commune_b | self.commune_c | self.hamlet_c
        neighbour = self.make_user(self.committee_g)
        for user, reached in (
            (self.officer, mine),
            (neighbour, self.commune_g | self.hamlet_g),
            (self.env.user, self.env["ttcs.unit"]),
        ):
            asked = places.with_user(user)
            self.assertEqual(asked.filtered("in_reach").ids, reached.ids)
            found = asked.search([("id", "in", places.ids), ("in_reach", "=", True)])
            self.assertEqual(found, reached.sorted())
            found = asked.search([("id", "in", places.ids), ("in_reach", "=", False)])
            self.assertEqual(found, (places - reached).sorted())
        neighbour.ttcs_person_ids.assignment_ids.valid_to = self.yesterday
        self.assertFalse(self.hamlet_g.with_user(neighbour).sudo().in_reach)

    def test_place_itself_is_no_secret(self):
        everywhere = self.communes | self.hamlet_g | self.province
        self.assertEqual(self.seen_by(self.officer, everywhere), everywhere)

    def test_whoever_may_write_places_and_agencies_writes_those_he_reaches(self):
        group = self.env.ref("ttcs_base.ttcs_base_group_people_manager")
        for model in ("ttcs.unit", "ttcs.agency"):
            self.env["ir.model.access"].create(
                {
                    "name": "An add-on above lets managers write",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": group.id,
                    **{f"perm_{operation}": True for operation in ("write", "create", "unlink")},
                }
            )
        as_officer = self.env(user=self.officer)
        (self.hamlet_c | self.hamlet_a).with_env(as_officer).population = 900
        self.committee_b.with_env(as_officer).phone = "0905"
        values = {"name": "9", "kind_id": self.hamlet_c.kind_id.id}
        made = as_officer["ttcs.unit"].create({**values, "parent_id": self.commune_c.id})
        for record in (self.hamlet_g, self.commune_c, self.province):
            with self.assert_refused(AccessError):
                record.with_env(as_officer).population = 900
        with self.assert_refused(AccessError):
            self.committee_g.with_env(as_officer).phone = "0905"
        with self.assert_refused(AccessError):
            as_officer["ttcs.unit"].create({**values, "parent_id": self.commune_g.id})
        made.unlink()

    def test_a_role_never_widens_which_agencies_are_changed(self):
        self.env["ir.model.access"].create(
            {
                "name": "agencies for everybody",
                "model_id": self.env["ir.model"]._get_id("ttcs.agency"),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
        self.committee_c.with_user(self.officer).phone = "0277 3851 234"
        with self.assert_refused(AccessError):
            self.committee_g.with_user(self.officer).phone = "0277 3851 234"

    def test_refusal_says_what_and_why_and_nothing_of_the_record(self):
        self.officer.lang = "vi_VN"
        # With developer mode on core tells the name of what was refused.
        self.officer.group_ids += self.env.ref("base.group_no_one")
        with self.assertRaises(AccessError) as caught:
            self.person_g.with_user(self.officer).read(["name"])
        message = str(caught.exception)
        self.assertIn(str(self.person_g.id), message)
        self.assertIn("ngoài địa bàn và cơ quan, đơn vị được giao", message)
        self.assertNotIn(self.person_g.name, message)

    def test_contact_is_out_of_reach_with_its_person(self):
        contacts = self.people.partner_id
        self.assertEqual(self.seen_by(self.officer, contacts), self.of_c.partner_id)
        with self.assert_refused(AccessError):
            self.person_g.partner_id.with_user(self.officer).read(["phone"])

    def test_contacts_of_colleagues_with_an_account_and_of_others_stay_open(self):
        supplier = self.env["res.partner"].create({"name": "Công ty cung cấp loa"})
        contacts = supplier | self.make_user(self.committee_g).partner_id
        self.assertEqual(self.seen_by(self.officer, contacts), contacts)

    def test_employee_record_is_out_of_reach_with_its_person(self):
        employees = self.env["hr.employee"].create([{"name": "Gần"}, {"name": "Xa"}])
        self.person_c.employee_id, self.person_g.employee_id = employees
        profiles = self.env["hr.employee.public"].browse(employees.ids)
        self.assertEqual(self.seen_by(self.officer, profiles), profiles[0])
        hr_officer = self.make_user(self.committee_c, groups=["hr.group_hr_user"])
        self.assertEqual(self.seen_by(hr_officer, employees), employees[0])

    def test_conversation_and_files_are_out_of_reach_with_their_record(self):
        messages, files = self.env["mail.message"], self.env["ir.attachment"]
        people = [self.person_c, self.person_g]
        for record in people + [person.assignment_ids for person in people]:
            file = files.create(
                {"name": "cv.txt", "raw": b"CV", "res_model": record._name, "res_id": record.id}
            )
            messages |= record.message_post(body="Trao đổi", attachment_ids=file.ids)
            files |= file
        self.assertEqual(self.seen_by(self.officer, messages), messages[0] | messages[2])
        self.assertEqual(self.seen_by(self.officer, files), files[0] | files[2])
        with self.assert_refused(AccessError):
            messages[1].with_user(self.officer).read(["body"])
        with self.assert_refused(AccessError):
            files[3].with_user(self.officer).read(["raw"])

    def test_assignment_opens_from_its_first_to_its_last_day(self):
        periods = {
            (self.today, None): True,
            (FOUNDED, self.today): True,
            (FOUNDED, self.yesterday): False,
            (self.tomorrow, None): False,
        }
        for (start, end), opens in periods.items():
            user = self.make_user(self.committee_e)
            self.assign(user.ttcs_person_ids, self.committee_g, valid_from=start, valid_to=end)
            seen = self.seen_by(user, self.people)
            self.assertEqual(self.person_g in seen, opens, (start, end))
            self.assertIn(self.person_e, seen)

    def test_change_is_felt_within_its_own_transaction(self):
        user = self.make_user(self.committee_g)
        self.assign(user.ttcs_person_ids, self.committee_e)
        person = self.person_e.with_user(user)
        self.assertTrue(person.has_access("read"))
        second = user.ttcs_person_ids.assignment_ids.filtered(
            lambda assignment: assignment.agency_id == self.committee_e
        )
        second.valid_to = self.yesterday
        self.assertFalse(person.has_access("read"))
        self.assertFalse(self.seen_by(user, self.person_e))
        second.valid_to = False
        self.assertTrue(person.has_access("read"))
        self.committee_e.unit_id = self.commune_f
        self.assertTrue(self.person_f.with_user(user).has_access("read"))
        second.unlink()
        self.assertFalse(self.person_f.with_user(user).has_access("read"))

    def test_new_lineage_is_felt_within_its_own_transaction(self):
        user = self.make_user(self.committee_g)
        person = self.person_b.with_user(user)
        self.assertFalse(person.has_access("read"))
        edge = self.make_lineage(self.commune_b, self.commune_g, kind="split")
        self.assertTrue(person.has_access("read"))
        edge.unlink()
        self.assertFalse(person.has_access("read"))

    def test_archived_person_reaches_nothing(self):
        user = self.make_user(self.committee_c, "leader")
        leader = self.env.ref("ttcs_base.ttcs_base_group_leader")
        self.assertIn(leader, user.group_ids)
        user.ttcs_person_ids.active = False
        self.assertNotIn(leader, user.group_ids)
        readers = self.env["ttcs.unit.reader"].search([("user_id", "=", user.id)])
        self.assertFalse(readers)

    def test_searching_many_people_takes_no_query_for_each(self):
        people = self.env["ttcs.person"].create([{"name": f"Người {n}"} for n in range(200)])
        self.env["ttcs.assignment"].create(
            [
                {
                    "person_id": person.id,
                    "agency_id": self.committee_c.id,
                    "position_id": self.env.ref("ttcs_base.ttcs_position_hamlet_head").id,
                }
                for person in people
            ]
        )

        def read(number):
            found = people.with_user(self.officer).search([("id", "in", people[:number].ids)])
            self.assertEqual(len(found.read(["name", "agency_ids", "phone"])), number)

        self.assert_set_based(read)


# Answers, for each line of input, what a user sees now.  Caches live as long as the process.
SECOND_PROCESS = """
import json, sys
from odoo.api import Environment
from odoo.exceptions import AccessError
from odoo.modules.registry import Registry
from odoo.tools import config

settings, database, user_id = sys.argv[1:]
config.parse_config(["-c", settings, "-d", database, "--log-level=critical"])
registry = Registry(database)
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "new request":
        registry = registry.check_signaling()
    with registry.cursor() as cursor:
        people = Environment(cursor, int(user_id), {})["ttcs.person"]
        try:
            print(json.dumps(people.search([], order="id").ids), flush=True)
        except AccessError:
            print("refused", flush=True)
"""


@tagged("post_install", "-at_install")
class TestRevokedElsewhere(BaseCase):
    """A process that has the record rules in its cache feels what another one commits."""

    @contextmanager
    def committed(self):
        """An environment whose changes stand when the block ends."""
        with odoo.sql_db.db_connect(get_db_name()).cursor() as cursor:
            yield Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            position = env.ref("ttcs_base.ttcs_position_specialist")
            kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
            unit = env["ttcs.unit"].create(
                {"name": "Hai tiến trình", "kind_id": kind.id, "valid_from": FOUNDED}
            )
            agency = env["ttcs.agency"].create({"name": "Hai tiến trình", "unit_id": unit.id})
            user = env["res.users"].create({"name": "Một", "login": "hai-tien-trinh@ttcs.example"})
            people = env["ttcs.person"].create(
                [{"name": "Một", "user_id": user.id}, {"name": "Hai"}]
            )
            assignments = env["ttcs.assignment"].create(
                [
                    {
                        "person_id": person.id,
                        "agency_id": agency.id,
                        "position_id": position.id,
                        "duty_ids": env.ref("ttcs_base.ttcs_duty_user").ids,
                        "valid_from": FOUNDED,
                    }
                    for person in people
                ]
            )
            self.made = (assignments, people, user, user.partner_id | people.partner_id)
            self.made += (agency, unit)
        self.addCleanup(self._delete_made)
        self.user_id, self.own_id, self.other_id = user.id, *people.ids
        self.own_assignment_id = assignments[0].id

    def _delete_made(self):
        with self.committed() as env:
            for records in self.made:
                records.with_env(env).unlink()

    def _start(self):
        command = [sys.executable, "-c", SECOND_PROCESS]
        command += [config["config"], get_db_name(), str(self.user_id)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.addCleanup(process.communicate, timeout=60)
        self.assertEqual(process.stdout.readline().strip(), "ready")
        return process

    def _ask(self, process, request):
        process.stdin.write(f"{request}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    def _set_last_day(self, difference):
        with self.committed() as env:
            day = env.company._today() + timedelta(days=difference)
            env["ttcs.assignment"].browse(self.own_assignment_id).valid_to = day
        return env.registry

    def test_revoked_assignment_is_felt_at_once(self):
        process = self._start()
        both = [self.own_id, self.other_id]
        self.assertEqual(json.loads(self._ask(process, "new request")), both)
        registry = self._set_last_day(-1)
        # Nothing has told the second process yet: even its cached rule shows no more than
        # what needs no assignment.
        self.assertEqual(json.loads(self._ask(process, "same caches")), [self.own_id])
        registry.signal_changes()
        self.assertEqual(self._ask(process, "new request"), "refused")
        registry = self._set_last_day(0)
        registry.signal_changes()
        self.assertEqual(json.loads(self._ask(process, "new request")), both)
