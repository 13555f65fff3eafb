from odoo import api, fields, models

from ..spreadsheet.headings import heading_keys, is_ordinal_heading

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
    choice = fields.Char(compute="_compute_choice", string="Holds")
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

    @api.depends("field_key", "constant", "index")
    def _compute_choice(self):
        for column in self:
            column.choice = column.constant if column.index < 0 else column.field_key

    @api.depends("batch_id.kind", "index")
    def _compute_field_options(self):
        yes_or_no = [
            {"value": "x", "label": self.env._("Yes")},
            {"value": "0", "label": self.env._("No")},
        ]
        for batch, columns in self.grouped("batch_id").items():
            specs = batch._import_kind().by_key
            names = [{"value": spec.key, "label": spec.label} for spec in specs.values()]
            for column in columns:
                spec = specs.get(column.field_key)
                if column.index >= 0:
                    column.field_options = names
                elif spec and spec.kind == "yes_or_no":
                    column.field_options = yes_or_no
                else:
                    words = spec.choices.values() if spec else ()
                    column.field_options = [{"value": each[0], "label": each[0]} for each in words]

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

    def action_choose(self, value):
        """Say which field the column holds, or the value that holds for all rows.

        A column that held the field before lets go of it.

        :param value: key of a field of the kind; for a value, one of its options; or empty
        """
        self.ensure_one()
        batch = self.batch_id
        batch._check_may_change()
        value = value if value in [option["value"] for option in self.field_options] else False
        # sudo: columns are kept by the engine, after the check above.
        column = self.sudo()
        if column.index < 0:
            column.constant = value
        else:
            others = batch.column_ids.sudo() - column
            others.filtered(
                lambda other: value and other.field_key == value and other.index >= 0
            ).field_key = False
            column.write({"field_key": value, "confidence": 1})
            column._offer_constants(batch)
        batch._forget_check()
        return True

    @api.model
    def _replace(self, batch, layout, saved_mapping):
        """Store the columns of a list that was just read.

        :param saved_mapping: as given to the reading; its headings need no second look
        """
        batch.column_ids.sudo().unlink()
        keys = heading_keys(match.heading for match in layout.matches)
        self.create(
            [
                {
                    "batch_id": batch.id,
                    "index": match.index,
                    "heading": match.heading,
                    "samples": " · ".join(layout.samples.get(match.index, ())),
                    "field_key": match.key,
                    "confidence": 1 if key in saved_mapping else match.confidence,
                    "unit": match.unit or 0,
                }
                for key, match in zip(keys, layout.matches, strict=True)
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
        words = [context, *columns.mapped("heading"), *columns.mapped("samples")]
        words = " ".join(filter(None, words))
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
