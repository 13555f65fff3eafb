from odoo import api, fields, models


class TtcsChecklist(models.Model):
    """What is looked at, measured and photographed in a piece of work, line by line.

    A maintenance task names its checklist, and a kind of asset the one of its repairs.  What was
    answered keeps its own copy of the question: editing a checklist never rewrites an answer.
    """

    _name = "ttcs.checklist"
    _description = "Checklist"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Stable key for imports and add-ons.", copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    category_ids = fields.Many2many(
        "maintenance.equipment.category",
        string="Kinds of asset",
        help="The kinds that it fits; none for any kind.",
    )
    line_ids = fields.One2many("ttcs.checklist.line", "checklist_id", string="Lines", copy=True)
    line_count = fields.Integer(compute="_compute_line_count", string="Number of lines")
    task_ids = fields.One2many("ttcs.maintenance.task", "checklist_id", string="Used by tasks")

    _code_unique = models.Constraint("UNIQUE (code)", "This checklist exists already.")

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["ttcs.checklist.line"]._read_group(
                [("checklist_id", "in", self.ids)], ["checklist_id"], ["__count"]
            )
        )
        for checklist in self:
            checklist.line_count = counts.get(checklist._origin, len(checklist.line_ids))

    def copy_data(self, default=None):
        values = super().copy_data(default)
        if "name" not in (default or {}):
            for checklist, copied in zip(self, values, strict=True):
                copied["name"] = self.env._("%(name)s (copy)", name=checklist.name)
        return values
