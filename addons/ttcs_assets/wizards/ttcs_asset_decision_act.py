from odoo import api, fields, models
from odoo.exceptions import UserError


class TtcsAssetDecisionAct(models.TransientModel):
    """Asks what an act on a dossier needs: opinion, reason, number and day of the decision."""

    _name = "ttcs.asset.decision.act"
    _description = "Act on a dossier"
    _inherit = ["ttcs.plausible.mixin"]

    decision_id = fields.Many2one("ttcs.asset.decision", required=True, ondelete="cascade")
    act = fields.Selection(
        [
            ("approve", "Approve"),
            ("return", "Return"),
            ("reject", "Reject"),
            ("cancel", "Cancel"),
            ("carry_out", "Carried out"),
        ],
        required=True,
    )
    is_last_step = fields.Boolean(compute="_compute_is_last_step")
    opinion = fields.Text()
    decision_number = fields.Char()
    # Without a default: a day that cannot be read would fall back to it without a word.
    decision_date = fields.Date()
    signed_file = fields.Binary(string="Signed decision")
    signed_file_name = fields.Char()
    date = fields.Date(string="Carried out on", default=lambda self: self.env.company._today())
    line_ids = fields.Many2many(
        "ttcs.asset.decision.line",
        string="Assets",
        domain="[('decision_id', '=', decision_id), ('state', '=', 'open')]",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("decision_id")
    def _compute_is_last_step(self):
        for wizard in self:
            dossier = wizard.decision_id
            steps = dossier._route() if dossier and dossier.state == "submitted" else []
            wizard.is_last_step = bool(steps) and steps[-1][0] == dossier.sudo().level_id

    @api.depends("decision_id", "act")
    def _compute_line_ids(self):
        for wizard in self:
            if wizard.act == "carry_out" and not wizard.line_ids:
                wizard.line_ids = wizard.decision_id.line_ids.filtered(
                    lambda line: line.state == "open"
                )

    def action_confirm(self):
        self.ensure_one()
        dossier = self.decision_id
        if self.act == "approve":
            dossier._approve(self.opinion, self.decision_number, self.decision_date)
            self._keep_signed_file()
        elif self.act == "carry_out":
            if not self.line_ids:
                raise UserError(self.env._("Choose the assets that were carried out."))
            dossier._carry_out(self.line_ids, self.date)
        elif self.act == "cancel":
            dossier._cancel(self.opinion)
        else:
            dossier._send_back(
                {"return": "returned", "reject": "rejected"}[self.act], self.opinion
            )
        return {"type": "ir.actions.act_window_close"}

    def _keep_signed_file(self):
        if not self.signed_file:
            return
        # sudo: the approver, checked above, only reads the dossier and signs its decision.
        self.env["ttcs.form.file"].sudo().create(
            {
                "res_model": self.decision_id._name,
                "res_id": self.decision_id.id,
                "name": self.signed_file_name or self.env._("Signed decision"),
                "data": self.signed_file,
            }
        )
