from odoo import api, fields, models


class TtcsImportKey(models.Model):
    """Which record a row without a code has become, so that the next list finds it again.

    The record may have been renamed since; the row of the list has not.
    """

    _name = "ttcs.import.key"
    _description = "Row of an import and its record"
    _rec_name = "key"
    _log_access = False

    agency_id = fields.Many2one("ttcs.agency", required=True, index=True, ondelete="cascade")
    kind = fields.Char(required=True)
    key = fields.Char(required=True)
    res_id = fields.Integer(required=True)

    _key_unique = models.Constraint(
        "UNIQUE (kind, agency_id, key)", "This row has been imported already."
    )

    @api.model
    def _ids_by_key(self, agency, kind, keys):
        """Ids of the records that rows with these keys have become."""
        found = self.search_fetch(
            [("kind", "=", kind), ("agency_id", "=", agency.id), ("key", "in", list(keys))],
            ["key", "res_id"],
        )
        return {row.key: row.res_id for row in found}

    @api.model
    def _remember(self, agency, kind, ids_by_key):
        """Keep what rows have become; a row that became another record is kept anew."""
        if not ids_by_key:
            return
        self.env.cr.execute_values(
            """
            INSERT INTO ttcs_import_key (agency_id, kind, key, res_id) VALUES %s
            ON CONFLICT (kind, agency_id, key) DO UPDATE SET res_id = EXCLUDED.res_id
            """,
            [(agency.id, kind, key, res_id) for key, res_id in ids_by_key.items()],
        )
        self.invalidate_model()
