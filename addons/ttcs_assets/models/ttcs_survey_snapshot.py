from odoo import fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint


class TtcsSurveySnapshot(models.Model):
    """Every figure of a survey at the moment it was frozen, with the hash of each file.

    Reopening a survey leaves its snapshots as they are; the next closing adds another version.
    """

    _name = "ttcs.survey.snapshot"
    _description = "Frozen figures of a survey"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "survey_id, version desc"
    _rec_name = "version"

    survey_id = fields.Many2one(
        "ttcs.survey", required=True, readonly=True, index=True, ondelete="restrict"
    )
    version = fields.Integer(required=True, readonly=True)
    taken_at = fields.Datetime(required=True, readonly=True)
    taken_by = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    reason = fields.Char(readonly=True, help="Why the survey had been reopened before.")
    content = fields.Text(required=True, readonly=True, help="The report as JSON.")
    sha256 = fields.Char(string="SHA-256 of the figures", required=True, readonly=True)
    file_ids = fields.One2many("ttcs.survey.file", "snapshot_id", string="Files", readonly=True)

    _survey_version_unique = models.Constraint(
        "UNIQUE (survey_id, version)", "A survey has each version once."
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "Version %(version)s of the figures was reported and stays as it is.",
            version=diagnostics.message_detail,
        )
    )
