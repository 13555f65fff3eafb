from odoo import api, fields, models
from odoo.exceptions import UserError


class TtcsSurveyReason(models.TransientModel):
    """Asks why: sheets go back to their communes, or a frozen survey is opened again."""

    _name = "ttcs.survey.reason"
    _description = "Reason for a return or reopening"

    survey_id = fields.Many2one("ttcs.survey")
    sheet_ids = fields.Many2many("ttcs.survey.sheet", string="Sheets")
    reason = fields.Char(required=True)

    @api.model
    def _ask(self, records):
        """The dialog for sheets that are to be returned, or for a survey to be reopened."""
        of_survey = records._name == "ttcs.survey"
        title = self.env._("Reopen the survey") if of_survey else self.env._("Return the sheet")
        context = (
            {"default_survey_id": records.id}
            if of_survey
            else {"default_sheet_ids": [(6, 0, records.ids)]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "context": context,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Return or reopen, with the reason kept where everyone concerned reads it."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why."))
        if self.survey_id:
            self.survey_id._reopen(reason)
        else:
            self.sheet_ids._return(reason)
        return {"type": "ir.actions.act_window_close"}
