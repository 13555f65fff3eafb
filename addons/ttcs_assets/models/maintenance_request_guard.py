from odoo import api, models
from odoo.exceptions import UserError

# What the steps of a work order write themselves: whoever could write it by hand would move a
# deadline, an answer or the person who closed it.
BY_STEPS = {
    "unit_id",
    "commune_id",
    "agency_id",
    "closed_at",
    "closed_by_id",
    "condition_before",
    "occurrence_id",
    "source_answer_id",
    "action_uuid",
    "service_contract_id",
    "response_due",
    "repair_due",
    "responded_at",
    "repair_late_minutes",
    "penalty_percent",
}
# A new order takes its place from its asset, whatever is given.
TAKEN_FROM_ASSET = {"unit_id", "commune_id", "agency_id"}
# No program outside can put this into the context of a call.
_STEP = object()


class MaintenanceRequest(models.Model):
    """Refuses to have written by hand what the steps of a work order write.

    Read-only on a screen is no protection: the same call can be made without the screen.
    """

    _inherit = "maintenance.request"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_by_hand(vals.keys() - TAKEN_FROM_ASSET)
        return super().create(vals_list)

    def write(self, vals):
        self._check_by_hand(vals.keys())
        return super().write(vals)

    def _by_steps(self):
        """The same orders, for a step that writes what people do not."""
        return self.with_context(ttcs_order_step=_STEP)

    @api.model
    def _check_by_hand(self, names):
        written = BY_STEPS & names
        if not written or self.env.su or self.env.context.get("ttcs_order_step") is _STEP:
            return
        labels = sorted(self._fields[name]._description_string(self.env) for name in written)
        raise UserError(
            self.env._(
                "%(fields)s: this follows from the steps of the work order and is not entered by "
                "hand. Use the buttons of the work order.",
                fields=", ".join(labels),
            )
        )
