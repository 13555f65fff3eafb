from odoo import api, models
from odoo.exceptions import UserError


class TtcsGuardedMixin(models.AbstractModel):
    """Refuses to write a model while the database lacks one of its guarantees."""

    _name = "ttcs.guarded.mixin"
    _description = "Guarded by the database"
    _inherit = ["ttcs.plausible.mixin", "ttcs.stepwise.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        self._check_guarantees()
        return super().create(vals_list)

    def write(self, vals):
        self._check_guarantees()
        return super().write(vals)

    def _check_guarantees(self):
        missing = getattr(self.env.registry, "ttcs_missing_invariants", {}).get(self._table)
        if missing:
            raise UserError(
                self.env._(
                    "%(model)s cannot be changed: the database lacks %(names)s. "
                    "Tell the administrator; nothing was written.",
                    model=self._description,
                    names=", ".join(missing),
                )
            )
