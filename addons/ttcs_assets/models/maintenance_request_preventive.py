from odoo import fields, models


class MaintenanceRequest(models.Model):
    """Work orders that the maintenance rules open, and what their end tells the ledger."""

    _inherit = "maintenance.request"

    occurrence_id = fields.Many2one(
        "ttcs.maintenance.occurrence",
        string="Maintenance due",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    task_id = fields.Many2one(
        "ttcs.maintenance.task", string="Maintenance task", ondelete="restrict", index=True
    )

    _occurrence_unique = models.UniqueIndex(
        "(occurrence_id) WHERE occurrence_id IS NOT NULL",
        "The work order of this maintenance is open already.",
    )

    def activity_update(self):
        """No activity for each order: people find theirs in the lists of the day, and a year
        has 250,000 of them."""

    def _add_followers(self):
        """Nobody follows an order by himself, for the same reason."""

    def write(self, vals):
        result = super().write(vals)
        if vals.get("archive"):
            opened = self.filtered(lambda order: order.occurrence_id.state == "opened")
            opened._withdraw_occurrence()
        return result

    def _after_closing(self):
        super()._after_closing()
        done = self.filtered(
            lambda order: order.occurrence_id.state == "opened" and not order.archive
        )
        by_day = done.grouped(lambda order: self.env.company._day_of(order.closed_at))
        for day, orders in by_day.items():
            orders.occurrence_id._complete(day)

    def _withdraw_occurrence(self):
        """An order that is archived was not done: its occurrence is left out."""
        if self:
            # sudo: whoever may archive the order decides about its occurrence.
            self.occurrence_id.sudo().write(
                {
                    "state": "skipped",
                    "reason": self.env._("The work order was withdrawn."),
                    "decided_by_id": self.env.uid,
                    "decided_at": fields.Datetime.now(),
                }
            )
