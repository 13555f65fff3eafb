"""Finding the place that a list names, whatever it writes."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..imports import places
from ..imports.places import CommuneFinder, HamletFinder, Place, place_key

REFORM, TODAY = date(2025, 7, 1), date(2026, 3, 1)
LAST_DAY = date(2025, 6, 30)
STATUSES = {
    places.FOUND,
    places.BLANK,
    places.UNKNOWN,
    places.AMBIGUOUS,
    places.SPLIT,
    places.OUT_OF_REACH,
}


def commune(number, name, **values):
    kind, _space, bare = name.partition(" ")
    values = {"valid_from": REFORM, **values}
    return Place(number, name, kind.lower(), place_key(bare), **values)


def former(number, name, district, **values):
    return commune(
        number,
        name,
        valid_from=date(2000, 1, 1),
        valid_to=LAST_DAY,
        above=f"Huyện {district}",
        **values,
    )


class TestFindCommune(BaseCase):
    def setUp(self):
        super().setUp()
        self.finder = CommuneFinder(
            [
                commune(1, "Xã Mỹ Hiệp", code="30214"),
                commune(2, "Phường Mỹ Hiệp", code="30215"),
                commune(3, "Xã Tân Hồng", code="30001"),
                commune(4, "Xã Thanh Bình", code="30130", in_reach=False),
                former(11, "Xã Tân Thạnh", "Thanh Bình", code="30214"),
                former(12, "Xã Tân Thạnh", "Tân Hồng", code="30002"),
                former(13, "Xã Gáo Giồng", "Cao Lãnh", code="30100"),
                former(14, "Xã Trung Gian", "Cao Lãnh"),
                former(15, "Xã Không Dấu Vết", "Cao Lãnh"),
            ],
            {11: (1,), 12: (3,), 13: (1, 3), 14: (11,)},
            TODAY,
        )

    def found(self, *args, **kwargs):
        finding = self.finder.find(*args, **kwargs)
        return finding.status, finding.place.id if finding.place else None

    def test_kind_tells_namesakes_apart(self):
        self.assertEqual(self.found("xã Mỹ Hiệp"), ("found", 1))
        self.assertEqual(self.found("P. Mỹ Hiệp"), ("found", 2))
        self.assertEqual(self.found("Mỹ Hiệp"), ("ambiguous", None))

    def test_district_tells_former_namesakes_apart(self):
        self.assertEqual(self.found("Tân Thạnh"), ("ambiguous", None))
        self.assertEqual(self.found("Tân Thạnh", district="H. Tân Hồng"), ("found", 3))
        self.assertEqual(self.found("Xã Tân Thạnh, huyện Thanh Bình"), ("found", 1))

    def test_code_stands_for_who_holds_it_on_the_day(self):
        self.assertEqual(self.found(code="30214"), ("found", 1))
        then = self.finder.find(code="30214", day=date(2024, 5, 1))
        self.assertEqual((then.place.id, then.former.id), (1, 11))
        self.assertEqual(self.found("Tân Hồng", code="30214"), ("ambiguous", None))

    def test_code_in_the_column_of_the_name(self):
        self.assertEqual(self.found("30001"), ("found", 3))
        self.assertEqual(self.found("30100")[0], "split")

    def test_code_that_excel_took_for_a_number(self):
        finder = CommuneFinder([commune(1, "Xã Một", code="00123")], {}, TODAY)
        self.assertEqual(finder.find(code="123.0").place.id, 1)

    def test_lineage_is_followed_to_the_end(self):
        self.assertEqual(self.found("Trung Gian"), ("found", 1))
        self.assertEqual(self.found("Không Dấu Vết"), ("unknown", None))

    def test_split_commune_gives_its_parts(self):
        finding = self.finder.find("Gáo Giồng (cũ)")
        self.assertEqual(finding.status, "split")
        self.assertEqual([place.id for place in finding.candidates], [1, 3])

    def test_commune_out_of_reach_is_known_as_such(self):
        self.assertEqual(self.found("Thanh Bình"), ("out_of_reach", 4))

    def test_accents_matter_and_are_suggested(self):
        finding = self.finder.find("Xã Mỹ Hiẹp")
        self.assertEqual(finding.status, "unknown")
        self.assertIn(1, [place.id for place in finding.candidates])

    @settings(max_examples=300, deadline=None)
    @given(*(st.text(max_size=40) for _ in range(3)))
    def test_no_text_is_too_odd(self, name, code, district):
        finding = self.finder.find(name, code, district)
        self.assertIn(finding.status, STATUSES)
        named = finding.status in ("found", "out_of_reach")
        self.assertEqual(finding.place is not None, named)


class TestFindHamlet(BaseCase):
    def setUp(self):
        super().setUp()
        names = ["Ấp 1", "Ấp 10", "Khóm 1", "Ấp Tân Thạnh", "Ấp Tân Thạnh A", "Cụm dân cư Chợ Mới"]
        self.finder = HamletFinder(
            Place(number, name, kind, place_key(name), REFORM, commune=7)
            for number, (name, kind) in enumerate(
                zip(names, ["ấp", "ấp", "khóm", "ấp", "ấp", "cụm dân cư"], strict=True), 1
            )
        )

    def found(self, text):
        finding = self.finder.find(text, 7)
        return finding.place.id if finding.place else finding.status

    def test_written_in_many_ways(self):
        for text, place in (
            ("Ấp 01", 1),
            ("ấp I", 1),
            ("K.1", 3),
            ("1", "ambiguous"),
            ("tân thạnh", 4),
            ("Tân Thạnh A", 5),
            ("Tổ 3, ấp 10", 2),
            ("Nhà văn hóa ấp Tân Thạnh A", 5),
            ("đầu ấp 1 gần ấp 10", 2),
            ("Ấp 11", "unknown"),
            ("   ", "blank"),
        ):
            with self.subTest(text=text):
                self.assertEqual(self.found(text), place)

    def test_other_commune_has_no_such_hamlet(self):
        self.assertEqual(self.finder.find("Ấp 1", 8).status, "unknown")

    def test_name_alone_counts_only_where_it_may(self):
        self.assertIsNone(self.finder.mentioned("Cụm loa Tân Thạnh", 7))
        mentioned = self.finder.mentioned("Cụm loa Tân Thạnh", 7, kind_may_lack=True)
        self.assertEqual(mentioned.id, 4)
        self.assertIsNone(self.finder.mentioned("Cụm loa 1", 7, kind_may_lack=True))

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=60))
    def test_no_text_is_too_odd(self, text):
        finding = self.finder.find(text, 7)
        self.assertIn(finding.status, STATUSES)
        self.assertEqual(finding.place is not None, finding.status == "found")
