from odoo import fields, models


class TtcsImportMapping(models.Model):
    """Which field a heading means to an agency, as confirmed in an earlier import."""

    _name = "ttcs.import.mapping"
    _description = "Saved column of an import"
    _inherit = ["ttcs.plausible.mixin", "ttcs.stepwise.mixin"]
    _order = "kind, heading_key, id"
    _rec_name = "heading_key"

    agency_id = fields.Many2one("ttcs.agency", required=True, index=True, ondelete="cascade")
    kind = fields.Char(required=True)
    heading_key = fields.Char(required=True, help="Heading without accents and capitals.")
    field_key = fields.Char(help="Field that the column holds; empty for a column left out.")

    _heading_unique = models.Constraint(
        "UNIQUE (agency_id, kind, heading_key)", "This heading has been saved already."
    )

    def _saved(self, agency, kind):
        """The saved columns of an agency as ``match_headings`` takes them."""
        saved = self.search([("agency_id", "=", agency.id), ("kind", "=", kind)])
        return {mapping.heading_key: mapping.field_key or None for mapping in saved}

    def _save(self, agency, kind, columns):
        """Remember the columns of a confirmed list.

        :param columns: field by heading key, False for a column left out
        """
        known = {
            mapping.heading_key: mapping
            for mapping in self.search([("agency_id", "=", agency.id), ("kind", "=", kind)])
        }
        for key, field in columns.items():
            if key in known and (known[key].field_key or False) != (field or False):
                known[key].field_key = field
        self.create(
            [
                {
                    "agency_id": agency.id,
                    "kind": kind,
                    "heading_key": key,
                    "field_key": field,
                }
                for key, field in columns.items()
                if key not in known
            ]
        )
