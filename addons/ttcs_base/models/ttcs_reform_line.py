from odoo import fields, models


class TtcsReformLine(models.Model):
    """One thing that a reform does: run 0 is the preview."""

    _name = "ttcs.reform.line"
    _description = "Result of a reform"
    _order = "run desc, sequence, id"

    reform_id = fields.Many2one("ttcs.reform", required=True, index=True, ondelete="cascade")
    run = fields.Integer(readonly=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("records", "Records"),
            ("hamlet", "Hamlets"),
            ("agency", "Agencies"),
            ("assignment", "Assignments"),
            ("place", "Places ended"),
            ("nothing", "Nothing to do"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(required=True, readonly=True)
    old_name = fields.Char(string="Before", readonly=True)
    new_name = fields.Char(string="After", readonly=True)
    moved_count = fields.Integer(string="Handed over", readonly=True)
    asked_count = fields.Integer(string="To be decided", readonly=True)
    note = fields.Char(readonly=True)
