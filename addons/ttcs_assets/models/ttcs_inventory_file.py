import base64
import hashlib

from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint


class TtcsInventoryFile(models.Model):
    """A file rendered when a round was closed, with its hash."""

    _name = "ttcs.inventory.file"
    _description = "Kept file of an inventory"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "inventory_id, id"

    inventory_id = fields.Many2one(
        "ttcs.inventory", required=True, readonly=True, index=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    data = fields.Binary(string="File", attachment=True, required=True, readonly=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)

    _has_hash = models.Constraint(
        "CHECK (sha256 IS NOT NULL AND length(sha256) = 64)", "A file is kept with its SHA-256."
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(file)s is kept with its hash and cannot be exchanged.",
            file=diagnostics.message_detail,
        )
    )

    @api.model
    def _keep(self, inventory, contents):
        """Keep rendered files, given as ``{name: bytes}``."""
        return self.create(
            [
                {
                    "inventory_id": inventory.id,
                    "name": name,
                    "data": base64.b64encode(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
                for name, content in contents.items()
            ]
        )
