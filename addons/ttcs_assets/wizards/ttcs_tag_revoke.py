from odoo import fields, models
from odoo.exceptions import UserError


class TtcsTagRevoke(models.TransientModel):
    """Takes tags out of use with a reason, or replaces one by another."""

    _name = "ttcs.tag.revoke"
    _description = "Take tags out of use"
    _inherit = ["ttcs.plausible.mixin"]

    tag_ids = fields.Many2many(
        "ttcs.tag",
        string="Tags",
        required=True,
        default=lambda self: self.env.context.get("active_ids", []),
    )
    cause = fields.Selection(
        [
            ("lost", "Lost or torn off"),
            ("unreadable", "Cannot be read any more"),
            ("misprint", "Misprint"),
            ("counterfeit", "Another code was stuck over it"),
            ("asset_gone", "The asset is gone"),
            ("other", "Other"),
        ],
        required=True,
        default="lost",
    )
    note = fields.Char()
    replacement = fields.Char(
        string="Code of the new tag",
        help="Scan or type the code or call code of a blank tag that takes its place.",
    )

    def action_revoke(self):
        """Revoke; with a replacement, the new tag takes the place of the old one."""
        self.ensure_one()
        causes = dict(self._fields["cause"]._description_selection(self.env))
        reason = ": ".join(filter(None, (causes[self.cause], self.note)))
        replacement = self._replacement_tag()
        if replacement:
            replacement._assign(self.tag_ids.equipment_id, self.tag_ids.point)
        self.tag_ids._revoke(reason, replacement)
        return {"type": "ir.actions.act_window_close"}

    def _replacement_tag(self):
        tags = self.env["ttcs.tag"]
        if not self.replacement:
            return tags
        if len(self.tag_ids) != 1 or self.tag_ids.state != "assigned":
            raise UserError(self.env._("Only one tag in use at a time can be replaced."))
        _status, tag, _asset = tags._find(self.replacement)
        if not tag:
            raise UserError(
                self.env._("%(code)s is no code of ours. Check it.", code=self.replacement)
            )
        return tags.browse(tag.id)
