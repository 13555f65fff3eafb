"""The register of assets from Excel: a messy list end to end, and what must not slip through."""

import base64
import doctest

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.ttcs_base.tests.import_common import ImportCase, read_back, workbook

from ..imports import asset_fields

HEADINGS = [
    "STT",
    "Tên",
    "Nơi lắp đặt",
    "Ấp/ khóm",
    "SL loa",
    "Hãng SX",
    "Số máy",
    "Năm sử dụng",
    "Giá trị",
    "Nguồn vốn",
    "Tình trạng",
    "Toạ độ",
    "G.chú",
]
SOURCE = "Ngân sách xã - chi thường xuyên"


def cluster(number, hamlet, *, place=None, serial=None, cost=12.5, condition="Tốt", note=None):
    return [
        number,
        f"Cụm loa số {number}",
        place,
        hamlet,
        2,
        "Hãng Thử",
        serial,
        2019,
        cost,
        SOURCE,
        condition,
        None,
        note,
    ]


def messy_list():
    """Sixteen clusters as a commune keeps them: odd headings, old fonts, repetitions, totals."""
    rows = [
        cluster(1, "Khóm 1", serial="TM-1001"),
        cluster(2, "Khóm 1", serial="TM-1002", place="Ngã ba chợ"),
        cluster(3, "K. II", serial="TM-1003", condition="hư", note="hư bộ nguồn"),
        cluster(4, "Tân Thạnh", cost="12,5", condition="rè"),
        cluster(5, "khóm tân thạnh"),
        ["6", "Côm loa sè 6", "§Çu cÇu", "Khãm T©n Th¹nh", 2, None, None, 2021, None, None, "Tèt"],
        cluster(7, "Khóm Bình Hoà"),
        cluster(8, "Bình Hòa", cost=15),
        cluster(9, None, place="Cuối hẻm 5, khóm Bình Hòa"),
        cluster(10, "Khóm 2", place="=cmd|' /C calc'!A0"),
        cluster(2, "Khóm 1", serial="TM-1002", place="Ngã ba chợ", cost=13),
        cluster(8, "Bình Hoà", cost=16),
        cluster(11, "Khóm 2"),
        cluster(12, "Khóm Long Phước"),
        cluster(13, "Khóm 2", condition="không hoạt động"),
        cluster(14, "Khóm 2"),
        cluster(15, "Khóm 2"),
        cluster(16, "Khóm 2"),
    ]
    return workbook(
        [
            ["DANH SÁCH CỤM LOA TRUYỀN THANH PHƯỜNG"],
            ["Đơn vị tính: triệu đồng"],
            [],
            HEADINGS,
            *rows,
            [None, "Tổng cộng", None, None, 36],
            [],
            [None, None, None, None, None, None, None, "NGƯỜI LẬP BIỂU"],
        ],
        legacy_rows=(9,),
    )


@tagged("post_install", "-at_install")
class TestImportAssets(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls.make_user(cls.committee_c, "user", "assets")
        since = {"valid_from": cls.commune_c.valid_from}
        for name in ("2", "Tân Thạnh", "Bình Hòa"):
            cls.make_unit(name, "urban_hamlet", cls.commune_c, **since)
        cls.hamlet_c.kind_id = cls.env.ref("ttcs_base.ttcs_unit_kind_urban_hamlet")
        cls.clusters = cls.env.ref("ttcs_assets.maintenance_equipment_category_cluster")
        cls.station_kind = cls.env.ref("ttcs_assets.maintenance_equipment_category_station")

    def bring_assets(self, *rows, headings=HEADINGS, user=None, **values):
        content = workbook([headings, *rows])
        return self.check("assets", content, user=user or self.keeper, **values)

    def assets(self, batch):
        rows = batch.row_ids.filtered("is_written").sorted("number")
        return self.env["maintenance.equipment"].browse(rows.mapped("res_id"))

    def make_asset(self, **values):
        values = {
            "name": "Có sẵn",
            "category_id": self.clusters.id,
            "agency_id": self.committee_c.id,
            "unit_id": self.hamlet_c.id,
            **values,
        }
        return self.env["maintenance.equipment"].create(values)

    def test_doctests(self):
        result = doctest.testmod(asset_fields)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    # The officer's day ----------------------------------------------------------------------

    def test_messy_list_of_sixteen_clusters_end_to_end(self):
        content = messy_list()
        batch = self.check("assets", content, user=self.keeper)
        verdicts = self.verdicts(batch)
        self.assertEqual((batch.new_count, batch.duplicate_count), (15, 2))
        self.assertEqual(
            {number for number, verdict in verdicts.items() if verdict == "duplicate"}, {15, 16}
        )
        self.assertEqual(verdicts[18], "question")
        self.answer(batch, "Long Phước", "Add it as a new hamlet")
        self.answer(batch, "Rows 12, 16", "Take row 16")
        self.assertEqual((batch.new_count, batch.question_count), (16, 0))
        batch.action_apply()
        self.assertEqual((batch.state, batch.created_count), ("done", 16))

        assets = {asset.name: asset for asset in self.assets(batch)}
        self.assertEqual(set(assets), {f"Cụm loa số {number}" for number in range(1, 17)})
        self.assertEqual({asset.family for asset in assets.values()}, {"cluster"})
        self.assertEqual({asset.agency_id for asset in assets.values()}, {self.committee_c})
        self.assertEqual({asset.commune_id for asset in assets.values()}, {self.commune_c})
        first, third = assets["Cụm loa số 1"], assets["Cụm loa số 3"]
        self.assertEqual((first.original_cost, first.horn_count), (12_500_000, 2))
        self.assertEqual(first.cost_ids.funding_source_id.name, SOURCE)
        self.assertEqual(first.in_use_date.year, 2019)
        self.assertEqual((third.unit_id.name, third.condition), ("2", "broken"))
        self.assertIn("hư bộ nguồn", third.note)
        self.assertEqual(assets["Cụm loa số 6"].unit_id.name, "Tân Thạnh")
        self.assertEqual(assets["Cụm loa số 8"].original_cost, 16_000_000)
        self.assertEqual(assets["Cụm loa số 9"].unit_id.name, "Bình Hòa")
        self.assertEqual(assets["Cụm loa số 10"].site_note, "=cmd|' /C calc'!A0")
        self.assertEqual(assets["Cụm loa số 12"].unit_id.full_name, "Khóm Long Phước")

        again = self.check("assets", content, user=self.keeper)
        self.assertEqual(
            (again.same_count, again.new_count, again.update_count),
            (16, 0, 0),
            again.row_ids.filtered(lambda row: row.verdict != "same").mapped("message"),
        )
        self.assertFalse(again.question_count, "the answers were remembered")

    def test_after_the_import_come_map_labels_and_silent_hamlets(self):
        batch = self.bring_assets(cluster(1, "Khóm 1"), cluster(2, "Khóm 2"))
        batch.action_apply()
        ids = self.assets(batch).ids
        self.assertEqual(
            batch.action_open_map()["context"]["ttcs_map_domain"], [("id", "in", ids)]
        )
        labels = batch.action_print_labels()
        self.assertEqual(labels["context"]["active_ids"], ids)
        printing = self.env["ttcs.label.print"].with_user(self.keeper)
        printing = printing.with_context(**labels["context"]).create({})
        self.assertEqual(printing.equipment_ids.ids, ids)
        action = batch.action_open_hamlets_without_sound()
        silent = self.env["ttcs.unit"].with_user(self.keeper).search(action["domain"])
        self.assertEqual(set(silent.mapped("name")), {"Tân Thạnh", "Bình Hòa"})

    def test_list_given_back_holds_the_codes_and_comes_in_again_as_the_same(self):
        headings = [*HEADINGS[:2], "Mã cụm loa", *HEADINGS[2:]]
        rows = [cluster(1, "Khóm 1", serial="A1", place="=1+1"), cluster(2, "Khóm 2", place="-x")]
        rows = [[*row[:2], None, *row[2:]] for row in rows]
        batch = self.bring_assets(
            ["Đơn vị tính: triệu đồng"], headings, *rows, headings=["DANH SÁCH CỤM LOA"]
        )
        batch.action_apply()
        for number, asset in enumerate(self.assets(batch), 1):
            asset.code = f"CL-{number:03d}"
        action = batch.action_export_result()
        back = read_back(action)
        self.assertEqual([row[2] for row in back], ["Mã cụm loa", "CL-001", "CL-002"])
        self.assertEqual([row[3] for row in back[1:]], ["=1+1", "-x"])
        self.assertIn("Giá trị (triệu đồng)", back[0])
        content = base64.b64decode(action["params"]["content"])
        again = self.check("assets", content, user=self.keeper)
        self.assertEqual(
            set(self.verdicts(again).values()), {"same"}, again.row_ids.mapped("message")
        )

    # What is there already ------------------------------------------------------------------

    def test_changed_row_updates_by_code_and_shows_what_changes(self):
        asset = self.make_asset(code="CL-1", name="Cụm loa cũ", condition="good", horn_count=2)
        batch = self.bring_assets(
            ["CL-1", "Cụm loa mới", "Khóm 2", "Hỏng", 4],
            headings=["Mã cụm loa", "Tên cụm loa", "Khóm", "Tình trạng", "Số loa"],
        )
        row = self.row(batch, 2)
        self.assertEqual(row.verdict, "update")
        for words in ("Cụm loa cũ → Cụm loa mới", "2 → 4", "Works → Broken", "→ Khóm 2"):
            self.assertIn(words, row.message)
        batch.action_apply()
        self.assertEqual(
            (asset.name, asset.condition, asset.horn_count), ("Cụm loa mới", "broken", 4)
        )
        self.assertEqual(asset.unit_id.full_name, "Khóm 2")

    def test_cost_and_source_change_together(self):
        asset = self.make_asset(code="CL-2", original_cost=5_000_000)
        headings = ["Mã cụm loa", "Tên cụm loa", "Khóm", "Nguyên giá", "Nguồn kinh phí"]
        row = ["CL-2", "Có sẵn", "1", 8_000_000, SOURCE]
        batch = self.bring_assets(row, headings=headings)
        batch.action_apply()
        self.assertEqual(batch.updated_count, 1, batch.row_ids.message)
        self.assertEqual((asset.original_cost, asset.cost_ids.amount), (8_000_000, 8_000_000))
        other = self.env["ttcs.funding.source"].search([("name", "!=", SOURCE)], limit=1)
        asset.cost_ids = [
            (5, 0, 0),
            (0, 0, {"funding_source_id": other.id, "amount": 3_000_000}),
            (0, 0, {"funding_source_id": batch.env["ttcs.funding.source"].search(
                [("name", "=", SOURCE)]).id, "amount": 5_000_000}),
        ]  # fmt: skip
        row[3] = 9_000_000
        shared = self.bring_assets(row, headings=headings)
        self.assertEqual(self.verdicts(shared), {2: "refused"})
        self.assertIn("several sources", self.row(shared, 2).message)

    def test_serial_number_of_an_asset_with_another_name_deserves_a_look(self):
        self.make_asset(name="Cụm loa chợ", serial_no="SN-7")
        batch = self.bring_assets(
            cluster(1, "Khóm 1", serial="SN-7"), cluster(2, "Khóm 1", serial="SN-6")
        )
        first, second = batch.row_ids.sorted("number")
        self.assertEqual((first.verdict, second.verdict), ("update", "new"))
        self.assertTrue(first.has_remarks)
        self.assertIn("SN-7 is that of “Cụm loa chợ”", first.message)
        self.assertLess(first.attention, second.attention)

    def test_serial_number_out_of_reach_is_refused_without_a_name(self):
        self.make_asset(
            name="Loa của nơi khác",
            serial_no="SN-9",
            agency_id=self.committee_g.id,
            unit_id=self.hamlet_g.id,
        )
        mine = self.make_asset(name="Loa đã lưu trữ", serial_no="SN-8", active=False)
        batch = self.bring_assets(
            cluster(1, "Khóm 1", serial="SN-9"), cluster(2, "Khóm 1", serial="SN-8")
        )
        self.assertEqual(self.verdicts(batch), {2: "refused", 3: "refused"})
        self.assertNotIn("Loa của nơi khác", self.row(batch, 2).message)
        self.assertIn(mine.name, self.row(batch, 3).message)

    def test_two_of_one_name_and_place_can_both_be_kept_and_found_again(self):
        rows = (cluster(1, "Khóm 1", cost=10), cluster(1, "Khóm 1", cost=11))
        batch = self.bring_assets(*rows)
        self.assertEqual(self.verdicts(batch), {2: "new", 3: "duplicate"})
        self.answer(batch, "Rows 2, 3", "They are different")
        batch.action_apply()
        self.assertEqual(batch.created_count, 2)
        again = self.bring_assets(*rows)
        self.answer(again, "Rows 2, 3", "They are different")
        self.assertEqual(self.verdicts(again), {2: "same", 3: "same"})

    def test_row_that_may_mean_two_assets_is_a_question(self):
        first, second = (self.make_asset(name="Cụm loa số 1") for _ in range(2))
        batch = self.bring_assets(cluster(1, "Khóm 1"))
        self.assertEqual(self.verdicts(batch), {2: "question"})
        question = self.question(batch, "several records")
        question.action_answer(str(second.id))
        self.assertEqual(self.row(batch, 2).res_id, second.id)
        self.assertNotEqual(first, second)

    # Places and owners ----------------------------------------------------------------------

    def test_hamlet_of_another_commune_is_not_taken_by_its_id(self):
        batch = self.bring_assets(cluster(1, "Khóm Lạ Hoắc"))
        question = self.question(batch, "Lạ Hoắc")
        with self.assertRaisesRegex(UserError, "none of the answers"):
            question.action_answer(str(self.hamlet_g.id))
        # Even an answer that got into the database by another way leads nowhere.
        question.sudo().answer = str(self.hamlet_g.id)
        batch._check()
        self.assertEqual(self.verdicts(batch), {2: "refused"})
        batch_env = batch.row_ids
        self.assertFalse(batch_env.vals)

    def test_hamlet_unknown_in_many_rows_is_asked_once(self):
        batch = self.bring_assets(*(cluster(n, "Khóm Tân Thạn") for n in range(1, 6)))
        self.assertEqual(batch.question_count, 5)
        question = self.question(batch, "Tân Thạn")
        self.assertEqual(question.row_count, 5)
        self.row(batch, 4).action_answer(question.options[0]["value"])
        self.assertEqual(set(self.verdicts(batch).values()), {"new"})
        places = {row.vals["unit_id"] for row in batch.row_ids}
        self.assertEqual(self.env["ttcs.unit"].browse(places).mapped("name"), ["Tân Thạnh"])

    def test_former_commune_leads_to_its_successor(self):
        headings = ["Tên cụm loa", "Xã"]
        batch = self.bring_assets(
            ["Cụm loa A", "Đạo Thử A"], ["Cụm loa D", "Phú Thử D"], headings=headings,
            user=self.make_user(self.committee, "user", "assets"),
            agency=self.committee, unit_id=False,
        )  # fmt: skip
        self.assertEqual(self.verdicts(batch), {2: "new", 3: "question"})
        self.assertEqual(self.row(batch, 2).vals["unit_id"], self.commune_c.id)
        self.answer(batch, "was split", "Xã Long Thử E")
        self.assertEqual(self.row(batch, 3).vals["unit_id"], self.commune_e.id)

    def test_department_may_give_assets_to_the_committee_of_their_commune(self):
        user = self.make_user(self.department, "user", "assets")
        content = workbook([["Tên cụm loa", "Xã"], ["Cụm loa G", "Bình Thử G"]])
        batch = self.check("assets", content, user=user, agency=self.department)
        self.assertEqual(self.row(batch, 2).vals["agency_id"], self.committee_g.id)
        owner = batch.column_ids.filtered(lambda column: column.field_key == "owned_by_commune")
        owner.action_choose("0")
        batch.action_check()
        self.assertEqual(self.row(batch, 2).vals["agency_id"], self.department.id)

    def test_clusters_go_into_the_station_of_the_list_or_of_the_commune(self):
        headings = ["Loại tài sản", "Tên tài sản", "Khóm", "Thuộc đài"]
        batch = self.bring_assets(
            ["Cụm loa", "Cụm loa 1", "Khóm 1", "Đài truyền thanh phường"],
            ["Đài truyền thanh", "Đài truyền thanh phường", None, None],
            ["Cụm loa", "Cụm loa 2", "Khóm 2", None],
            ["Cụm loa", "Cụm loa 3", "Khóm 2", "Đài nào khác"],
            headings=headings,
        )
        self.assertEqual(self.verdicts(batch), {2: "new", 3: "new", 4: "new", 5: "question"})
        batch.action_apply()
        first, station, second = self.assets(batch)
        self.assertEqual(station.station_id, station)
        self.assertEqual((first | second).parent_asset_id, station)
        self.assertEqual((first | second).station_id, station)

    # Cells ----------------------------------------------------------------------------------

    def test_cells_that_cannot_be_read_are_told_and_the_row_kept(self):
        batch = self.bring_assets(cluster(1, "Khóm 1", cost="mười hai triệu rưỡi gì đó"))
        row = self.row(batch, 2)
        self.assertEqual((row.verdict, row.has_remarks), ("new", True))
        self.assertIn("Original cost was left blank", row.message)

    def test_odd_condition_is_asked_once(self):
        batch = self.bring_assets(
            cluster(1, "Khóm 1", condition="lâu lâu mất tiếng"),
            cluster(2, "Khóm 1", condition="Lâu lâu mất tiếng"),
        )
        self.assertEqual(batch.question_count, 2)
        self.answer(batch, "mất tiếng", "Works badly")
        self.assertEqual({row.vals["condition"] for row in batch.row_ids}, {"degraded"})

    def test_number_in_the_column_of_kinds_is_no_record_id(self):
        batch = self.bring_assets(
            [str(self.station_kind.id), "Tài sản số"], headings=["Loại tài sản", "Tên tài sản"]
        )
        self.assertEqual(self.verdicts(batch), {2: "question"})

    # Rights and cost ------------------------------------------------------------------------

    def test_assets_of_another_agency_are_not_written(self):
        batch = self.bring_assets(cluster(1, "Khóm 1"))
        self.keeper.ttcs_person_ids.assignment_ids.write({"valid_to": self.yesterday})
        with self.assertRaises(Exception):  # noqa: B017 - nothing of the batch is left to him
            batch.action_apply()
        self.assertFalse(self.env["maintenance.equipment"].search([("name", "=", "Cụm loa số 1")]))

    def test_check_asks_the_database_no_more_for_a_thousand_rows(self):
        def check(count):
            rows = [cluster(n, f"Khóm {n % 2 + 1}", serial=f"Q{count}-{n}") for n in range(count)]
            batch = self.bring("assets", workbook([HEADINGS, *rows]), user=self.keeper)
            batch.action_read()
            queries = self.count_queries(batch.action_check)
            self.assertEqual(batch.new_count, count)
            return queries

        check(10)
        few, many = check(10), check(1000)
        self.assertLessEqual(many, few + 6, "Odoo splits long inserts")

    def test_imported_assets_have_no_messages_and_no_followers(self):
        batch = self.bring_assets(cluster(1, "Khóm 1"))
        batch.action_apply()
        asset = self.assets(batch)
        asset.invalidate_recordset()  # placements are written by the database
        self.assertFalse(asset.message_ids)
        self.assertFalse(asset.message_follower_ids)
        self.assertEqual(asset.placement_ids.unit_id, self.hamlet_c)
