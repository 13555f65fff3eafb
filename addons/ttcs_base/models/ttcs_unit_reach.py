from odoo import fields, models


class TtcsUnitReach(models.Model):
    """Who reaches what: a place, all below it, and all that it came from.

    The closure over two kinds of edge, parent → child and successor → predecessor; after a
    split every successor reaches the predecessor.  Triggers keep it true (``invariants.py``):
    new edges extend it, removals rebuild it.  Nothing else writes to it.
    """

    _name = "ttcs.unit.reach"
    _description = "Reach of a place"
    _auto = False
    _rec_name = "to_unit_id"
    # To be written before the closure is read.
    _depends = {
        "ttcs.unit": ["parent_id"],
        "ttcs.unit.lineage": ["predecessor_id", "successor_id"],
    }

    from_unit_id = fields.Many2one("ttcs.unit", readonly=True)
    to_unit_id = fields.Many2one("ttcs.unit", readonly=True)

    def init(self):
        self.env.cr.execute(
            """
            CREATE TABLE IF NOT EXISTS ttcs_unit_reach (
                id bigint GENERATED ALWAYS AS IDENTITY,
                from_unit_id integer NOT NULL,
                to_unit_id integer NOT NULL,
                PRIMARY KEY (from_unit_id, to_unit_id)
            );
            CREATE INDEX IF NOT EXISTS ttcs_unit_reach_to_idx
                ON ttcs_unit_reach (to_unit_id, from_unit_id);
            CREATE TABLE IF NOT EXISTS ttcs_unit_reach_turn (
                only_row boolean PRIMARY KEY CHECK (only_row),
                taken bigint NOT NULL
            );
            """
        )
