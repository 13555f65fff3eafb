from odoo import api, fields, models


class TtcsUnitLineage(models.Model):
    """One edge of a reform: a place that ended and a place that took over from it."""

    _name = "ttcs.unit.lineage"
    _description = "Lineage of a place"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "date desc, predecessor_id, id"
    _rec_name = "predecessor_id"

    predecessor_id = fields.Many2one("ttcs.unit", required=True, index=True, ondelete="cascade")
    successor_id = fields.Many2one("ttcs.unit", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("merge", "Merge"),
            ("split", "Split"),
            ("rename", "Rename"),
            ("transfer", "Transfer"),
        ],
        required=True,
    )
    decision = fields.Char(help="Number of the decision that made the change.")
    legal_document_id = fields.Many2one("ttcs.legal.document", ondelete="restrict")
    date = fields.Date(required=True, help="First day of the successor.")

    _edge_unique = models.Constraint(
        "UNIQUE (predecessor_id, successor_id)", "This step of the lineage exists already."
    )
    _not_itself = models.Constraint(
        "CHECK (predecessor_id <> successor_id)", "A place cannot follow itself."
    )

    @api.model_create_multi
    def create(self, vals_list):
        edges = super().create(vals_list)
        self.env["ttcs.unit"]._forget_readers()
        return edges

    def write(self, vals):
        result = super().write(vals)
        self.env["ttcs.unit"]._forget_readers()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["ttcs.unit"]._forget_readers()
        return result
