"""What the database itself guarantees for funding sources (see ``ttcs_base.invariants``)."""

from odoo.addons.ttcs_base.invariants import Invariant

CONSTRAINTS = (
    Invariant("ttcs_funding_programme", "ttcs_funding_programme_period_ordered"),
    Invariant("ttcs_funding_programme", "ttcs_funding_programme_not_itself"),
    Invariant("ttcs_funding_source", "ttcs_funding_source_period_ordered"),
    Invariant("ttcs_funding_source", "ttcs_funding_source_not_itself"),
    Invariant("ttcs_funding_source", "ttcs_funding_source_budget_has_nature"),
    Invariant("ttcs_funding_source", "ttcs_funding_source_code_period"),
)
