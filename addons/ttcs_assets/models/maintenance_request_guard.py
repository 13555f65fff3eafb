from odoo import api, models

# What the steps of a work order write themselves: whoever could write it by hand would move a
# deadline, an answer or the person who closed it.
BY_STEPS = frozenset({"service_contract_id", "action_uuid"})
# A new order takes its place from its asset, whatever is given.
TAKEN_FROM_ASSET = frozenset({"unit_id", "commune_id", "agency_id"})


class MaintenanceRequest(models.Model):
    """Work orders are written by their steps, see ``ttcs.stepwise.mixin``."""

    _inherit = "maintenance.request"
    _also_by_steps = BY_STEPS
    _given_at_creation = TAKEN_FROM_ASSET

    # This file is loaded after those that extend work orders: what was given is checked here,
    # and what they add on the way down is their step.
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_by_hand(vals.keys() - self._given_at_creation, creates=True)
        orders = super(MaintenanceRequest, self._by_steps()).create(vals_list)
        return orders.with_env(self.env)

    def write(self, vals):
        self._check_by_hand(vals.keys())
        return super(MaintenanceRequest, self._by_steps()).write(vals)
