from odoo import api, models

from .. import invariants


class TtcsInvariant(models.AbstractModel):
    _inherit = "ttcs.invariant"

    @api.model
    def _invariants(self):
        return [*super()._invariants(), *invariants.CONSTRAINTS]
