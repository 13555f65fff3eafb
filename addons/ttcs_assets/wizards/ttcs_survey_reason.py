from odoo import api, fields, models


class TtcsSurveyReason(models.TransientModel):
    """Asks why: sheets go back to their communes, or a frozen survey is opened again."""

    _name = "ttcs.survey.reason"
    _description = "Reason for a return or reopening"
    _inherit = ["ttcs.reason.mixin"]

    survey_id = fields.Many2one("ttcs.survey")
    sheet_ids = fields.Many2many("ttcs.survey.sheet", string="Sheets")

    @api.model
    def _ask(self, records):
        """The dialog for sheets that are to be returned, or for a survey to be reopened."""
        if records._name == "ttcs.survey":
            return self._dialog(self.env._("Reopen the survey"), survey_id=records.id)
        return self._dialog(self.env._("Return the sheet"), sheet_ids=[(6, 0, records.ids)])

    def _act(self, reason):
        if self.survey_id:
            self.survey_id._reopen(reason)
        else:
            self.sheet_ids._return(reason)
