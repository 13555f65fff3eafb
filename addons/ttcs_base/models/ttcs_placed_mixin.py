from odoo import api, fields, models
from odoo.tools import SQL


class TtcsPlacedMixin(models.AbstractModel):
    """A record with a place and an owning agency, and the history of both.

    A model that inherits it adds ``invariants.placement_triggers`` of its table to its add-on's
    trigger statements, and global record rules on ``unit_id`` and ``agency_id``.  A reform then
    hands its records over (``_hand_over``); a model says which of them are closed and keep
    their place, and what else follows a record to its new place.
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

    # Reform ---------------------------------------------------------------------------------

    @api.model
    def _is_handed_over(self):
        """SQL condition on ``record``: which records a reform moves; closed ones stay."""
        return SQL("TRUE")

    @api.model
    def _hand_over(self, moves):
        """Sort the records of this model that stand at, or belong to, what a reform ended.

        One query, whatever the number of records.

        :param moves: ``reform.Moves``
        :returns: ``(rows, asking)``: rows ``(id, old place, old agency, new place, new agency)``
            of those whose new place and agency are known, for ``_place_anew``, and
            ``(id, old place, old agency)`` of those that a person must place
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH place AS (
                    SELECT * FROM unnest(%(old_places)s::integer[], %(new_places)s::integer[])
                        AS place (old_id, new_id)
                ), owner AS (
                    SELECT * FROM unnest(%(old_agencies)s::integer[], %(new_agencies)s::integer[])
                        AS owner (old_id, new_id)
                ), heir AS (
                    SELECT * FROM unnest(
                        %(heir_agencies)s::integer[], %(heir_communes)s::integer[],
                        %(heirs)s::integer[]) AS heir (old_id, commune_id, new_id)
                )
                SELECT record.id, record.unit_id, record.agency_id,
                    CASE WHEN place.old_id IS NULL THEN record.unit_id ELSE place.new_id END,
                    CASE WHEN owner.old_id IS NULL THEN record.agency_id
                        ELSE COALESCE(owner.new_id, heir.new_id) END,
                    (place.old_id IS NOT NULL AND place.new_id IS NULL)
                        OR (owner.old_id IS NOT NULL
                            AND COALESCE(owner.new_id, heir.new_id) IS NULL)
                FROM %(table)s record
                LEFT JOIN place ON place.old_id = record.unit_id
                LEFT JOIN owner ON owner.old_id = record.agency_id
                LEFT JOIN ttcs_unit unit ON unit.id = COALESCE(place.new_id, record.unit_id)
                LEFT JOIN heir
                    ON heir.old_id = record.agency_id AND heir.commune_id = unit.commune_id
                WHERE (place.old_id IS NOT NULL OR owner.old_id IS NOT NULL) AND %(condition)s
                    AND (record.unit_id IS NULL OR record.unit_id <> ALL(%(waiting)s::integer[]))
                ORDER BY record.id
                """,
                table=SQL.identifier(self._table),
                condition=self._is_handed_over(),
                waiting=list(moves.waiting),
                **dict(zip(("old_places", "new_places"), moves.place_columns, strict=True)),
                **dict(zip(("old_agencies", "new_agencies"), moves.agency_columns, strict=True)),
                **dict(
                    zip(
                        ("heir_agencies", "heir_communes", "heirs"),
                        moves.heir_columns,
                        strict=True,
                    )
                ),
            )
        )
        found = self.env.cr.fetchall()
        rows = [row[:5] for row in found if not row[5]]
        return rows, self._asked_about([row[:3] for row in found if row[5]])

    @api.model
    def _asked_about(self, asking):
        """Those of the undecided records to ask about; the others follow one of them."""
        return asking

    @api.model
    def _place_anew(self, rows, date):
        """Place records from a date on, history included; one statement for all.

        Neither messages nor access rules: the caller has decided who may.  Models extend this
        by what follows their records.

        :param rows: as ``_hand_over`` gives them
        :returns: the rows placed, those of followers included
        """
        if not rows:
            return rows
        self._placed_on(date)
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s record
                SET unit_id = row.unit_id, agency_id = row.agency_id,
                    commune_id = unit.commune_id,
                    write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
                FROM unnest(%(ids)s::integer[], %(units)s::integer[], %(agencies)s::integer[])
                    AS row (id, unit_id, agency_id)
                LEFT JOIN ttcs_unit unit ON unit.id = row.unit_id
                WHERE record.id = row.id
                """,
                table=SQL.identifier(self._table),
                uid=self.env.uid,
                ids=[row[0] for row in rows],
                units=[row[3] for row in rows],
                agencies=[row[4] for row in rows],
            )
        )
        self._placed_on(False)
        self.env.invalidate_all(flush=False)
        return rows
