"""Lists of people: positions, duties, accounts, and the slips that open them."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCase, workbook

HEADINGS = ["STT", "Họ và tên", "Chức vụ", "Nhiệm vụ", "Số điện thoại", "Email", "Tài khoản"]
POSITION = "Officer in charge of the station"


@tagged("post_install", "-at_install")
class TestImportUsers(ImportCase):
    def people(self, *rows):
        numbered = [[number, *row] for number, row in enumerate(rows, 1)]
        return workbook([HEADINGS, *numbered])

    def written(self, batch):
        rows = batch.row_ids.filtered("res_id").sorted("number")
        return self.env["ttcs.person"].browse(rows.mapped("res_id"))

    def test_people_get_positions_duties_and_accounts_without_password(self):
        content = self.people(
            ["Cán bộ đài", POSITION, "See people", "0912345671", "daixa@ttcs.example", "x"],
            ["Cộng tác viên", "Grassroots communicator", None, "0912345672", None, None],
        )
        batch = self.check("users", content, user=self.officer)
        self.assertEqual(self.verdicts(batch), {2: "new", 3: "new"})
        batch.action_apply()
        first, second = self.written(batch)
        self.assertEqual(first.user_id.login, "daixa@ttcs.example")
        self.assertFalse(second.user_id)
        self.assertEqual(first.assignment_ids.agency_id, self.committee_c)
        self.assertEqual(set(first.assignment_ids.duty_ids.mapped("code")), {"people", "user"})
        self.assertTrue(first.user_id.has_group("ttcs_base.ttcs_base_group_people_user"))
        self.assertFalse(first.user_id.has_group("ttcs_base.ttcs_base_group_administrator"))
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [first.user_id.id])
        self.assertFalse(self.env.cr.fetchone()[0], "an account is born without a password")

    def test_the_same_people_again_are_the_same_and_an_added_duty_is_shown(self):
        row = ["Cán bộ đài", POSITION, None, "0912345671", "daixa@ttcs.example", "x"]
        self.check("users", self.people(row), user=self.officer).action_apply()
        again = self.check("users", self.people(row), user=self.officer)
        self.assertEqual(self.verdicts(again), {2: "same"})
        row[1], row[2] = "Technician", "See people"
        changed = self.check("users", self.people(row), user=self.officer)
        self.assertEqual(self.verdicts(changed), {2: "update"})
        self.assertIn("Technician", self.row(changed, 2).message)
        changed.action_apply()
        person = self.written(changed)
        self.assertEqual(len(person.assignment_ids), 2)
        self.assertTrue(person.user_id.has_group("ttcs_base.ttcs_base_group_people_user"))

    def test_nobody_gives_a_duty_that_he_does_not_hold(self):
        row = ["Người muốn hơn", POSITION, "Administer the province", "0912345673", None, None]
        batch = self.check("users", self.people(row), user=self.officer)
        self.assertEqual(self.verdicts(batch), {2: "refused"})
        self.assertIn("Administer the province", self.row(batch, 2).message)

    def test_unknown_duty_and_position_are_questions(self):
        row = ["Người mới", "Phát thanh viên", "Trực đài", "0912345674", None, None]
        batch = self.check("users", self.people(row), user=self.officer)
        self.assertEqual(self.verdicts(batch), {2: "question"})
        self.answer(batch, "Phát thanh viên", "Announcer and editor")
        self.answer(batch, "Trực đài", "See people")
        self.assertEqual(self.verdicts(batch), {2: "new"})

    def test_login_of_somebody_else_is_refused_without_telling_whose(self):
        taken = self.make_user(self.committee_g, "user", name="Người ở xa")
        row = ["Người trùng", POSITION, None, None, taken.login, "x"]
        batch = self.check("users", self.people(row), user=self.officer)
        self.assertEqual(self.verdicts(batch), {2: "refused"})
        self.assertNotIn("Người ở xa", self.row(batch, 2).message)

    def test_account_needs_something_to_sign_in_with(self):
        row = ["Không có gì", POSITION, None, None, None, "x"]
        batch = self.check("users", self.people(row), user=self.officer)
        self.assertEqual(self.verdicts(batch), {2: "refused"})

    def test_agency_out_of_reach_is_asked_about_and_not_taken(self):
        content = workbook(
            [["Họ và tên", "Chức vụ", "Cơ quan"], ["Ở xa", POSITION, self.committee_g.name]]
        )
        batch = self.check("users", content, user=self.officer)
        self.assertEqual(self.verdicts(batch), {2: "question"})
        self.assertNotIn(
            str(self.committee_g.id),
            [option["value"] for option in batch.question_ids.options],
        )

    def test_slips_go_to_those_who_have_not_signed_in(self):
        row = ["Cán bộ đài", POSITION, None, "0912345671", "daixa@ttcs.example", "x"]
        batch = self.check("users", self.people(row), user=self.officer)
        batch.action_apply()
        action = batch.action_print_slips()
        self.assertEqual(action["params"]["mimetype"], "application/pdf")
        slips = self.written(batch).activation_ids
        self.assertEqual(slips.mapped("state"), ["issued"])
        user = self.written(batch).user_id
        user.with_user(user)._update_last_login()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "signed in already"):
            batch.action_print_slips()
