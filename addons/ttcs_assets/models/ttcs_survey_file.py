from odoo import api, fields, models

from odoo.addons.ttcs_base.models.ttcs_kept_file_mixin import FOUND_AT_CREATION


class TtcsSurveyFile(models.Model):
    """A file of a survey with its hash: what was rendered at closing, and what was signed."""

    _name = "ttcs.survey.file"
    _description = "File of a survey"
    _inherit = ["ttcs.kept.file.mixin"]
    _order = "survey_id, id desc"
    _given_at_creation = FOUND_AT_CREATION | {"role", "snapshot_id"}

    survey_id = fields.Many2one("ttcs.survey", required=True, index=True, ondelete="restrict")
    sheet_id = fields.Many2one("ttcs.survey.sheet", index=True, ondelete="restrict")
    snapshot_id = fields.Many2one("ttcs.survey.snapshot", readonly=True, ondelete="restrict")
    role = fields.Selection(
        [("rendered", "Rendered at closing"), ("signed", "Signed and stamped")],
        required=True,
        readonly=True,
        default="signed",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            sheet = self.env["ttcs.survey.sheet"].browse(vals.get("sheet_id") or [])
            if sheet:
                vals["survey_id"] = sheet.survey_id.id
            if not self.env.su:
                vals["role"] = "signed"
                vals.pop("snapshot_id", None)
                (sheet or self.env["ttcs.survey"].browse(vals["survey_id"])).check_access("write")
        return super().create(vals_list)
