from odoo import fields, models


class TtcsUnitReader(models.Model):
    """Which user may see which place today, as the global record rules ask it.

    A view, so that a rule holds nothing but the user's id: Odoo caches the domain of a rule
    per user in every process, and a list of places in it would outlive a revoked assignment
    (docs/adr/0003).  An assignment counts from its first to its last day.
    """

    _name = "ttcs.unit.reader"
    _description = "Reader of a place"
    _auto = False
    # To be written before the view is read.
    _depends = {
        "ttcs.assignment": ["person_id", "agency_id", "valid_from", "valid_to"],
        "ttcs.person": ["user_id", "active"],
        "ttcs.agency": ["unit_id"],
        "ttcs.unit.reach": ["from_unit_id", "to_unit_id"],
    }

    unit_id = fields.Many2one("ttcs.unit", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)

    def init(self):
        self.env.cr.execute(
            """
            CREATE OR REPLACE VIEW ttcs_unit_reader AS
            SELECT
                (assignment.id::bigint << 32) | reach.to_unit_id AS id,
                reach.to_unit_id AS unit_id,
                person.user_id AS user_id
            FROM ttcs_assignment assignment
            JOIN ttcs_person person ON person.id = assignment.person_id
            JOIN ttcs_agency agency ON agency.id = assignment.agency_id
            JOIN ttcs_unit_reach reach ON reach.from_unit_id = agency.unit_id
            WHERE person.user_id IS NOT NULL
                AND person.active
                AND assignment.valid_from <= (SELECT ttcs_today())
                AND (
                    assignment.valid_to IS NULL
                    OR assignment.valid_to >= (SELECT ttcs_today())
                )
            """
        )
