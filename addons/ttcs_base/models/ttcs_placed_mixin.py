from odoo import api, fields, models


class TtcsPlacedMixin(models.AbstractModel):
    """A record with a place and an owning agency, and the history of both.

    A model that inherits it adds ``invariants.placement_triggers`` of its table to its add-on's
    trigger statements, and global record rules on ``unit_id`` and ``agency_id``.
    """

    _name = "ttcs.placed.mixin"
    _description = "Record with a place"

    unit_id = fields.Many2one("ttcs.unit", string="Place", index=True, ondelete="restrict")
    agency_id = fields.Many2one(
        "ttcs.agency",
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_agency_id(),
    )
    commune_id = fields.Many2one(
        "ttcs.unit", related="unit_id.commune_id", store=True, index=True, string="Commune"
    )
    placement_ids = fields.One2many(
        "ttcs.placement",
        "res_id",
        domain=lambda self: [("model", "=", self._name)],
        string="Former places",
        readonly=True,
    )

    @api.model
    def _default_agency_id(self):
        """The agency of the user, when his assignments in force name exactly one."""
        assignments = self.env["ttcs.assignment"]
        domain = assignments._domain_in_force_on(self.env.company._today())
        mine = assignments.search(domain & fields.Domain("person_id.user_id", "=", self.env.uid))
        return mine.agency_id if len(mine.agency_id) == 1 else False

    def _placed_on(self, date):
        """Make the placements written in this transaction start on a date instead of today."""
        self.env.cr.execute(
            "SELECT set_config('ttcs.placed_on', %s, true)", [fields.Date.to_string(date) or ""]
        )
