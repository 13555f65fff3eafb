from odoo import fields, models


class TtcsServiceContractLine(models.Model):
    """Within which times work orders of a priority are to be answered and repaired."""

    _name = "ttcs.service.contract.line"
    _description = "Deadline of a service contract"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "contract_id, priority desc"
    _rec_name = "priority"

    contract_id = fields.Many2one(
        "ttcs.service.contract", required=True, index=True, ondelete="cascade"
    )
    priority = fields.Selection(
        lambda self: (
            self.env["maintenance.request"]._fields["priority"]._description_selection(self.env)
        ),
        required=True,
        default="1",
    )
    response_minutes = fields.Integer(string="Response (minutes)", required=True, default=240)
    repair_minutes = fields.Integer(string="Repair (minutes)", required=True, default=1440)
    runs = fields.Selection(
        [("working", "Working hours"), ("always", "Around the clock")],
        string="Counted in",
        required=True,
        default="working",
    )

    _priority_unique = models.Constraint(
        "UNIQUE (contract_id, priority)", "This priority has its deadlines already."
    )
    _minutes_positive = models.Constraint(
        "CHECK (response_minutes > 0 AND repair_minutes > 0)",
        "A deadline is a positive number of minutes.",
    )
    _minutes_possible = models.Constraint(
        "CHECK (repair_minutes BETWEEN response_minutes AND 525600)",
        "A repair is due after its response, and within a year (525,600 minutes).",
    )
