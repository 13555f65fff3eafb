"""What phones take along and look up: reach, size, cost, and codes told apart."""

import gzip
import json
from unittest.mock import patch

from odoo.tests import tagged

from ..models import ttcs_field_area
from .field_common import FieldCase


@tagged("post_install", "-at_install")
class TestFieldArea(FieldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.make_tag_on(cls.cluster)
        cls.blank = cls.make_tags()
        cls.order = cls.make_order(cls.cluster, description="<p>Kêu <b>rè</b></p>")
        cls.order_g = cls.make_order(cls.cluster_g)

    def rows(self, table):
        return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]

    def area(self, token, query="", **options):
        response = self.ask(f"area{query}", token, **options)
        self.assertEqual(response.status_code, 200)
        return response.json()

    def test_the_area_holds_what_is_in_reach_and_nothing_else(self):
        _device, token = self.make_phone(self.technician)
        area = self.area(token)
        assets = {row["id"]: row for row in self.rows(area["assets"])}
        mine = self.station | self.cluster | self.cluster_at_commune
        self.assertEqual(set(assets), set(mine.ids))
        self.assertEqual(assets[self.cluster.id]["parent_asset_id"], self.station.id)
        tags = {row["code"]: row for row in self.rows(area["tags"])}
        self.assertEqual(tags[self.tag.code]["equipment_id"], self.cluster.id)
        self.assertEqual(tags[self.blank.code]["state"], "blank")
        orders = self.rows(area["orders"])
        self.assertEqual([row["id"] for row in orders], self.order.ids)
        self.assertEqual(orders[0]["description"], "Kêu *rè*")
        self.assertIn(self.hamlet_c.id, [row["id"] for row in self.rows(area["units"])])
        self.assertEqual([row["name"] for row in area["communes"]], [self.commune_c.full_name])
        self.assertFalse(area["choose"])
        body = json.dumps(area)
        for secret in ("serial_no", "sim_number", "original_cost", "head_phone"):
            self.assertNotIn(secret, body)

    def test_a_communes_choice_limits_the_area_and_never_widens_it(self):
        _device, token = self.make_phone(self.technician)
        none = self.area(token, f"?communes={self.commune_g.id}")
        self.assertEqual(none["assets"]["rows"], [])
        both = self.area(
            token, f"?communes={self.commune_g.id},{self.commune_c.id},x,-1,{'9' * 5000}"
        )
        self.assertEqual(len(both["assets"]["rows"]), 3)

    def test_with_too_many_communes_only_ones_own_orders_come_unasked(self):
        user = self.make_user(self.department, "maintenance")
        self.order_g.user_id = user
        _device, token = self.make_phone(user)
        with patch.object(ttcs_field_area, "MOST_COMMUNES_AT_ONCE", 2):
            area = self.area(token)
        self.assertTrue(area["choose"])
        self.assertEqual([row["id"] for row in self.rows(area["orders"])], self.order_g.ids)
        # The card of the order says where it is.
        places = {row["full_name"] for row in self.rows(area["units"])}
        self.assertEqual(places, set((self.hamlet_g | self.commune_g).mapped("full_name")))
        self.assertEqual([row["id"] for row in self.rows(area["assets"])], self.cluster_g.ids)
        communes = self.ask("communes", token).json()["communes"]
        counts = {row["id"]: row["assets"] for row in communes}
        self.assertEqual(counts[self.commune_c.id], 3)
        self.assertNotIn(self.commune_a.id, counts)

    def test_an_unchanged_area_is_not_sent_again(self):
        _device, token = self.make_phone(self.technician)
        first = self.ask("area", token)
        version = first.headers["ETag"]
        self.assertIn("no-cache", first.headers["Cache-Control"])
        again = self.ask("area", token, headers={"If-None-Match": version})
        self.assertEqual((again.status_code, again.content), (304, b""))
        self.cluster.name = "Đã đổi tên"
        self.assertEqual(
            self.ask("area", token, headers={"If-None-Match": version}).status_code, 200
        )

    def test_a_thousand_assets_stay_small_and_cost_a_fixed_number_of_queries(self):
        def make(count):
            return self.env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm loa số {number} tuyến đường liên ấp",
                        "category_id": self.kind("cluster").id,
                        "agency_id": self.committee_c.id,
                        "unit_id": self.hamlet_c.id,
                        "site_note": "Trụ điện trước nhà văn hóa, cạnh cầu",
                        "latitude": 10.4 + number / 10000,
                        "longitude": 105.6,
                        "position_accuracy": 8,
                    }
                    for number in range(count)
                ]
            )

        area = self.env["ttcs.field.area"].with_user(self.technician)
        make(10)
        area._area()
        few = self.count_queries(area._area)
        for tag, asset in zip(self.make_tags(990), make(990), strict=True):
            tag.write({"state": "assigned", "equipment_id": asset.id})
        self.assertLessEqual(self.count_queries(area._area), few)
        _device, token = self.make_phone(self.technician)
        response = self.ask("area", token)
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        self.assertLess(len(response.content), 700_000)
        self.assertLess(len(gzip.compress(response.content)), 150_000)

    def test_one_asset_comes_with_its_history(self):
        self.order._close("repaired", "Đã thay nguồn")
        self.cluster.unit_id = self.commune_c
        _device, token = self.make_phone(self.technician)
        asset = self.ask(f"asset/{self.cluster.id}", token).json()["asset"]
        self.assertEqual(asset["orders"][0]["resolution"], "Đã thay nguồn")
        self.assertEqual(asset["tags"]["rows"][0][0], self.tag.code)
        self.assertEqual(asset["place"], self.commune_c.display_name)
        self.assertTrue(asset["placements"])

    def test_an_asset_out_of_reach_is_not_shown_by_its_id(self):
        _device, token = self.make_phone(self.technician)
        response = self.ask(f"asset/{self.cluster_g.id}", token)
        self.assertEqual(response.status_code, 404)
        self.assertNotIn(self.cluster_g.name, response.text)

    def test_a_scanned_text_is_told_apart(self):
        _device, token = self.make_phone(self.technician)
        tag_g = self.make_tag_on(self.cluster_g, agency=self.committee_g)
        blank_g = self.make_tags(agency=self.committee_g)
        self.env["ttcs.tag.alias"].create({"name": "893456", "equipment_id": self.cluster.id})
        wanted = {
            self.tag._address(): "assigned",
            self.tag.spoken_code_shown: "assigned",
            self.blank.code: "blank",
            "893456": "alias",
            tag_g.code: "out_of_reach",
            blank_g.code: "out_of_reach",
            f"HTTPS://EVIL.EXAMPLE/A/{self.tag.code}": "imitation",
            self.tag.code[:-1] + ("0" if self.tag.code[-1] != "0" else "1"): "forged",
            "https://example.com": "unknown",
        }
        for text, status in wanted.items():
            answer = self.ask("tag", token, params={"text": text}).json()
            self.assertEqual(answer["status"], status, text)
            has_asset = status in ("assigned", "alias")
            self.assertEqual(bool(answer["asset"]), has_asset, text)
        scans = self.env["ttcs.tag.scan"].search([("tag_id", "=", self.tag.id)])
        self.assertEqual(scans.mapped("face"), ["technician"] * 2)
        self.assertEqual(scans.user_id, self.technician)

    def test_errors_of_the_server_itself_are_json_too(self):
        _device, token = self.make_phone(self.technician)
        for response in (
            self.ask("nothing-here", token),
            self.ask("actions", token, data=b"x" * 50_000_000, method="POST"),
            self.ask("sign-in", None, data="{", method="POST"),
        ):
            self.assertGreaterEqual(response.status_code, 400)
            self.assertTrue(response.json()["message"])
