from odoo import api, fields, models


class TtcsAgency(models.Model):
    """An office (cơ quan, đơn vị) that owns, pays, staffs or reports.

    Coverage belongs to a place, property and duty to an agency.  ``unit_id`` is the place
    that the agency serves, and so what its people may see.
    """

    _name = "ttcs.agency"
    _description = "Agency"
    _inherit = ["mail.thread", "ttcs.named.mixin", "ttcs.lasting.mixin", "ttcs.guarded.mixin"]
    _parent_store = True
    _order = "valid_to desc, sequence, name, id"
    _rec_names_search = ["name", "code", "budget_relation_code"]

    name = fields.Char(required=True, index="trigram", tracking=True)
    code = fields.Char(help="Short form in document symbols, such as UBND or SVHTTDL.")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("department", "Provincial department"),
            ("provincial_committee", "Provincial people's committee"),
            ("district_committee", "District people's committee"),
            ("commune_committee", "Commune people's committee"),
            ("station_board", "Station board"),
            ("newspaper", "Newspaper"),
            ("broadcaster", "Broadcaster"),
            ("contractor", "Contractor"),
            ("other", "Other"),
        ],
        required=True,
        default="commune_committee",
        index=True,
    )
    unit_id = fields.Many2one(
        "ttcs.unit", string="Place served", required=True, index=True, ondelete="restrict"
    )
    parent_id = fields.Many2one("ttcs.agency", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("ttcs.agency", "parent_id")
    budget_relation_code = fields.Char(
        help="Mã quan hệ ngân sách, as the Treasury writes it on every form of the agency."
    )
    address = fields.Char()
    phone = fields.Char()
    email = fields.Char()
    valid_from = fields.Date(required=True, default=lambda self: self.env.company._today())
    valid_to = fields.Date(help="The last day on which the agency works.")
    predecessor_ids = fields.One2many("ttcs.agency.lineage", "successor_id", string="Came from")
    successor_ids = fields.One2many("ttcs.agency.lineage", "predecessor_id", string="Became")
    assignment_ids = fields.One2many("ttcs.assignment", "agency_id")

    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "An agency cannot end before it begins.",
    )
    _budget_relation_code_unique = models.UniqueIndex(
        "(budget_relation_code) WHERE valid_to IS NULL",
        "Another agency holds this budget-relation code.",
    )
    _name_unique = models.UniqueIndex(
        "(name, unit_id) WHERE valid_to IS NULL",
        "This place already has an agency of the same name.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "unit_id" in vals:
            self.env["ttcs.unit"]._forget_readers()
        return result

    @api.depends("name", "valid_to")
    def _compute_display_name(self):
        for agency in self:
            name = agency.name or ""
            if agency.valid_to:
                until = agency.valid_to.strftime("%d/%m/%Y")
                name = self.env._("%(place)s (until %(date)s)", place=name, date=until)
            agency.display_name = name
