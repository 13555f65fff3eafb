import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint


class TtcsSurveyFile(models.Model):
    """A file of a survey with its hash: what was rendered at closing, and what was signed."""

    _name = "ttcs.survey.file"
    _description = "File of a survey"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "survey_id, id desc"

    survey_id = fields.Many2one("ttcs.survey", required=True, index=True, ondelete="restrict")
    sheet_id = fields.Many2one("ttcs.survey.sheet", index=True, ondelete="restrict")
    snapshot_id = fields.Many2one("ttcs.survey.snapshot", readonly=True, ondelete="restrict")
    role = fields.Selection(
        [("rendered", "Rendered at closing"), ("signed", "Signed and stamped")],
        required=True,
        readonly=True,
        default="signed",
    )
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
        for vals in vals_list:
            content = base64.b64decode(vals.get("data") or b"")
            if not content:
                raise UserError(self.env._("Choose the file to attach."))
            vals["sha256"] = hashlib.sha256(content).hexdigest()
            sheet = self.env["ttcs.survey.sheet"].browse(vals.get("sheet_id") or [])
            if sheet:
                vals["survey_id"] = sheet.survey_id.id
            if not self.env.su:
                vals["role"] = "signed"
                vals.pop("snapshot_id", None)
                (sheet or self.env["ttcs.survey"].browse(vals["survey_id"])).check_access("write")
        return super().create(vals_list)
