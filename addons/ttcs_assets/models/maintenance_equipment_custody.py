from odoo import fields, models


class MaintenanceEquipment(models.Model):
    """Who holds an asset today, and who held it before."""

    _inherit = "maintenance.equipment"

    custodian_agency_id = fields.Many2one(
        "ttcs.agency",
        string="Held by agency",
        index=True,
        ondelete="restrict",
        help="The custodian's agency where it is another than the owner, such as a contractor.",
    )
    custody_ids = fields.One2many("ttcs.custody", "equipment_id", readonly=True)

    def _hand_to(self, person, agency, date, handover=None):
        """Give these assets into the hands of a person or agency from a date on; set-wise.

        Neither access rules nor messages: the caller has decided who may.
        """
        self.env.flush_all()
        paper = str(handover.id) if handover else ""
        self.env.cr.execute(
            "SELECT set_config('ttcs.custody_on', %s, true),"
            " set_config('ttcs.custody_paper', %s, true)",
            [fields.Date.to_string(date) or "", paper],
        )
        self.env.cr.execute(
            """
            UPDATE maintenance_equipment
            SET custodian_id = %s, custodian_agency_id = %s, write_uid = %s,
                write_date = now() AT TIME ZONE 'UTC'
            WHERE id = ANY(%s)
            """,
            [
                person.id if person else None,
                agency.id if agency else None,
                self.env.uid,
                self.ids,
            ],
        )
        self.env.cr.execute(
            "SELECT set_config('ttcs.custody_on', '', true),"
            " set_config('ttcs.custody_paper', '', true)"
        )
        self.env.invalidate_all(flush=False)

    def _end_custody(self, date):
        """Nobody holds these assets from a date on."""
        self._hand_to(None, None, date)

    def action_hand_over(self):
        """A hand-over with these assets, to be completed."""
        return self.env["ttcs.handover"]._ask(self)
