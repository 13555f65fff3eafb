import logging

from odoo import models
from odoo.exceptions import AccessError

_logger = logging.getLogger(__name__)

MOST_NUMBERS = 6


class IrRule(models.Model):
    """Refusals that say which record, why and what to do, and nothing else of the record.

    Core jokes, and with developer mode on, which any user may switch on, it tells the name of
    the record that was refused.
    """

    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        _logger.info(
            "User %s may not %s %s%s by the record rules",
            self.env.uid,
            operation,
            records._name,
            records.ids[:MOST_NUMBERS],
        )
        env = self.with_context(**self.env.user.context_get()).env
        # sudo: the word for a kind of record is no secret.
        kind = env["ir.model"].sudo()._get(records._name).name
        numbers = ", ".join(str(number) for number in records.ids[:MOST_NUMBERS])
        told = {"kind": kind, "numbers": numbers}
        texts = {
            "read": env._(
                "%(kind)s no. %(numbers)s is outside the places and agencies assigned to you, "
                "so you cannot see it.",
                **told,
            ),
            "write": env._(
                "%(kind)s no. %(numbers)s is outside the places and agencies assigned to you, "
                "so you cannot change it.",
                **told,
            ),
            "unlink": env._(
                "%(kind)s no. %(numbers)s is outside the places and agencies assigned to you, "
                "so you cannot delete it.",
                **told,
            ),
            "create": env._(
                "%(kind)s: what you enter is outside the places and agencies assigned to you. "
                "Nothing was saved.",
                **told,
            ),
        }
        advice = env._("If it is your work, ask your administrator to extend your assignment.")
        records.invalidate_recordset()
        return AccessError(f"{texts[operation]}\n{advice}")
