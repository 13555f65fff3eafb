from odoo import fields, models


class TtcsFundingProgramme(models.Model):
    """A target programme that money comes from; programmes merge, so each has a period."""

    _name = "ttcs.funding.programme"
    _description = "Target programme"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "valid_from desc, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char(help="Code of the programme in the state budget index of its years.")
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()
    successor_id = fields.Many2one("ttcs.funding.programme", ondelete="restrict")
    legal_document_id = fields.Many2one("ttcs.legal.document", ondelete="restrict")

    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A programme cannot end before it begins.",
    )
    _not_itself = models.Constraint(
        "CHECK (successor_id <> id)", "A programme cannot follow itself."
    )
