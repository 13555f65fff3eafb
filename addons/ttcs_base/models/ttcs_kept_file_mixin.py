import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from .trigger_constraint import TriggerConstraint

KEPT_KINDS = frozenset(
    {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "image/jpeg",
        "image/png",
    }
)
FOUND_AT_CREATION = frozenset({"sha256", "added_by", "added_at"})


class TtcsKeptFileMixin(models.AbstractModel):
    """A file that is kept as it came, with its hash: another may be added, none exchanged.

    The add-on of the model installs ``append_only_trigger`` on its table.
    """

    _name = "ttcs.kept.file.mixin"
    _description = "Kept file"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id desc"
    # Found by ``create``, whatever the values say.
    _given_at_creation = FOUND_AT_CREATION

    name = fields.Char(required=True)
    data = fields.Binary(string="File", attachment=True, required=True)
    sha256 = fields.Char(string="SHA-256", readonly=True)
    added_by = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", default=lambda self: self.env.user
    )
    added_at = fields.Datetime(readonly=True, default=fields.Datetime.now)

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
        """Who added it, when, and the hash are found here, whatever the values say."""
        now = fields.Datetime.now()
        for vals in vals_list:
            content = base64.b64decode(vals.get("data") or b"")
            if not content:
                raise UserError(self.env._("Choose the file to attach."))
            if guess_mimetype(content) not in KEPT_KINDS:
                raise UserError(
                    self.env._(
                        "%(file)s is no document. Attach a PDF, a photo (JPEG, PNG) or a Word or "
                        "Excel file.",
                        file=vals.get("name") or "",
                    )
                )
            vals |= {
                "sha256": hashlib.sha256(content).hexdigest(),
                "added_by": self.env.uid,
                "added_at": now,
            }
        return super().create(vals_list)
