from odoo import api, fields, models
from odoo.fields import Domain

from ..text.vietnamese import place_key
from .trigger_constraint import TriggerConstraint
from .ttcs_unit_kind import COMMUNE


class TtcsUnit(models.Model):
    """A place (địa bàn), from the province down to a cluster of houses.

    A code names a place only together with its period: the reform of 01/07/2025 used all
    102 new commune codes of Đồng Tháp a second time, 77 of them for another name.  A place
    has one parent for its whole life; a new parent closes the row and opens another, joined
    by a lineage record.  The database refuses what would break this (``invariants.py``).
    """

    _name = "ttcs.unit"
    _description = "Place"
    _inherit = ["ttcs.named.mixin", "ttcs.lasting.mixin", "ttcs.guarded.mixin"]
    _parent_store = True
    _order = "level, code, full_name, id"
    _rec_names_search = ["full_name", "code"]

    code = fields.Char(index=True, help="Official code; hamlets and clusters have none.")
    name = fields.Char(required=True, help="Without the word for its kind.")
    kind_id = fields.Many2one("ttcs.unit.kind", required=True, index=True, ondelete="restrict")
    level = fields.Integer(related="kind_id.level", store=True, index=True)
    full_name = fields.Char(compute="_compute_full_name", store=True, index="trigram")
    name_key = fields.Char(compute="_compute_name_key", store=True)
    parent_id = fields.Many2one("ttcs.unit", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("ttcs.unit", "parent_id")
    commune_id = fields.Many2one(
        "ttcs.unit", compute="_compute_commune_id", store=True, index=True, recursive=True
    )
    valid_from = fields.Date(required=True, default=lambda self: self.env.company._today())
    valid_to = fields.Date(help="The last day on which the place exists.")
    in_force = fields.Boolean(compute="_compute_in_force", search="_search_in_force")
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    area_km2 = fields.Float(string="Area (km²)", digits=(12, 3))
    population = fields.Integer()
    household_count = fields.Integer()
    head_name = fields.Char(string="Head of hamlet")
    head_phone = fields.Char(string="Phone of the head of hamlet")
    predecessor_ids = fields.One2many("ttcs.unit.lineage", "successor_id", string="Came from")
    successor_ids = fields.One2many("ttcs.unit.lineage", "predecessor_id", string="Became")
    in_reach = fields.Boolean(compute="_compute_in_reach", search="_search_in_reach")
    # For record rules only: who reads what is nobody's business.
    reader_ids = fields.One2many(
        "ttcs.unit.reader",
        "unit_id",
        bypass_search_access=True,
        groups=fields.NO_ACCESS,
        copy=False,
    )

    _code_period = models.Constraint(
        "EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to, '[]') WITH &&)",
        "Another place holds this code in the same period.",
    )
    _name_period = models.Constraint(
        "EXCLUDE USING gist (parent_id WITH =, kind_id WITH =, name_key WITH =,"
        " daterange(valid_from, valid_to, '[]') WITH &&)",
        "This place already has a part of the same name in the same period.",
    )
    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A place cannot end before it begins.",
    )
    _position_possible = models.Constraint(
        "CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
        "A latitude lies between -90 and 90, a longitude between -180 and 180.",
    )
    _parent_is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(place)s keeps its parent for its whole life, so that old figures stay where they "
            "were. Enter its last day, record the place anew under the other parent, and join "
            "the two by a lineage record.",
            place=diagnostics.message_detail,
        )
    )
    _parent_fits = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(place)s does not fit into its parent: a part is of a lower kind than its whole, "
            "and exists only while the whole does. Correct the kind or the dates; to end a "
            "place, end its parts first.",
            place=diagnostics.message_detail,
        )
    )

    @api.depends("kind_id.name", "name")
    def _compute_full_name(self):
        for unit in self:
            unit.full_name = " ".join(filter(None, (unit.kind_id.name, unit.name)))

    @api.depends("name")
    def _compute_name_key(self):
        for unit in self:
            unit.name_key = place_key(unit.name or "")

    @api.depends("kind_id.level", "parent_id.commune_id")
    def _compute_commune_id(self):
        for unit in self:
            at_commune = unit.kind_id.level == COMMUNE
            unit.commune_id = unit._origin if at_commune else unit.parent_id.commune_id

    @api.depends("full_name", "valid_to", "parent_id.full_name")
    @api.depends_context("ttcs_short_names")
    def _compute_display_name(self):
        short = self.env.context.get("ttcs_short_names")
        for unit in self:
            name = unit.full_name or ""
            if unit.level > COMMUNE and unit.parent_id and not short:
                name = f"{name}, {unit.parent_id.full_name}"
            if unit.valid_to:
                until = unit.valid_to.strftime("%d/%m/%Y")
                name = self.env._("%(place)s (until %(date)s)", place=name, date=until)
            unit.display_name = name

    @api.depends("valid_from", "valid_to")
    def _compute_in_force(self):
        today = self.env.company._today()
        for unit in self:
            unit.in_force = bool(
                unit.valid_from
                and unit.valid_from <= today
                and (not unit.valid_to or unit.valid_to >= today)
            )

    def _search_in_force(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (operator == "in") == (True in value)
        domain = self._domain_in_force_on(self.env.company._today())
        return domain if wanted else ~domain

    @api.depends_context("uid")
    def _compute_in_reach(self):
        reached = self.search([("id", "in", self.ids), ("in_reach", "=", True)])
        for unit in self:
            unit.in_reach = unit._origin in reached

    def _search_in_reach(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        # sudo: of the readers only the user himself is asked for.
        readers = self.env["ttcs.unit.reader"].sudo()._search([("user_id", "=", self.env.uid)])
        wanted = (operator == "in") == (True in value)
        return [("id", "in" if wanted else "not in", readers.subselect("unit_id"))]

    @api.model
    def _domain_in_force_on(self, date):
        """The places that exist on a date."""
        return Domain("valid_from", "<=", date) & (
            Domain("valid_to", "=", False) | Domain("valid_to", ">=", date)
        )

    @api.model
    def _forget_readers(self):
        """Drop what this transaction has read of who reads what: it follows from a view."""
        self.invalidate_model(["in_reach", "reader_ids"])

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create(vals_list)
        self._forget_readers()
        return units

    def action_open_children(self):
        """The places right below this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ttcs_base.ttcs_unit_action")
        action["domain"] = [("parent_id", "=", self.id)]
        action["context"] = {"default_parent_id": self.id}
        action["display_name"] = self.full_name
        return action
