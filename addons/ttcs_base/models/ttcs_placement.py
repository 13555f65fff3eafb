from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class TtcsPlacement(models.Model):
    """Where a record was, and whose, from when to when.

    Written only by the triggers of the placed models (``invariants.placement_triggers``), so
    that bulk statements and the reform leave a history as well as a single edit does.
    """

    _name = "ttcs.placement"
    _description = "Dated place of a record"
    _order = "valid_from desc, id desc"
    _log_access = False

    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="model", required=True, readonly=True)
    unit_id = fields.Many2one(
        "ttcs.unit", string="Place", readonly=True, ondelete="restrict", index=True
    )
    agency_id = fields.Many2one("ttcs.agency", readonly=True, ondelete="restrict", index=True)
    valid_from = fields.Date(required=True, readonly=True)
    valid_to = fields.Date(readonly=True)

    _period = models.Constraint(
        "EXCLUDE USING gist (model WITH =, res_id WITH =,"
        " daterange(valid_from, valid_to, '[]') WITH &&)",
        "A record cannot be in two places at once.",
    )
    _record = models.Index("(model, res_id, valid_from)")

    @api.model
    def _domain_on(self, model, date):
        """The placements that held on a date."""
        return (
            Domain("model", "=", model)
            & Domain("valid_from", "<=", date)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", date))
        )

    @api.model
    def _as_of(self, model, date, map_date=None):
        """SQL that says where every record of a model was on a date, on the map of a date.

        The place on another map is the record's own place of that day, if it was recorded
        then; else the one place that the lineage leads to.  Where it leads to several or to
        none, ``map_unit_id`` is NULL: nobody knows, and nothing is guessed.

        :param model: name of a placed model
        :param map_date: whose map; by default that of ``date`` itself
        :returns: ``SQL`` of a query with the columns ``res_id, unit_id, agency_id,
            map_unit_id``, one row for each record that was recorded then; to stand in brackets
            in a FROM
        """
        self.flush_model()
        if map_date is None or map_date == date:
            return SQL(
                """
                SELECT res_id, unit_id, agency_id, unit_id AS map_unit_id FROM ttcs_placement
                WHERE model = %(model)s AND valid_from <= %(date)s
                    AND (valid_to IS NULL OR valid_to >= %(date)s)
                """,
                model=model,
                date=date,
            )
        self.env["ttcs.unit"].flush_model()
        self.env["ttcs.unit.lineage"].flush_model()
        edge = SQL(
            "SELECT predecessor_id AS here, successor_id AS there, date FROM ttcs_unit_lineage"
            if map_date > date
            else "SELECT successor_id AS here, predecessor_id AS there, date"
            " FROM ttcs_unit_lineage"
        )
        return SQL(
            """
            WITH RECURSIVE edge AS (%(edge)s), walk AS (
                SELECT DISTINCT unit_id AS unit_id, unit_id AS there FROM ttcs_placement
                WHERE model = %(model)s AND unit_id IS NOT NULL AND valid_from <= %(date)s
                    AND (valid_to IS NULL OR valid_to >= %(date)s)
                UNION
                SELECT walk.unit_id, edge.there FROM walk JOIN edge ON edge.here = walk.there
            ), target AS (
                SELECT walk.unit_id, min(walk.there) AS there
                FROM walk JOIN ttcs_unit unit ON unit.id = walk.there
                WHERE unit.valid_from <= %(map)s
                    AND (unit.valid_to IS NULL OR unit.valid_to >= %(map)s)
                GROUP BY walk.unit_id HAVING count(*) = 1
            )
            SELECT placement.res_id, placement.unit_id, placement.agency_id,
                COALESCE(own_unit.id, target.there) AS map_unit_id
            FROM ttcs_placement placement
            LEFT JOIN ttcs_placement own ON own.model = placement.model
                AND own.res_id = placement.res_id AND own.valid_from <= %(map)s
                AND (own.valid_to IS NULL OR own.valid_to >= %(map)s)
            -- A record still recorded at a place that had ended by then is on no map.
            LEFT JOIN ttcs_unit own_unit ON own_unit.id = own.unit_id
                AND own_unit.valid_from <= %(map)s
                AND (own_unit.valid_to IS NULL OR own_unit.valid_to >= %(map)s)
            LEFT JOIN target ON target.unit_id = placement.unit_id
            WHERE placement.model = %(model)s AND placement.valid_from <= %(date)s
                AND (placement.valid_to IS NULL OR placement.valid_to >= %(date)s)
            """,
            edge=edge,
            model=model,
            date=date,
            map=map_date,
        )
