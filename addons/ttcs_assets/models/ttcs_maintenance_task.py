from odoo import fields, models


class TtcsMaintenanceTask(models.Model):
    """A piece of maintenance work: what is done, how long it takes and what it costs.

    When and for which assets it falls due is said by rules; of several rules with one task the
    closest to an asset holds for it.
    """

    _name = "ttcs.maintenance.task"
    _description = "Maintenance task"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Stable key for imports and add-ons.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    instructions = fields.Html(translate=True, help="How the work is done, step by step.")
    duration = fields.Float(string="Hours of work", default=1.0, help="For one asset.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    labour_cost = fields.Monetary(help="For one asset, in đồng.")
    material_cost = fields.Monetary(help="For one asset, in đồng.")
    unit_cost = fields.Monetary(compute="_compute_unit_cost", string="Cost of one time")
    rule_ids = fields.One2many("ttcs.maintenance.rule", "task_id", string="Rules")
    checklist_id = fields.Many2one("ttcs.checklist", ondelete="restrict", index=True)

    _code_unique = models.Constraint("UNIQUE (code)", "This maintenance task exists already.")
    _duration_possible = models.Constraint(
        "CHECK (duration > 0 AND duration <= 1000)", "The hours of work lie between 0 and 1000."
    )
    _costs_whole = models.Constraint(
        "CHECK (labour_cost >= 0 AND material_cost >= 0"
        " AND labour_cost = trunc(labour_cost) AND material_cost = trunc(material_cost))",
        "Costs are amounts of whole đồng, not negative.",
    )

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    def _compute_unit_cost(self):
        for task in self:
            task.unit_cost = task.labour_cost + task.material_cost
