"""Lists of hamlets and residential clusters."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .import_common import ImportCase, workbook

HEADINGS = ["TT", "Ấp, khóm", "Số hộ", "Nhân khẩu", "Trưởng ấp, khóm", "Số ĐT"]


@tagged("post_install", "-at_install")
class TestImportHamlets(ImportCase):
    def hamlets(self, batch):
        rows = batch.row_ids.filtered("is_written")
        return self.env["ttcs.unit"].browse(rows.mapped("res_id"))

    def test_list_with_titles_and_totals_becomes_hamlets(self):
        content = workbook(
            [
                ["DANH SÁCH KHÓM PHƯỜNG ĐƯỜNG THỬ C"],
                [],
                HEADINGS,
                [1, "Khóm Tân Thạnh", 420, "1.680", "Trưởng khóm một", "0912 345 001"],
                [2, "khóm 02", 380, 1500, "Trưởng khóm hai", 912345002],
                [3, "Ấp Bình Hoà", 275, 1020, None, "-"],
                [None, "Tổng cộng", 1075, 4200],
                [None, None, None, None, "NGƯỜI LẬP BIỂU"],
            ]
        )
        batch = self.check("hamlets", content)
        self.assertEqual(batch.unit_id, self.commune_c)
        self.assertEqual(
            self.verdicts(batch), {4: "new", 5: "new", 6: "new", 7: "skipped", 8: "skipped"}
        )
        batch.action_apply()
        self.assertEqual((batch.state, batch.created_count), ("done", 3))
        hamlets = self.hamlets(batch)
        self.assertEqual(hamlets.mapped("full_name"), ["Khóm Tân Thạnh", "Khóm 02", "Ấp Bình Hoà"])
        self.assertEqual(hamlets.commune_id, self.commune_c)
        self.assertEqual(hamlets.mapped("population"), [1680, 1500, 1020])
        self.assertEqual(hamlets.mapped("head_phone"), ["0912345001", "0912345002", False])
        self.assertEqual(set(hamlets.mapped("valid_from")), {self.commune_c.valid_from})

    def test_the_same_list_again_is_the_same_and_a_change_is_shown(self):
        rows = [HEADINGS, [1, "Khóm Một Thử", 100, 400, "Bà trưởng khóm", "0912345001"]]
        content = workbook(rows)
        self.check("hamlets", content).action_apply()
        again = self.check("hamlets", content)
        self.assertEqual(self.verdicts(again), {2: "same"})
        self.assertEqual(again.same_file_batch_id.state, "done")
        with self.assertRaisesRegex(UserError, "nothing to write"):
            again.action_apply()
        rows[1][3] = 450
        changed = self.check("hamlets", workbook(rows))
        self.assertEqual(self.verdicts(changed), {2: "update"})
        self.assertIn("400 → 450", self.row(changed, 2).message)
        changed.action_apply()
        hamlet = self.env["ttcs.unit"].search([("name", "=", "Một Thử")])
        self.assertEqual((hamlet.population, hamlet.household_count), (450, 100))

    def test_blank_cells_change_nothing(self):
        rows = [HEADINGS, [1, "Khóm Một Thử", 100, 400, "Bà trưởng khóm", "0912345001"]]
        self.check("hamlets", workbook(rows)).action_apply()
        rows[1][4:] = [None, None]
        self.assertEqual(self.verdicts(self.check("hamlets", workbook(rows))), {2: "same"})

    def test_hamlet_renamed_since_is_found_again(self):
        rows = [HEADINGS, [1, "Khóm Tên Cũ", 100]]
        batch = self.check("hamlets", workbook(rows))
        batch.action_apply()
        self.hamlets(batch).name = "Tên Mới"
        again = self.check("hamlets", workbook(rows))
        self.assertEqual(self.verdicts(again), {2: "update"})
        self.assertIn("Tên Mới → Tên Cũ", self.row(again, 2).message)

    def test_clusters_of_houses_go_into_hamlets_of_the_same_list(self):
        content = workbook(
            [
                ["Tên", "Thuộc ấp, khóm", "Số hộ"],
                ["Cụm dân cư Bờ Kinh", "Khóm Rạch Thử", 40],
                ["Khóm Rạch Thử", None, 300],
                ["Cụm dân cư Chợ", "khóm 1", 60],
            ]
        )
        batch = self.check("hamlets", content)
        batch.action_apply()
        self.assertEqual(batch.created_count, 3)
        hamlets = {hamlet.name: hamlet for hamlet in self.hamlets(batch)}
        self.assertEqual(hamlets["Bờ Kinh"].parent_id, hamlets["Rạch Thử"])
        self.assertEqual(hamlets["Bờ Kinh"].level, 5)
        self.assertEqual(hamlets["Chợ"].parent_id, self.hamlet_c)
        again = self.check("hamlets", content)
        self.assertEqual(set(self.verdicts(again).values()), {"same"})

    def test_row_whose_hamlet_was_not_written_says_so(self):
        content = workbook(
            [["Tên", "Thuộc ấp, khóm"], ["Khóm Sẽ Hỏng", None], ["Cụm dân cư Con", "Khóm Sẽ Hỏng"]]
        )
        batch = self.check("hamlets", content)
        self.make_unit("Sẽ Hỏng", "urban_hamlet", self.commune_c, valid_from="2025-07-01")
        batch.action_apply()
        self.assertEqual(self.verdicts(batch), {2: "refused", 3: "refused"})
        self.assertIn("already has a part of the same name", self.row(batch, 2).message)
        self.assertIn("was not written", self.row(batch, 3).message)

    def test_code_used_twice_means_the_commune_in_force_unless_the_list_is_older(self):
        old = self.make_unit("Mã Cũ", "commune", self.district, code="T990", valid_to="2025-06-30")
        new = self.make_unit(
            "Mã Mới", "commune", self.province, code="T990", valid_from="2025-07-01"
        )
        self.make_lineage(old, self.commune_g, date="2025-07-01")
        content = workbook([["Ấp", "Mã xã"], ["Ấp Thử Mã", "T990"]])
        today = self.check("hamlets", content, agency=self.committee, unit_id=False)
        self.assertEqual(self.row(today, 2).vals["parent_id"], new.id)
        self.assertIn("has stood for", self.row(today, 2).message)
        then = self.check(
            "hamlets", content, agency=self.committee, unit_id=False, list_date="2025-01-15"
        )
        self.assertEqual(self.row(then, 2).vals["parent_id"], self.commune_g.id)
        self.assertIn("is part of", self.row(then, 2).message)

    def test_code_that_contradicts_the_name_is_a_question(self):
        content = workbook(
            [["Ấp", "Xã", "Mã xã"], ["Ấp Hai Nghĩa", "Long Thử E", self.commune_g.code]]
        )
        batch = self.check("hamlets", content, agency=self.committee, unit_id=False)
        self.assertEqual(self.verdicts(batch), {2: "question"})
        self.answer(batch, "several communes", "Xã Long Thử E")
        self.assertEqual(self.row(batch, 2).vals["parent_id"], self.commune_e.id)

    def test_unknown_commune_is_refused_with_suggestions(self):
        content = workbook([["Ấp", "Xã"], ["Ấp Lạc", "Bình Thử Gờ"], ["Ấp Lạc 2", "Nơi Khác Hẳn"]])
        batch = self.check("hamlets", content, agency=self.committee, unit_id=False)
        self.assertEqual(self.verdicts(batch), {2: "refused", 3: "refused"})
        self.assertIn("Bình Thử G", self.row(batch, 2).message)
        self.answer(batch, "Bình Thử Gờ", "Xã Bình Thử G")
        self.assertEqual(self.verdicts(batch), {2: "new", 3: "refused"})

    def test_former_commune_leads_to_its_successor_and_a_split_one_to_a_question(self):
        content = workbook(
            [["Ấp", "Xã"], ["Ấp Nhập", "Đạo Thử A"], ["Ấp Tách", "Phú Thử D"], ["1", "Phú Thử D"]]
        )
        batch = self.check("hamlets", content, agency=self.committee, unit_id=False)
        self.assertEqual(self.verdicts(batch), {2: "new", 3: "question", 4: "question"})
        self.assertEqual(self.row(batch, 2).vals["parent_id"], self.commune_c.id)
        self.answer(batch, "was split", "Xã Mỹ Thử F")
        self.assertEqual(self.row(batch, 3).vals["parent_id"], self.commune_f.id)

    def test_commune_out_of_reach_is_refused(self):
        user = self.make_user(self.committee_c, "user", "people_manager")
        user.group_ids |= self.env.ref("ttcs_base.ttcs_base_group_user")
        manager = self.make_user(self.committee_c, "administrator")
        content = workbook([["Ấp", "Xã"], ["Ấp Xa", "Bình Thử G"]])
        batch = self.check("hamlets", content, user=manager, unit_id=False)
        self.assertEqual(self.verdicts(batch), {2: "refused"})
        self.assertIn("outside your reach", self.row(batch, 2).message)

    def test_only_who_may_create_places_may_import_them(self):
        with self.assertRaises(AccessError):
            self.bring("hamlets", workbook([HEADINGS]), user=self.officer)
