from odoo import api, fields, models


class TtcsReasonMixin(models.AbstractModel):
    """A dialog that asks why before something is returned, reopened or left out.

    The model says in ``_act`` what is done with the reason.
    """

    _name = "ttcs.reason.mixin"
    _description = "Dialog that asks for a reason"
    _inherit = ["ttcs.plausible.mixin"]

    reason = fields.Char(required=True)

    @api.model
    def _dialog(self, title, **values):
        """The action that opens the dialog; ``values`` are those of its fields."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "context": {f"default_{name}": value for name, value in values.items()},
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Do it, with the reason kept where everyone concerned reads it."""
        self.ensure_one()
        self._act(self.reason.strip())
        return {"type": "ir.actions.act_window_close"}

    def _act(self, reason):
        """Do what the dialog is for.

        :param reason: never empty: the dialog is not stored with a blank one
        """
        raise NotImplementedError
