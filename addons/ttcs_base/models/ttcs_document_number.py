from odoo import api, fields, models
from odoo.exceptions import UserError

from .trigger_constraint import TriggerConstraint


class TtcsDocumentNumber(models.Model):
    """A number given to a document; kept for good, also when it is void."""

    _name = "ttcs.document.number"
    _description = "Document number"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "series_id, number desc"

    series_id = fields.Many2one(
        "ttcs.document.series", required=True, readonly=True, ondelete="restrict", index=True
    )
    agency_id = fields.Many2one(related="series_id.agency_id", store=True, index=True)
    number = fields.Integer(required=True, readonly=True)
    name = fields.Char(compute="_compute_name")
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", string="Document", readonly=True)
    subject = fields.Char(readonly=True)
    issued_at = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)
    issued_by = fields.Many2one(
        "res.users", readonly=True, required=True, default=lambda self: self.env.user
    )
    state = fields.Selection(
        [("issued", "Issued"), ("void", "Void")], required=True, readonly=True, default="issued"
    )
    void_reason = fields.Char(readonly=True)

    _series_number_unique = models.Constraint(
        "UNIQUE (series_id, number)", "This number was given already."
    )
    _void_has_reason = models.Constraint(
        "CHECK (state <> 'void' OR COALESCE(void_reason, '') <> '')", "A void number has a reason."
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The number %(number)s was given and stays given. Void it with a reason instead.",
            number=diagnostics.message_detail,
        )
    )

    @api.depends("number", "series_id.year")
    def _compute_name(self):
        for given in self:
            given.name = f"{given.number:02d}/{given.series_id.year}"

    @api.depends("name")
    def _compute_display_name(self):
        for given in self:
            given.display_name = given.name

    def _void(self, reason):
        """Take a number out of use; it is not given again.

        :raises UserError: without a reason, or when it is void already
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the number is void."))
        for given in self:
            if given.state == "void":
                raise UserError(
                    self.env._("The number %(number)s is void already.", number=given.name)
                )
        # sudo: numbers are written by the documents that hold them only.
        self.sudo().write({"state": "void", "void_reason": reason.strip()})
