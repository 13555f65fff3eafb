from odoo import fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

ACTS = [
    ("submitted", "Submitted"),
    ("agreed", "Agreed"),
    ("approved", "Approved"),
    ("returned", "Returned"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
    ("carried_out", "Carried out"),
]


class TtcsAssetDecisionApproval(models.Model):
    """Who did what with a dossier, when, for which office and with which opinion."""

    _name = "ttcs.asset.decision.approval"
    _description = "Opinion on a dossier"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "id"
    _rec_name = "act"

    decision_id = fields.Many2one(
        "ttcs.asset.decision", required=True, index=True, ondelete="cascade", readonly=True
    )
    owner_agency_id = fields.Many2one(
        "ttcs.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    act = fields.Selection(ACTS, required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    proposer_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    agency_id = fields.Many2one("ttcs.agency", readonly=True, ondelete="restrict")
    level_id = fields.Many2one("ttcs.approval.level", readonly=True, ondelete="restrict")
    done_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    opinion = fields.Text(readonly=True)

    _not_own = models.Constraint(
        "CHECK (act NOT IN ('agreed', 'approved') OR user_id <> proposer_id)",
        "Nobody approves a dossier that he proposed himself.",
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "What was said about a dossier is kept. Add another opinion instead."
        )
    )
