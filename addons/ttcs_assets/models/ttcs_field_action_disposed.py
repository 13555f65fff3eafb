from markupsafe import Markup

from odoo import api, models
from odoo.tools.mail import plaintext2html

from ..field_actions import FieldAction
from .ttcs_field_action import Outcome


class TtcsFieldAction(models.Model):
    """Actions about assets that were disposed of while the phone had no network."""

    _inherit = "ttcs.field.action"

    @api.model
    def _told_of_disposal(self, asset, action: FieldAction) -> Outcome:
        """Change nothing, keep what the person saw as a note, and tell him why."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        said = action.payload.get("text") or action.payload.get("note") or ""
        # sudo: whoever may only read an asset may say what he saw all the same.
        asset.sudo().message_post(
            body=Markup("<p>%s</p>%s")
            % (
                self.env._(
                    "Arrived after the asset had been disposed of: %(what)s",
                    what=kinds[action.kind],
                ),
                plaintext2html(said),
            ),
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
        message = self.env._(
            "%(asset)s was disposed of meanwhile. Nothing was changed; what you wrote was kept "
            "with it as a note.",
            asset=asset.display_name,
        )
        return Outcome(asset, "conflict", message, {"asset": asset.id})
