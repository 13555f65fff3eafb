from odoo import api, models

from ..text.vietnamese import normalize


class TtcsNamedMixin(models.AbstractModel):
    """Stores ``name`` in one spelling: Excel files bring é as one character or as two."""

    _name = "ttcs.named.mixin"
    _description = "Name in one spelling"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_normal_name(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_normal_name(vals))

    @api.model
    def _with_normal_name(self, vals):
        return {**vals, "name": normalize(vals["name"])} if vals.get("name") else vals
