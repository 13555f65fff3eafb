from odoo import fields, models


class TtcsAgencyLineage(models.Model):
    """An agency that ended and the agency that took over its property and duties."""

    _name = "ttcs.agency.lineage"
    _description = "Lineage of an agency"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "date desc, predecessor_id, id"
    _rec_name = "predecessor_id"

    predecessor_id = fields.Many2one("ttcs.agency", required=True, index=True, ondelete="cascade")
    successor_id = fields.Many2one("ttcs.agency", required=True, index=True, ondelete="cascade")
    decision = fields.Char(help="Number of the decision that made the change.")
    date = fields.Date(required=True, help="First day of the successor.")

    _edge_unique = models.Constraint(
        "UNIQUE (predecessor_id, successor_id)", "This step of the lineage exists already."
    )
    _not_itself = models.Constraint(
        "CHECK (predecessor_id <> successor_id)", "An agency cannot follow itself."
    )
