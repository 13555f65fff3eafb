from dataclasses import asdict

from odoo import models
from odoo.tools import SQL

from ..survey import INDICATORS

# What a line says of the register, and whether it says something else than the commune.
REGISTER_COLUMNS = ("kind", "converted_on", "clusters", "working", "horns")
DIFFERS = SQL(
    "(line.is_gone OR line.is_added OR (%s) IS DISTINCT FROM (%s))",
    SQL(", ").join(SQL.identifier("line", f"confirmed_{column}") for column in REGISTER_COLUMNS),
    SQL(", ").join(SQL.identifier("line", column) for column in REGISTER_COLUMNS),
)


class TtcsSurvey(models.Model):
    """Sheets that take the register's figures anew, because it was corrected meanwhile."""

    _inherit = "ttcs.survey"

    def action_refill(self):
        """Take the register's figures for every sheet that was not sent."""
        self.check_access("write")
        for survey in self:
            survey.sheet_ids.filtered("is_editable").action_refill()
            _counts, outside = survey._register_counts()
            survey._by_steps().outside_figures = [asdict(place) for place in outside]

    def _refill(self, sheets):
        """Take the register's figures for sheets of this survey.

        What a commune has corrected stays as it says, beside the register's new figure.  A
        station that the register lost goes, unless the commune has corrected it: then it stays
        as one that the commune adds.  A constant number of queries.
        """
        self.ensure_one()
        unit = sheets.unit_id if len(sheets) == 1 else None
        counts, _outside = self._register_counts(unit)
        communes = set(sheets.unit_id.ids)
        lines = [line for line in self._register_lines(unit) if line["commune_id"] in communes]
        self._refill_lines(sheets, lines)
        self._insert_lines(lines)
        self._refill_figures(sheets, counts)
        self.env.invalidate_all()
        # What they were prefetched with has left the cache too.
        sheets.with_prefetch()._carry_lines()

    def _refill_lines(self, sheets, lines):
        cursor = self.env.cr
        cursor.execute(
            SQL(
                """
                UPDATE ttcs_survey_line line
                SET name = found.name, technologies = found.technologies,
                    elsewhere = found.elsewhere, kind = found.kind,
                    converted_on = found.converted_on, clusters = found.clusters,
                    working = found.working, horns = found.horns,
                    confirmed_kind = CASE WHEN line.differs
                        THEN line.confirmed_kind ELSE found.kind END,
                    confirmed_converted_on = CASE WHEN line.differs
                        THEN line.confirmed_converted_on ELSE found.converted_on END,
                    confirmed_clusters = CASE WHEN line.differs
                        THEN line.confirmed_clusters ELSE found.clusters END,
                    confirmed_working = CASE WHEN line.differs
                        THEN line.confirmed_working ELSE found.working END,
                    confirmed_horns = CASE WHEN line.differs
                        THEN line.confirmed_horns ELSE found.horns END
                FROM ttcs_survey_sheet sheet
                JOIN (SELECT * FROM %s) found ON found.commune_id = sheet.unit_id
                WHERE sheet.id = line.sheet_id AND sheet.id = ANY(%s) AND NOT line.is_added
                    AND line.station_id IS NOT DISTINCT FROM found.station_id
                """,
                self._as_relation(lines),
                sheets.ids,
            )
        )
        self._release_lost_lines(sheets, lines)
        cursor.execute(
            SQL(
                "UPDATE ttcs_survey_line line SET differs = %s WHERE line.sheet_id = ANY(%s)",
                DIFFERS,
                sheets.ids,
            )
        )

    def _release_lost_lines(self, sheets, lines):
        """What the register had when the sheets were filled and has no more."""
        lost = SQL(
            """line.sheet_id = sheet.id AND sheet.id = ANY(%s) AND NOT line.is_added
                AND NOT EXISTS (
                    SELECT FROM (SELECT * FROM %s) found
                    WHERE found.commune_id = sheet.unit_id
                        AND found.station_id IS NOT DISTINCT FROM line.station_id)""",
            sheets.ids,
            self._as_relation(lines),
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM ttcs_survey_line line USING ttcs_survey_sheet sheet
                WHERE %s AND (line.is_gone OR NOT line.differs)
                """,
                lost,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE ttcs_survey_line line
                SET is_added = line.is_station, station_id = NULL, kind = NULL,
                    converted_on = NULL, technologies = NULL, clusters = 0, working = 0,
                    horns = 0, elsewhere = 0
                FROM ttcs_survey_sheet sheet
                WHERE %s
                """,
                lost,
            )
        )

    def _refill_figures(self, sheets, counts):
        """:param counts: the register's, by commune and indicator"""
        rows = [
            (sheet.id, indicator.key, counts.get(sheet.unit_id.id, {}).get(indicator.key, 0))
            for sheet in sheets
            for indicator in INDICATORS
        ]
        self.env.cr.execute(
            """
            UPDATE ttcs_survey_figure figure
            SET value = found.value, counted_value = found.value,
                confirmed_value = CASE WHEN figure.differs
                    THEN figure.confirmed_value ELSE found.value END,
                differs = figure.differs AND figure.confirmed_value <> found.value
            FROM unnest(%s::integer[], %s::varchar[], %s::integer[])
                AS found (sheet_id, indicator, value)
            WHERE figure.sheet_id = found.sheet_id AND figure.indicator = found.indicator
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
