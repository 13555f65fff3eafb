from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from .maintenance_equipment import CONDITIONS


class TtcsHandoverLine(models.Model):
    """An asset on a hand-over, with its condition as both sides saw it."""

    _name = "ttcs.handover.line"
    _description = "Asset of a hand-over"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "handover_id, id"
    _rec_name = "equipment_id"

    handover_id = fields.Many2one("ttcs.handover", required=True, index=True, ondelete="cascade")
    equipment_id = fields.Many2one(
        "maintenance.equipment", required=True, index=True, ondelete="restrict", string="Asset"
    )
    condition = fields.Selection(CONDITIONS)
    note = fields.Char()

    _asset_unique = models.Constraint(
        "UNIQUE (handover_id, equipment_id)", "This asset is on the paper already."
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "Hand-over %(number)s was signed by both sides: its assets stay as they are.",
            number=diagnostics.message_detail,
        )
    )

    @api.onchange("equipment_id")
    def _onchange_equipment_id(self):
        self.condition = self.equipment_id.condition
