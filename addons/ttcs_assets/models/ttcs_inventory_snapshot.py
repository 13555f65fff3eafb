from odoo import fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint


class TtcsInventorySnapshot(models.Model):
    """What a closed round found, as JSON with its hash: one of the round, one of each sheet."""

    _name = "ttcs.inventory.snapshot"
    _description = "Kept result of an inventory"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "inventory_id, id"
    _rec_name = "sha256"

    inventory_id = fields.Many2one(
        "ttcs.inventory", required=True, readonly=True, index=True, ondelete="restrict"
    )
    sheet_id = fields.Many2one(
        "ttcs.inventory.sheet", readonly=True, index=True, ondelete="restrict"
    )
    taken_at = fields.Datetime(required=True, readonly=True)
    taken_by = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    content = fields.Text(required=True, readonly=True, help="The report as JSON.")
    sha256 = fields.Char(string="SHA-256 of the figures", required=True, readonly=True)

    _inventory_sheet_unique = models.UniqueIndex(
        "(inventory_id, COALESCE(sheet_id, 0))", "A round and each sheet of it are kept once."
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The result of a closed inventory stays as it was kept (%(snapshot)s).",
            snapshot=diagnostics.message_detail,
        )
    )
