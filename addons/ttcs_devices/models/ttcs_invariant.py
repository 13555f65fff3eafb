from odoo import api, models

from .. import invariants


class TtcsInvariant(models.AbstractModel):
    _inherit = "ttcs.invariant"

    @api.model
    def _invariants(self):
        return [*super()._invariants(), *invariants.CONSTRAINTS, *invariants.TRIGGERS]

    @api.model
    def _trigger_sql(self):
        return [
            *super()._trigger_sql(),
            invariants.DEVICE_SQL,
            invariants.ORDER_SQL,
            invariants.ALARM_SQL,
            invariants.ROLL_CALL_SQL,
        ]
