"""The unit files agree with the resolutions of the 2025 reform, read without Odoo."""

import csv
import hashlib
import math
import unicodedata
import unittest
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

UNITS_FOLDER = Path(__file__).resolve().parent.parent / "data" / "units"
REFORM_DAY = "2025-07-01"
DONG_THAP = "unit_82_20250701"
COMMUNE_KINDS = {"commune", "ward", "township", "special_zone"}
DISTRICT_KINDS = {"district", "district_city", "district_town", "district_urban"}
PROVINCE_KINDS = {"province", "city_province"}
KINDS_BY_CODE_LENGTH = {2: PROVINCE_KINDS, 3: DISTRICT_KINDS, 5: COMMUNE_KINDS}

# Clauses 7, 12, 14, 15, 17 and 24 of article 1 of resolution 1663/NQ-UBTVQH15.
SPLITS = {
    ("Phú Thuận B", "29995"): {("Long Phú Thuận", "29992"), ("Tân Long", "30154")},
    ("Gáo Giồng", "30079"): {("Phú Cường", "30025"), ("Phong Mỹ", "30088")},
    ("Tân Thạnh", "30157"): {("Thanh Bình", "30130"), ("Tân Thạnh", "30157")},
}

# SHA-256 of the sorted "old code>new code" lines, taken after each of the 308 was compared by
# name with the 102 clauses of that article. Compare again before changing it.
COMPARED_LINEAGE = "67c74e5817446292aa8dbdc9b39726438ce3e66a55aee0bcb74caaa94189fe6e"


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV file below the units folder."""
    with (UNITS_FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def kilometres(first: dict[str, str], second: dict[str, str]) -> float:
    """Return the distance between the points of two units, flat-earth, fine below 200 km."""
    latitude, longitude = float(first["latitude"]), float(first["longitude"])
    north = (float(second["latitude"]) - latitude) * 110.6
    east = (float(second["longitude"]) - longitude) * 111.3 * math.cos(math.radians(latitude))
    return math.hypot(north, east)


class TestUnitData(unittest.TestCase):
    """Counts, codes, parents, lineage and points of both unit files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dong_thap = read_rows("dong_thap/units.csv")
        cls.vietnam = read_rows("vietnam/units.csv")
        cls.lineage = read_rows("dong_thap/lineage.csv")
        cls.units = {unit["xmlid"]: unit for unit in cls.vietnam + cls.dong_thap}
        cls.new_communes = [u for u in cls.dong_thap if u["parent_xmlid"] == DONG_THAP]
        cls.old_communes = [
            u for u in cls.dong_thap if u["valid_to"] and u["kind"] in COMMUNE_KINDS
        ]
        cls.commune_lineage = [
            row
            for row in cls.lineage
            if cls.units[row["predecessor_xmlid"]]["kind"] in COMMUNE_KINDS
        ]

    def province_of(self, unit: dict[str, str]) -> str:
        while unit["parent_xmlid"]:
            unit = self.units[unit["parent_xmlid"]]
        return unit["xmlid"]

    def old_units_by_province(self, kinds: set[str]) -> Counter:
        return Counter(
            self.province_of(unit)
            for unit in self.dong_thap
            if unit["valid_to"] and unit["kind"] in kinds
        )

    def test_counts_before_the_reform(self):
        both = {"unit_87_20210101", "unit_82_20210101"}
        self.assertEqual({u["xmlid"] for u in self.dong_thap if u["valid_to"]} & both, both)
        self.assertEqual(
            self.old_units_by_province(DISTRICT_KINDS),
            {"unit_87_20210101": 12, "unit_82_20210101": 11},
        )
        self.assertEqual(
            self.old_units_by_province(COMMUNE_KINDS),
            {"unit_87_20210101": 141, "unit_82_20210101": 164},
        )
        self.assertEqual(len(self.dong_thap), 2 + 23 + 305 + 1 + 102)

    def test_kinds_of_the_former_province(self):
        former = [u for u in self.old_communes if self.province_of(u) == "unit_87_20210101"]
        self.assertEqual(
            Counter(unit["kind"] for unit in former),
            {"commune": 114, "ward": 18, "township": 9},
        )

    def test_counts_since_the_reform(self):
        self.assertEqual(
            Counter(unit["kind"] for unit in self.new_communes), {"commune": 82, "ward": 20}
        )
        self.assertEqual(
            Counter(unit["kind"] for unit in self.vietnam),
            {
                "province": 28,
                "city_province": 6,
                "commune": 2621,
                "ward": 687,
                "special_zone": 13,
            },
        )

    def test_validity_is_one_of_two_periods(self):
        periods = {(unit["valid_from"], unit["valid_to"]) for unit in self.dong_thap}
        self.assertEqual(periods, {("2021-01-01", "2025-06-30"), (REFORM_DAY, "")})
        self.assertEqual(
            {(unit["valid_from"], unit["valid_to"]) for unit in self.vietnam}, {(REFORM_DAY, "")}
        )

    def test_identifiers_are_unique_and_well_formed(self):
        for rows in (self.dong_thap, self.vietnam):
            self.assertEqual(len({unit["xmlid"] for unit in rows}), len(rows))
            self.assertEqual(len({(u["code"], u["valid_from"]) for u in rows}), len(rows))
            for unit in rows:
                first_day = unit["valid_from"].replace("-", "")
                self.assertEqual(unit["xmlid"], f"unit_{unit['code']}_{first_day}")
                self.assertTrue(unit["code"].isdecimal())
                self.assertIn(unit["kind"], KINDS_BY_CODE_LENGTH[len(unit["code"])])

    def test_names_are_bare_and_composed(self):
        words = ("Xã ", "Phường ", "Thị trấn ", "Thị xã ", "Huyện ", "Quận ", "Tỉnh ", "Đặc khu ")
        for unit in self.units.values():
            self.assertTrue(unit["name"])
            self.assertEqual(unit["name"], unicodedata.normalize("NFC", unit["name"]).strip())
            self.assertFalse(unit["name"].startswith((*words, "Thành phố ")), unit["name"])
        for path in sorted(UNITS_FOLDER.glob("*/*.csv")):
            content = path.read_bytes()
            self.assertNotIn(b"\r", content)
            self.assertEqual(content, unicodedata.normalize("NFC", content.decode()).encode())

    def test_parent_exists_comes_first_and_covers_the_child(self):
        for rows in (self.dong_thap, self.vietnam):
            seen = {}
            for unit in rows:
                if unit["kind"] in PROVINCE_KINDS:
                    self.assertEqual(unit["parent_xmlid"], "")
                else:
                    parent = seen[unit["parent_xmlid"]]
                    self.assertLessEqual(parent["valid_from"], unit["valid_from"])
                    self.assertLessEqual(
                        unit["valid_to"] or "9999-12-31", parent["valid_to"] or "9999-12-31"
                    )
                    has_district = unit["kind"] in COMMUNE_KINDS and unit["valid_to"]
                    self.assertIn(
                        parent["kind"], DISTRICT_KINDS if has_district else PROVINCE_KINDS
                    )
                seen[unit["xmlid"]] = unit

    def test_both_files_hold_the_same_dong_thap(self):
        current = [unit for unit in self.dong_thap if not unit["valid_to"]]
        nationwide = [u for u in self.vietnam if DONG_THAP in (u["xmlid"], u["parent_xmlid"])]
        self.assertEqual(current, nationwide)

    def test_every_new_code_is_a_reused_one(self):
        former = {unit["code"]: unit for unit in self.old_communes}
        self.assertEqual(sum(unit["code"] in former for unit in self.new_communes), 102)
        changed = [
            unit
            for unit in self.new_communes
            if any(unit[field] != former[unit["code"]][field] for field in ("kind", "name"))
        ]
        self.assertEqual(len(changed), 77)

    def test_lineage_links_every_commune_over_the_reform_day(self):
        self.assertEqual(len(self.commune_lineage), 308)
        pairs = {(r["predecessor_xmlid"], r["successor_xmlid"]) for r in self.lineage}
        self.assertEqual(len(pairs), len(self.lineage))
        self.assertEqual(
            {row["predecessor_xmlid"] for row in self.commune_lineage},
            {unit["xmlid"] for unit in self.old_communes},
        )
        self.assertEqual(
            {row["successor_xmlid"] for row in self.commune_lineage},
            {unit["xmlid"] for unit in self.new_communes},
        )
        for row in self.lineage:
            ended = date.fromisoformat(self.units[row["predecessor_xmlid"]]["valid_to"])
            began = date.fromisoformat(self.units[row["successor_xmlid"]]["valid_from"])
            self.assertEqual((began - ended).days, 1)
            self.assertEqual(row["date"], began.isoformat())

    def test_lineage_is_the_one_compared_with_the_resolution(self):
        pairs = sorted(
            f"{self.units[row['predecessor_xmlid']]['code']}"
            f">{self.units[row['successor_xmlid']]['code']}"
            for row in self.commune_lineage
        )
        self.assertEqual(hashlib.sha256("\n".join(pairs).encode()).hexdigest(), COMPARED_LINEAGE)

    def test_exactly_three_communes_were_split(self):
        successors = defaultdict(set)
        for row in self.commune_lineage:
            old = self.units[row["predecessor_xmlid"]]
            new = self.units[row["successor_xmlid"]]
            commune = (old["name"], old["code"])
            successors[commune].add((new["name"], new["code"]))
            self.assertEqual(row["kind"], "split" if commune in SPLITS else "merge")
        self.assertEqual({o: n for o, n in successors.items() if len(n) > 1}, SPLITS)

    def test_no_new_commune_mixes_the_two_old_provinces(self):
        origins = defaultdict(set)
        for row in self.commune_lineage:
            old = self.units[row["predecessor_xmlid"]]
            origins[row["successor_xmlid"]].add(self.province_of(old))
        self.assertEqual(
            Counter(frozenset(provinces) for provinces in origins.values()),
            {frozenset({"unit_87_20210101"}): 45, frozenset({"unit_82_20210101"}): 57},
        )

    def test_number_of_predecessors(self):
        sources = Counter(row["successor_xmlid"] for row in self.commune_lineage)
        self.assertEqual(Counter(sources.values()), {2: 26, 3: 60, 4: 12, 5: 1, 6: 1, 8: 1, 9: 1})

    def test_provinces_merge_and_districts_have_no_successor(self):
        rows = [row for row in self.lineage if row not in self.commune_lineage]
        self.assertEqual(
            {(r["predecessor_xmlid"], r["successor_xmlid"], r["kind"]) for r in rows},
            {
                ("unit_82_20210101", DONG_THAP, "merge"),
                ("unit_87_20210101", DONG_THAP, "merge"),
            },
        )
        self.assertEqual({row["decision"] for row in rows}, {"202/2025/QH15"})
        self.assertEqual({row["decision"] for row in self.commune_lineage}, {"1663/NQ-UBTVQH15"})

    def test_points_lie_in_vietnam(self):
        for unit in self.units.values():
            if not unit["latitude"]:
                self.assertEqual(unit["longitude"], "")
                self.assertNotIn(unit, self.dong_thap)
                continue
            # The Spratly and Paracel archipelagos are the eastern edge of the country.
            self.assertTrue(8.0 < float(unit["latitude"]) < 23.5, unit)
            self.assertTrue(102.0 < float(unit["longitude"]) < 115.0, unit)

    def test_old_communes_lie_near_their_successors(self):
        for row in self.commune_lineage:
            old = self.units[row["predecessor_xmlid"]]
            new = self.units[row["successor_xmlid"]]
            self.assertLess(kilometres(old, new), 17, (old, new))

    def test_areas_of_dong_thap_add_up_to_the_province(self):
        areas = [float(unit["area_km2"]) for unit in self.new_communes]
        self.assertGreater(min(areas), 5)
        self.assertAlmostEqual(sum(areas), float(self.units[DONG_THAP]["area_km2"]), delta=2)


if __name__ == "__main__":
    unittest.main()
