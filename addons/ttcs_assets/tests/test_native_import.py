from odoo.tests import tagged

from .common import AssetsCase

OPTIONS = {
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "has_headers": True,
    "date_format": "%d/%m/%Y",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
}


@tagged("post_install", "-at_install")
class TestNativeImport(AssetsCase):
    """Odoo's own import of lists as offices here write them."""

    def load(self, model, header, *rows):
        content = "\n".join([",".join(header), *rows]).encode()
        batch = self.env["base_import.import"].create(
            {"res_model": model, "file": content, "file_type": "text/csv", "file_name": "a.csv"}
        )
        return batch.execute_import(list(header), list(header), dict(OPTIONS))

    def test_points_of_an_amount_group_thousands(self):
        found = self.load(
            "ttcs.spare.part",
            ("code", "name", "uom", "unit_price"),
            "V-1,Cầu chì,cái,16.000",
            "V-2,Loa nén,cái,250.000 đ",
            "V-3,Tăng âm,cái,1.850.000",
            "V-4,Dây điện,m,4500",
        )
        self.assertFalse(found["messages"])
        parts = self.env["ttcs.spare.part"].browse(found["ids"])
        self.assertEqual(parts.mapped("unit_price"), [16_000, 250_000, 1_850_000, 4_500])

    def test_half_a_dong_is_refused_with_its_row(self):
        found = self.load(
            "ttcs.spare.part", ("code", "name", "uom", "unit_price"), 'V-1,Cầu chì,cái,"10,5"'
        )
        self.assertTrue(found["messages"])
        self.assertFalse(self.env["ttcs.spare.part"].search([("code", "=", "V-1")]))

    def test_a_name_means_what_is_in_force(self):
        ended = self.make_unit("Tân Long", "commune", self.province, valid_to=self.yesterday)
        lasting = self.make_unit("Tân Long", "commune", self.province, valid_from=self.today)
        task = self.env["ttcs.maintenance.task"].create({"name": "Vệ sinh", "code": "VS-9"})
        header = ("task_id", "unit_id", "target", "family")
        found = self.load("ttcs.maintenance.rule", header, "Vệ sinh,Xã Tân Long,family,cluster")
        self.assertFalse(found["messages"])
        rule = self.env["ttcs.maintenance.rule"].browse(found["ids"])
        self.assertEqual((rule.unit_id, rule.task_id), (lasting, task))
        shown = self.env["ttcs.unit"].name_search(ended.display_name, operator="=")
        self.assertEqual([each[0] for each in shown], ended.ids)
        hamlet = self.env["ttcs.unit"].name_search(self.hamlet_c.display_name, operator="=")
        self.assertEqual([each[0] for each in hamlet], self.hamlet_c.ids)
