"""A reform hands places, agencies and people over, once, and asks what it cannot know."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LAST_DAY_BEFORE_REFORM, REFORM, TtcsCase


@tagged("post_install", "-at_install")
class TestReform(TtcsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.make_user(cls.committee, "administrator")
        # A real province may have been reformed on the same day.
        cls.reform = cls.make_reform()

    @classmethod
    def make_reform(cls, **values):
        values = {"name": "Reform", "date": REFORM, "scope_unit_ids": cls.province.ids, **values}
        reform = cls.env["ttcs.reform"].with_user(cls.admin).create(values)
        return reform.with_context(tracking_disable=True)

    def run_reform(self, reform=None):
        reform = reform or self.reform
        reform.action_check()
        reform.action_run()
        return reform

    def rename_hamlets_of_c(self):
        """So that no hamlet of C is called like those of A and B."""
        self.hamlet_c.name = "Mới"

    def follower(self, hamlet):
        return hamlet.successor_ids.successor_id

    def question(self, record):
        return self.env["ttcs.reform.question"].search(
            [
                ("reform_id", "=", self.reform.id),
                ("model", "=", record._name),
                ("res_id", "=", record.id),
            ]
        )

    # Places ---------------------------------------------------------------------------------

    def test_hamlets_of_a_merged_commune_follow_and_namesakes_are_told_apart(self):
        self.rename_hamlets_of_c()
        self.hamlet_a.write({"latitude": 10.5, "longitude": 105.5, "household_count": 120})
        alone = self.make_unit(
            "Tân Lập", "hamlet", self.commune_b, valid_to=LAST_DAY_BEFORE_REFORM
        )
        self.run_reform()
        after = {old: self.follower(old) for old in (self.hamlet_a, self.hamlet_b, alone)}
        self.assertEqual({new.parent_id for new in after.values()}, {self.commune_c})
        self.assertEqual(
            [new.name for new in after.values()],
            [f"1 ({self.commune_a.full_name})", f"1 ({self.commune_b.full_name})", "Tân Lập"],
        )
        new = after[self.hamlet_a]
        self.assertEqual((new.valid_from, new.valid_to), (REFORM, False))
        self.assertEqual((new.latitude, new.household_count), (10.5, 120))
        self.assertEqual(new.commune_id, self.commune_c)
        self.assertEqual(self.hamlet_a.successor_ids.kind, "transfer")

    def test_clusters_follow_their_hamlet(self):
        self.rename_hamlets_of_c()
        cluster = self.make_unit(
            "Tổ 7", "residential_cluster", self.hamlet_a, valid_to=LAST_DAY_BEFORE_REFORM
        )
        self.run_reform()
        self.assertEqual(self.follower(cluster).parent_id, self.follower(self.hamlet_a))

    def test_a_namesake_that_exists_already_is_asked_about(self):
        self.run_reform()
        question = self.question(self.hamlet_a)
        self.assertFalse(self.follower(self.hamlet_a))
        self.assertEqual(question.suggested_unit_id, self.hamlet_c)
        question.with_user(self.admin).action_accept_suggestion()
        self.assertEqual(self.follower(self.hamlet_a), self.hamlet_c)
        # The other one is another hamlet: it is made anew beside it.
        other = self.question(self.hamlet_b).with_user(self.admin)
        other.decision_unit_id = self.commune_c
        self.assertEqual(self.follower(self.hamlet_b).parent_id, self.commune_c)
        self.assertEqual(self.follower(self.hamlet_b).name, f"1 ({self.commune_b.full_name})")
        self.assertEqual(other.decided_by_id, self.admin)

    def test_hamlets_of_a_split_commune_are_asked_about_with_the_nearest(self):
        (self.hamlet_e | self.hamlet_f).write({"longitude": 105.5})
        self.hamlet_e.latitude, self.hamlet_f.latitude = 10.2, 10.9
        self.hamlet_d.write({"latitude": 10.8, "longitude": 105.5, "name": "Phú"})
        self.run_reform()
        question = self.question(self.hamlet_d)
        self.assertEqual(question.candidate_ids, self.commune_e | self.commune_f)
        self.assertEqual(question.suggested_unit_id, self.commune_f)
        self.assertAlmostEqual(question.distance_km, 11.1, 1)
        question.with_user(self.admin).decision_unit_id = self.commune_e
        self.assertEqual(self.follower(self.hamlet_d).parent_id, self.commune_e)
        self.assertEqual(question.state, "answered")

    def test_a_decision_outside_the_candidates_is_refused(self):
        self.run_reform()
        question = self.question(self.hamlet_d).with_user(self.admin)
        with self.assert_refused(UserError) as refusal:
            question.decision_unit_id = self.commune_g
        self.assertIn(self.commune_e.full_name, str(refusal.exception))

    def test_places_still_open_end_on_the_day_before(self):
        tomorrow = self.tomorrow
        new = self.make_unit("Ngày Mai", "commune", self.province, valid_from=tomorrow)
        self.make_lineage(self.commune_g, new, kind="rename")
        office = self.make_agency(new)
        reform = self.run_reform(self.make_reform(date=tomorrow))
        self.assertEqual(self.commune_g.valid_to, self.today)
        self.assertEqual(self.hamlet_g.valid_to, self.today)
        self.assertEqual(self.follower(self.hamlet_g).parent_id, new)
        self.assertEqual(self.committee_g.valid_to, self.today)
        self.assertEqual(self.committee_g.successor_ids.successor_id, office)
        self.assertFalse(self.commune_c.valid_to)
        self.assertEqual(reform.state, "done")

    # Agencies and people --------------------------------------------------------------------

    def test_committees_follow_their_places(self):
        self.run_reform()
        self.assertEqual(self.committee_a.successor_ids.successor_id, self.committee_c)
        self.assertEqual(
            self.committee_d.successor_ids.successor_id, self.committee_e | self.committee_f
        )

    def test_a_station_board_serves_the_new_commune(self):
        board = self.make_agency(
            self.commune_a, "Ban Đài", kind="station_board", valid_from=REFORM, valid_to=False
        )
        self.run_reform()
        self.assertEqual(board.unit_id, self.commune_c)
        self.assertFalse(board.valid_to)

    def test_people_of_an_ended_committee_go_on_in_the_next(self):
        user = self.make_user(self.committee_a, "people")
        before = user.ttcs_person_ids.assignment_ids
        self.assertFalse(self.seen_by(user, self.committee_c.assignment_ids))
        colleague = self.make_person(self.committee_c)
        self.run_reform()
        after = user.ttcs_person_ids.assignment_ids - before
        self.assertEqual(before.valid_to, LAST_DAY_BEFORE_REFORM)
        self.assertEqual((after.agency_id, after.valid_from), (self.committee_c, REFORM))
        self.assertEqual(after.position_id, before.position_id)
        self.assertEqual(after.duty_ids, before.duty_ids)
        self.assertTrue(user.has_group("ttcs_base.ttcs_base_group_people_user"))
        self.assertTrue(self.seen_by(user, colleague), "He works in C now and sees its people.")

    def test_a_person_in_both_merged_committees_goes_on_once_with_all_duties(self):
        person = self.make_person()
        self.assign(person, self.committee_a, "people")
        self.assign(person, self.committee_b, "leader")
        self.run_reform()
        after = person.assignment_ids.filtered(lambda each: not each.valid_to)
        self.assertEqual(after.agency_id, self.committee_c)
        self.assertEqual(set(after.duty_ids.mapped("code")), {"people", "leader"})

    def test_assignments_stay_when_not_wanted(self):
        person = self.make_person(self.committee_a)
        self.run_reform(self.make_reform(continue_assignments=False))
        self.assertFalse(person.assignment_ids.valid_to)
        self.assertEqual(person.assignment_ids.agency_id, self.committee_a)

    def test_people_of_a_split_commune_are_asked_about(self):
        person = self.make_person(self.committee_d)
        assignment = person.assignment_ids
        self.run_reform()
        self.assertFalse(assignment.valid_to)
        question = self.question(assignment).with_user(self.admin)
        question.decision_unit_id = self.commune_f
        self.assertEqual(assignment.valid_to, LAST_DAY_BEFORE_REFORM)
        self.assertEqual((person.assignment_ids - assignment).agency_id, self.committee_f)

    # Safety ---------------------------------------------------------------------------------

    def test_the_preview_tells_all_and_changes_nothing(self):
        self.rename_hamlets_of_c()
        person = self.make_person(self.committee_a)
        units = self.env["ttcs.unit"].search_count([])
        self.reform.action_check()
        self.assertEqual(self.env["ttcs.unit"].search_count([]), units)
        self.assertFalse(self.committee_a.successor_ids)
        self.assertFalse(person.assignment_ids.valid_to)
        self.assertFalse(self.reform.question_ids)
        told = {(line.kind, line.name) for line in self.reform.line_ids}
        self.assertIn(("hamlet", f"Ấp 1 ({self.commune_a.full_name})"), told)
        self.assertIn(("agency", self.committee_a.name), told)
        self.assertTrue([line for line in self.reform.line_ids if line.kind == "assignment"])

    def test_a_second_run_does_nothing_and_says_so(self):
        self.rename_hamlets_of_c()
        self.make_person(self.committee_a)
        self.run_reform()
        counts = [self.env[model].search_count([]) for model in self.written]
        self.reform.action_run()
        self.assertEqual([self.env[model].search_count([]) for model in self.written], counts)
        last = self.reform.line_ids.filtered(lambda line: line.run == 2)
        # What was asked stays open and is told again; nothing else.
        self.assertFalse(last.filtered(lambda line: not line.asked_count))

    written = (
        "ttcs.unit",
        "ttcs.unit.lineage",
        "ttcs.agency.lineage",
        "ttcs.assignment",
        "ttcs.placement",
        "ttcs.reform.question",
        "ttcs.reform.move",
    )

    def test_without_anything_left_a_run_says_that(self):
        scope = self.commune_c
        self.rename_hamlets_of_c()
        reform = self.run_reform(self.make_reform(scope_unit_ids=scope.ids))
        reform.action_run()
        last = reform.line_ids.filtered(lambda line: line.run == 2)
        self.assertEqual(last.mapped("kind"), ["nothing"])

    def test_scope_leaves_other_places_alone(self):
        self.rename_hamlets_of_c()
        self.run_reform(self.make_reform(scope_unit_ids=self.commune_c.ids))
        self.assertTrue(self.follower(self.hamlet_a))
        self.assertFalse(self.committee_d.successor_ids)
        self.assertFalse(self.question(self.hamlet_d))

    def test_a_date_without_lineage_is_refused(self):
        reform = self.make_reform(date=date(1999, 1, 1))
        with self.assert_refused(UserError):
            reform.action_check()

    def test_only_administrators_run(self):
        manager = self.make_user(self.committee_c, "leader", "people_manager")
        for step in ("action_check", "action_run"):
            with self.assert_refused(AccessError):
                getattr(self.reform.with_user(manager), step)()
        with self.assert_refused(AccessError):
            self.reform.with_user(manager)._run()

    def test_what_has_been_run_keeps_its_date(self):
        self.run_reform()
        with self.assert_refused(UserError):
            self.reform.date = self.today
        with self.assert_refused(UserError):
            self.reform.unlink()

    def test_questions_about_hamlets_and_people_are_for_administrators(self):
        person = self.make_person(self.committee_d)
        manager = self.make_user(self.committee_e, "leader", "people_manager")
        self.run_reform()
        questions = self.question(self.hamlet_d) | self.question(person.assignment_ids)
        self.assertEqual(len(questions), 2)
        self.assertFalse(self.seen_by(manager, questions))
        with self.assert_refused(AccessError):
            questions.with_user(manager).write({"decision_unit_id": self.commune_e.id})
