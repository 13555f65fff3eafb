from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..maintenance import labour_amount


class TtcsOrderLabour(models.Model):
    """The time that a person or a contractor worked on an order, and what it costs."""

    _name = "ttcs.order.labour"
    _description = "Labour of a work order"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "request_id, id"

    request_id = fields.Many2one(
        "maintenance.request", string="Work order", required=True, index=True, ondelete="restrict"
    )
    person_id = fields.Many2one("ttcs.person", index=True, ondelete="restrict")
    contractor_id = fields.Many2one(
        "ttcs.agency",
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', 'contractor')]",
    )
    work = fields.Char(string="What was done")
    minutes = fields.Integer(default=60, required=True)
    currency_id = fields.Many2one("res.currency", related="request_id.currency_id")
    hourly_rate = fields.Monetary(default=0, required=True, string="Rate per hour")
    amount = fields.Monetary(compute="_compute_amount", store=True, precompute=True)

    _one_worker = models.Constraint(
        "CHECK (num_nonnulls(person_id, contractor_id) = 1)",
        "Labour is that of one person or of one contractor.",
    )
    _minutes_positive = models.Constraint(
        "CHECK (minutes BETWEEN 1 AND 44640)",
        "The time worked is 1 to 44,640 minutes (31 days).",
    )
    _rate_whole = models.Constraint(
        "CHECK (hourly_rate >= 0 AND hourly_rate = trunc(hourly_rate))",
        "A rate is an amount of whole đồng, not negative.",
    )
    _amount_adds_up = models.Constraint(
        "CHECK (amount IS NOT NULL AND amount = round(minutes * hourly_rate / 60))",
        "The amount of labour is its time times its rate.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "“%(order)s” is closed, so its labour stays as it is. Reopen the work order to "
            "correct it.",
            order=diagnostics.message_detail,
        )
    )

    @api.depends("minutes", "hourly_rate")
    def _compute_amount(self):
        for line in self:
            line.amount = labour_amount(line.minutes, line.hourly_rate)

    @api.depends("person_id", "contractor_id", "minutes")
    def _compute_display_name(self):
        for line in self:
            worker = line.person_id.name or line.contractor_id.name or ""
            line.display_name = self.env._(
                "%(worker)s: %(minutes)s minutes", worker=worker, minutes=line.minutes
            )
