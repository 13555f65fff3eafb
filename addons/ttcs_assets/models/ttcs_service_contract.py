from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..maintenance import ServiceClock, parse_hours
from ..maintenance.service_clock import BACKWARDS, OVERLAP

PENALTY_UNITS = [("hour", "Hour begun"), ("day", "Day begun")]


class TtcsServiceContract(models.Model):
    """A contract under which a contractor answers and repairs within agreed times.

    It covers the assets it names, and those of its kinds in its places; without places the
    assets of the agency that pays, without kinds all kinds.  Of several contracts in force the
    one that names the asset holds, then the latest.
    """

    _name = "ttcs.service.contract"
    _description = "Service contract"
    _inherit = ["mail.thread", "ttcs.guarded.mixin"]
    _order = "valid_from desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "contractor_id"]

    number = fields.Char(required=True, tracking=True)
    contractor_id = fields.Many2one(
        "ttcs.agency",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', 'contractor')]",
        tracking=True,
    )
    agency_id = fields.Many2one(
        "ttcs.agency", string="Agency that pays", required=True, index=True, ondelete="restrict"
    )
    valid_from = fields.Date(required=True, default=lambda self: self.env.company._today())
    valid_to = fields.Date(tracking=True)
    unit_ids = fields.Many2many("ttcs.unit", string="Places covered")
    category_ids = fields.Many2many("maintenance.equipment.category", string="Kinds covered")
    equipment_ids = fields.Many2many("maintenance.equipment", string="Assets covered by name")
    working_hours = fields.Char(
        required=True,
        default="07:00-11:30, 13:30-17:00",
        help="Of working days; days off are those of the calendar.",
    )
    line_ids = fields.One2many("ttcs.service.contract.line", "contract_id", string="Deadlines")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    monthly_fee = fields.Monetary(
        default=0, required=True, help="What penalties are counted from, per month."
    )
    penalty_percent = fields.Float(
        string="Penalty (% of the monthly fee)", digits=(6, 2), default=0, required=True
    )
    penalty_per = fields.Selection(
        PENALTY_UNITS, default="hour", required=True, string="For each late"
    )
    penalty_cap = fields.Float(
        string="At most in a month (%)", digits=(6, 2), default=8, required=True
    )
    active = fields.Boolean(default=True)
    order_count = fields.Integer(compute="_compute_order_count", string="Work orders")
    advice = fields.Char(compute="_compute_advice")

    _number_unique = models.Constraint(
        "UNIQUE (agency_id, number)", "This agency has a contract of the same number already."
    )
    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A contract cannot end before it begins.",
    )
    _fee_whole = models.Constraint(
        "CHECK (monthly_fee >= 0 AND monthly_fee = trunc(monthly_fee))",
        "A fee is an amount of whole đồng, not negative.",
    )
    _contractor_is_another = models.Constraint(
        "CHECK (contractor_id <> agency_id)",
        "The contractor is another than the agency that pays.",
    )
    _penalty_possible = models.Constraint(
        "CHECK (penalty_percent BETWEEN 0 AND 100 AND penalty_cap BETWEEN 0 AND 100)",
        "A penalty and its limit lie between 0 and 100 per cent.",
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    def _compute_order_count(self):
        counts = dict(
            self.env["maintenance.request"]._read_group(
                [("service_contract_id", "in", self.ids)], ["service_contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.order_count = counts.get(contract, 0)

    @api.depends("agency_id", "valid_from", "valid_to", "penalty_percent", "penalty_cap")
    def _compute_advice(self):
        """What is allowed and yet easily not meant."""
        for contract in self:
            others = self.search(contract._domain_beside(), limit=3).mapped("number")
            if others:
                contract.advice = self.env._(
                    "In the same time this agency also has %(contracts)s. A work order takes the "
                    "contract that names its asset, and otherwise the one that began last.",
                    contracts=", ".join(others),
                )
            elif contract.penalty_percent and not contract.penalty_cap:
                contract.advice = self.env._(
                    "With a limit of 0 % in a month no penalty is ever counted."
                )
            else:
                contract.advice = False

    def _domain_beside(self):
        """Other contracts of the same agency in the same time."""
        self.ensure_one()
        beside = fields.Domain("agency_id", "=", self.agency_id.id)
        beside &= fields.Domain("id", "!=", self._origin.id)
        beside &= fields.Domain("valid_to", "=", False) | fields.Domain(
            "valid_to", ">=", self.valid_from
        )
        if self.valid_to:
            beside &= fields.Domain("valid_from", "<=", self.valid_to)
        return beside

    @api.constrains("working_hours")
    def _check_working_hours(self):
        for contract in self:
            try:
                parse_hours(contract.working_hours)
            except ValueError as error:
                raise ValidationError(contract._why_hours_are_refused(str(error))) from error

    def _why_hours_are_refused(self, fault):
        named = {"hours": self.working_hours, "contract": self.number}
        if fault == OVERLAP:
            return self.env._(
                "Working hours “%(hours)s” of contract %(contract)s overlap or are not in order. "
                "Write them one after the other, like 07:00-11:30, 13:30-17:00.",
                **named,
            )
        if fault == BACKWARDS:
            return self.env._(
                "In the working hours “%(hours)s” of contract %(contract)s a time ends before it "
                "begins. Hours through the night are written in two parts, like 00:00-07:00, "
                "17:00-24:00.",
                **named,
            )
        return self.env._(
            "Working hours “%(hours)s” of contract %(contract)s cannot be read. Write "
            "them like 07:00-11:30, 13:30-17:00.",
            **named,
        )

    def _clocks(self):
        """The ``ServiceClock`` of each contract, by its id and what a deadline is counted in."""
        if not self:
            return {}
        calendar = self.env["ttcs.calendar.day"]._work_calendar()
        clocks = {(contract.id, "always"): ServiceClock() for contract in self}
        for contract in self:
            hours = parse_hours(contract.working_hours)
            clocks[contract.id, "working"] = ServiceClock(hours, calendar)
        return clocks

    def _line_of(self, priority):
        """The deadlines of a priority; empty where the contract names none."""
        return self.line_ids.filtered(lambda line: line.priority == (priority or "0"))

    @api.model
    def _covering(self, asset_ids, days):
        """The contract that covers each asset on a day, one query for all.

        :param asset_ids, days: as many of the one as of the other
        :returns: ids of contracts, None where there is none
        """
        self.flush_model()
        self.env["maintenance.equipment"].flush_model()
        rows = self.env.execute_query(SQL(COVERING, assets=asset_ids, days=days))
        return [row[0] for row in rows]

    def action_open_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.maintenance_request_action"
        )
        action["domain"] = [("service_contract_id", "=", self.id)]
        action["context"] = {}
        return action


COVERING = """
    SELECT (
        SELECT contract.id
        FROM ttcs_service_contract contract
        CROSS JOIN LATERAL (
            SELECT
                EXISTS (
                    SELECT FROM maintenance_equipment_ttcs_service_contract_rel named
                    WHERE named.ttcs_service_contract_id = contract.id
                        AND named.maintenance_equipment_id = asset.id) AS by_name,
                EXISTS (
                    SELECT FROM maintenance_equipment_ttcs_service_contract_rel named
                    WHERE named.ttcs_service_contract_id = contract.id) AS has_names,
                EXISTS (
                    SELECT FROM ttcs_service_contract_ttcs_unit_rel place
                    WHERE place.ttcs_service_contract_id = contract.id) AS has_places,
                EXISTS (
                    SELECT FROM maintenance_equipment_category_ttcs_service_contract_rel kind
                    WHERE kind.ttcs_service_contract_id = contract.id) AS has_kinds
        ) terms
        WHERE contract.active AND asked.day >= contract.valid_from
            AND (contract.valid_to IS NULL OR asked.day <= contract.valid_to)
            AND (terms.by_name OR (
                (terms.has_places OR terms.has_kinds OR NOT terms.has_names)
                AND CASE WHEN terms.has_places THEN EXISTS (
                    SELECT FROM ttcs_service_contract_ttcs_unit_rel place
                    JOIN ttcs_unit_reach reach ON reach.from_unit_id = place.ttcs_unit_id
                    WHERE place.ttcs_service_contract_id = contract.id
                        AND reach.to_unit_id = asset.unit_id)
                    ELSE contract.agency_id = asset.agency_id END
                AND (NOT terms.has_kinds OR EXISTS (
                    SELECT FROM maintenance_equipment_category_ttcs_service_contract_rel kind
                    WHERE kind.ttcs_service_contract_id = contract.id
                        AND kind.maintenance_equipment_category_id = asset.category_id))))
        ORDER BY terms.by_name DESC, contract.valid_from DESC, contract.id DESC
        LIMIT 1
    )
    FROM unnest(%(assets)s::integer[], %(days)s::date[])
        WITH ORDINALITY AS asked (equipment_id, day, number)
    LEFT JOIN maintenance_equipment asset ON asset.id = asked.equipment_id
    ORDER BY asked.number
"""
