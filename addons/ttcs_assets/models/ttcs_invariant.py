from odoo import api, models

from .. import checklist_invariants, decision_invariants, invariants, order_invariants


class TtcsInvariant(models.AbstractModel):
    _inherit = "ttcs.invariant"

    @api.model
    def _invariants(self):
        return [*super()._invariants(), *invariants.CONSTRAINTS, *invariants.TRIGGERS]

    @api.model
    def _trigger_sql(self):
        return [
            *super()._trigger_sql(),
            invariants.TRIGGER_SQL,
            invariants.SURVEY_SQL,
            invariants.MAINTENANCE_SQL,
            invariants.INVENTORY_SQL,
            decision_invariants.DECISION_SQL,
            decision_invariants.CUSTODY_SQL,
            order_invariants.ORDER_SQL,
            checklist_invariants.CHECKLIST_SQL,
        ]
