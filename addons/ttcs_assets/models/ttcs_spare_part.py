from odoo import fields, models


class TtcsSparePart(models.Model):
    """A spare part of the catalogue: what it is called, counted in, costs today and fits.

    The price fills in a line of a work order and stays there as it was; a new price here does
    not touch what was fitted before.
    """

    _name = "ttcs.spare.part"
    _description = "Spare part"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, index="trigram")
    code = fields.Char(required=True)
    uom = fields.Char(string="Unit of measure", required=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    unit_price = fields.Monetary(default=0, required=True, string="Price today")
    category_ids = fields.Many2many(
        "maintenance.equipment.category",
        string="Fits",
        help="Kinds of asset it is fitted to; empty: any.",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE (code)", "Another spare part of the catalogue has the same code."
    )
    _price_whole = models.Constraint(
        "CHECK (unit_price >= 0 AND unit_price = trunc(unit_price))",
        "A price is an amount of whole đồng, not negative.",
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    def _compute_display_name(self):
        for part in self:
            part.display_name = f"[{part.code}] {part.name}" if part.code else part.name
