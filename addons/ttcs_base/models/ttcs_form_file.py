import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from .trigger_constraint import TriggerConstraint


class TtcsFormFile(models.Model):
    """The signed and stamped copy of an official form, with its hash; kept as it came."""

    _name = "ttcs.form.file"
    _description = "Signed file of a form"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id desc"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", string="Document", required=True, readonly=True
    )
    unit_id = fields.Many2one(
        "ttcs.unit", string="Place", readonly=True, index=True, ondelete="restrict"
    )
    agency_id = fields.Many2one("ttcs.agency", readonly=True, index=True, ondelete="restrict")
    name = fields.Char(required=True)
    data = fields.Binary(string="File", attachment=True, required=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    added_by = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", default=lambda self: self.env.user
    )
    added_at = fields.Datetime(readonly=True, default=fields.Datetime.now)

    _record_idx = models.Index("(res_model, res_id)")
    _has_hash = models.Constraint(
        "CHECK (sha256 IS NOT NULL AND length(sha256) = 64)", "A file is kept with its SHA-256."
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(file)s is kept with its hash and cannot be exchanged. Add another file instead.",
            file=diagnostics.message_detail,
        )
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Only whoever may change the record may add the signed file of its form."""
        for vals in vals_list:
            content = base64.b64decode(vals.get("data") or b"")
            if not content:
                raise UserError(self.env._("Choose the file to attach."))
            record = self.env[vals["res_model"]].browse(vals["res_id"])
            record.check_access("write")
            unit, agency = record._form_owner()
            vals |= {
                "sha256": hashlib.sha256(content).hexdigest(),
                "unit_id": unit.id,
                "agency_id": agency.id,
                "added_by": self.env.uid,
                "added_at": fields.Datetime.now(),
            }
        return super().create(vals_list)
