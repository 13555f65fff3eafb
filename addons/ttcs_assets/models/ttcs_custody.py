from odoo import api, fields, models

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint


class TtcsCustody(models.Model):
    """Who held an asset, from when to when, and by which paper.

    Written by triggers whenever the holder of an asset changes (``decision_invariants.py``), so
    that an import and a hand-over of a whole commune leave a history as a single edit does.
    Without a person the agency itself holds the asset, as a contractor does.
    """

    _name = "ttcs.custody"
    _description = "Custody of an asset"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "valid_from desc, id desc"
    _log_access = False

    equipment_id = fields.Many2one(
        "maintenance.equipment",
        string="Asset",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    person_id = fields.Many2one(
        "ttcs.person", string="Custodian", readonly=True, index=True, ondelete="restrict"
    )
    agency_id = fields.Many2one(
        "ttcs.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    handover_id = fields.Many2one(
        "ttcs.handover", string="Hand-over", readonly=True, index=True, ondelete="restrict"
    )
    valid_from = fields.Date(required=True, readonly=True)
    valid_to = fields.Date(readonly=True)

    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (equipment_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)",
        "An asset has one custodian on a day.",
    )
    _period_ordered = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A custody cannot end before it begins.",
    )
    _is_kept = TriggerConstraint(
        lambda env, diagnostics: env._(
            "The history of custody follows the hand-overs and is not written by hand. Make a "
            "hand-over instead."
        )
    )

    @api.depends("equipment_id", "person_id", "agency_id")
    def _compute_display_name(self):
        for custody in self:
            holder = custody.person_id.name or custody.agency_id.name
            custody.display_name = f"{custody.equipment_id.display_name}: {holder}"
