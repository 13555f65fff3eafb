"""Book values: straight line by year, by the circular in force in each year."""

import doctest
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.ttcs_assets import depreciation

from .common import AssetsCase


@tagged("post_install", "-at_install")
class TestDepreciation(AssetsCase):
    def test_the_examples_in_the_module_hold(self):
        self.assertEqual(doctest.testmod(depreciation).failed, 0)

    @given(
        st.integers(0, 10**13),
        st.dates(date(1990, 1, 1), date(2030, 1, 1)),
        st.dates(date(1990, 1, 1), date(2060, 1, 1)),
        st.integers(0, 100),
    )
    def test_never_more_than_the_cost_and_never_back(self, cost, start, as_of, rate):
        booked = depreciation.accumulated_depreciation(
            cost, start, as_of, lambda year: Decimal(rate)
        )
        later = depreciation.accumulated_depreciation(
            cost, start, date(as_of.year + 1, as_of.month, 1), lambda year: Decimal(rate)
        )
        self.assertLessEqual(0, booked)
        self.assertLessEqual(booked, later)
        self.assertLessEqual(later, cost)

    def test_a_cluster_after_four_booked_years(self):
        """25 million, 12.5 % a year, in use since 2022: booked for 2022 to 2025."""
        self.cluster.write({"original_cost": 25_000_000, "in_use_date": "2022-05-01"})
        cluster = self.cluster.with_context(ttcs_as_of="2026-11-23")
        self.assertEqual(cluster.accumulated_depreciation, 12_500_000)
        self.assertEqual(cluster.residual_value, 12_500_000)
        self.assertEqual(cluster.book_class, "fixed_asset")

    def test_the_rate_changes_with_the_circular(self):
        rate = self.env.ref("ttcs_assets.ttcs_depreciation_rate_tt_141_2025_cluster")
        rate.rate = 20
        self.cluster.write({"original_cost": 10_000_000, "in_use_date": "2025-01-01"})
        self.assertEqual(
            self.cluster.with_context(ttcs_as_of="2026-12-31").accumulated_depreciation,
            1_250_000 + 2_000_000,
        )

    def test_below_the_threshold_it_is_a_tool_and_does_not_wear(self):
        self.cluster.write({"original_cost": 9_999_999, "in_use_date": "2020-01-01"})
        self.assertEqual(self.cluster.book_class, "tool")
        self.assertEqual(self.cluster.residual_value, 9_999_999)

    def test_book_values_of_many_cost_as_many_queries_as_of_few(self):
        assets = self.env["maintenance.equipment"]
        self.cluster.mapped("residual_value")  # fills the caches of rules and fields
        counts = []
        for size in (10, 200):
            made = assets.create(
                [
                    {
                        "name": f"Cụm {number}",
                        "category_id": self.kind("cluster").id,
                        "agency_id": self.committee_c.id,
                        "original_cost": 20_000_000,
                        "in_use_date": "2021-01-01",
                    }
                    for number in range(size)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            made.mapped("residual_value")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)
