from odoo import api, fields, models

from ..spreadsheet.headings import is_ordinal_heading

SURE_FROM = 0.85


class TtcsImportColumn(models.Model):
    """A column of the sheet and the field it holds, or one value for all rows."""

    _name = "ttcs.import.column"
    _description = "Column of an import"
    _order = "batch_id desc, index, id"
    _rec_name = "heading"
    _log_access = False

    batch_id = fields.Many2one("ttcs.import.batch", required=True, index=True, ondelete="cascade")
    index = fields.Integer(help="From 0; -1 for a value that holds for all rows.")
    letter = fields.Char(compute="_compute_letter", string="Column")
    heading = fields.Char()
    samples = fields.Char(string="Examples")
    field_key = fields.Char(string="Field")
    field_label = fields.Char(compute="_compute_field_label")
    field_options = fields.Json(compute="_compute_field_options")
    confidence = fields.Float(help="1: known by this heading, or confirmed before.")
    unit = fields.Integer(help="What amounts of money are counted in, in đồng.")
    constant = fields.Char(string="Value for all rows")
    sureness = fields.Selection(
        [
            ("sure", "Recognised"),
            ("unsure", "Please check"),
            ("unused", "Not imported"),
            ("missing", "Needed"),
        ],
        compute="_compute_sureness",
    )

    @api.depends("index")
    def _compute_letter(self):
        for column in self:
            letters, number = "", column.index + 1
            while number:
                number, rest = divmod(number - 1, 26)
                letters = chr(65 + rest) + letters
            column.letter = letters

    @api.depends("field_key", "batch_id.kind")
    def _compute_field_label(self):
        for column in self:
            spec = column.batch_id._import_kind().by_key.get(column.field_key)
            column.field_label = spec.label if spec else ""

    @api.depends("batch_id.kind", "index")
    def _compute_field_options(self):
        for batch, columns in self.grouped("batch_id").items():
            kind = batch._import_kind()
            options = [{"value": spec.key, "label": spec.label} for spec in kind.by_key.values()]
            for column in columns:
                spec = kind.by_key.get(column.field_key)
                if column.index >= 0:
                    column.field_options = options
                else:
                    column.field_options = [
                        {"value": words[0], "label": words[0]}
                        for words in (spec.choices.values() if spec else ())
                    ]

    @api.depends("field_key", "confidence", "heading", "constant", "index")
    def _compute_sureness(self):
        for column in self:
            if column.index < 0:
                column.sureness = "unsure" if column.constant else "missing"
            elif column.field_key:
                column.sureness = "sure" if column.confidence >= SURE_FROM else "unsure"
            elif column.confidence or is_ordinal_heading(column.heading or ""):
                column.sureness = "unused"
            else:
                column.sureness = "unsure" if column.samples else "unused"

    def action_choose(self, field_key):
        """Say which field the column holds; another column that held it lets go.

        :param field_key: key of a field of the kind, empty to leave the column out
        """
        self.ensure_one()
        batch = self.batch_id
        batch._check_may_change()
        specs = batch._import_kind().by_key
        field_key = field_key if field_key in specs else False
        # sudo: columns are kept by the engine, after the check above.
        others = (batch.column_ids - self).sudo()
        if field_key:
            others.filtered(
                lambda column: column.field_key == field_key and column.index >= 0
            ).field_key = False
        self.sudo().write({"field_key": field_key, "confidence": 1})
        batch._forget_check()
        self.sudo()._offer_constants(batch)
        return True

    def action_set_constant(self, value):
        """Give the one value that holds for all rows."""
        self.ensure_one()
        self.batch_id._check_may_change()
        if self.index < 0:
            # sudo: as in action_choose.
            self.sudo().constant = (value or "").strip() or False
            self.batch_id._forget_check()
        return True

    @api.model
    def _replace(self, batch, layout):
        """Store the columns of a list that was just read."""
        batch.column_ids.sudo().unlink()
        self.create(
            [
                {
                    "batch_id": batch.id,
                    "index": match.index,
                    "heading": match.heading,
                    "samples": " · ".join(layout.samples.get(match.index, ())),
                    "field_key": match.key,
                    "confidence": match.confidence,
                    "unit": match.unit or 0,
                }
                for match in layout.matches
                if match.heading or layout.samples.get(match.index)
            ]
        )

    @api.model
    def _offer_constants(self, batch, context=""):
        """Offer one value for all rows for fields that allow it and have no column.

        :param context: words around the list, from which a value is guessed
        """
        kind = batch._import_kind()
        columns = self.search([("batch_id", "=", batch.id)])
        held = set(columns.filtered(lambda column: column.index >= 0).mapped("field_key"))
        constants = columns.filtered(lambda column: column.index < 0)
        constants.filtered(lambda column: column.field_key in held).unlink()
        present = set(constants.exists().mapped("field_key"))
        words = " ".join([context, *(column.heading or "" for column in columns)])
        self.create(
            [
                {
                    "batch_id": batch.id,
                    "index": -1,
                    "heading": kind.by_key[key].label,
                    "field_key": key,
                    "constant": kind.guess_constant(key, words),
                }
                for key in kind.constants()
                if key not in held and key not in present
            ]
        )
