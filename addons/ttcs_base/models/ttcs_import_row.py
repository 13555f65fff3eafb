import json

from odoo import api, fields, models

VERDICTS = [
    ("question", "Question"),
    ("refused", "Refused"),
    ("duplicate", "Repeated"),
    ("update", "Changed"),
    ("new", "New"),
    ("same", "Same"),
    ("skipped", "No record"),
]


class TtcsImportRow(models.Model):
    """A row of the sheet, what the check said of it, and what became of it.

    Written only by the engine: what is to be stored in the register cannot be slipped in here.
    """

    _name = "ttcs.import.row"
    _description = "Row of an import"
    _order = "batch_id desc, attention, number, id"
    _rec_name = "label"
    _log_access = False

    batch_id = fields.Many2one("ttcs.import.batch", required=True, ondelete="cascade")
    batch_state = fields.Selection(related="batch_id.state")
    number = fields.Integer(string="Row", required=True, help="As shown in Excel.")
    label = fields.Char(string="Record")
    verdict = fields.Selection(VERDICTS, required=True)
    attention = fields.Integer(help="Order in which a person should look at the rows.")
    has_remarks = fields.Boolean(string="With remarks")
    message = fields.Text(string="Explanation")
    values = fields.Json()
    values_text = fields.Text(compute="_compute_values_text", string="As read")
    vals = fields.Json(string="To be written")
    changes = fields.Json()
    links = fields.Json()
    key = fields.Char()
    stage = fields.Integer()
    res_model = fields.Char(related="batch_id.res_model")
    res_id = fields.Many2oneReference(model_field="res_model", string="Record id")
    is_written = fields.Boolean(string="Written")
    question_id = fields.Many2one("ttcs.import.question", ondelete="set null", index=True)
    question_options = fields.Json(related="question_id.options", string="Answers")
    question_answer = fields.Char(related="question_id.answer", string="Answer")

    _number_unique = models.Constraint(
        "UNIQUE (batch_id, number)", "This row has been read already."
    )
    _to_write = models.Index("(batch_id, stage, number) WHERE verdict IN ('new', 'update')")
    _by_attention = models.Index("(batch_id, attention, number)")

    @api.depends("values")
    def _compute_values_text(self):
        for batch, rows in self.grouped("batch_id").items():
            specs = batch._import_kind().by_key
            for row in rows:
                row.values_text = "\n".join(
                    f"{specs[key].label}: {value}"
                    for key, value in (row.values or {}).items()
                    if key in specs and value not in (None, False, "")
                )

    def action_open_record(self):
        """Open the record that the row has become or means."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_answer(self, value):
        """Answer the question of this row, for all rows that write the same."""
        self.ensure_one()
        return self.question_id.action_answer(value)

    @api.model
    def _replace(self, batch, records, question_ids):
        """Store the rows of the latest check in place of those of an earlier one."""
        self.env.cr.execute("DELETE FROM ttcs_import_row WHERE batch_id = %s", [batch.id])
        rank = {verdict: position for position, (verdict, _label) in enumerate(VERDICTS)}
        self.env.cr.execute_values(
            """
            INSERT INTO ttcs_import_row (
                batch_id, number, label, verdict, attention, has_remarks, message, values,
                vals, changes, links, key, stage, res_id, is_written, question_id
            ) VALUES %s
            """,
            [
                (
                    batch.id,
                    record.number,
                    record.label,
                    record.verdict,
                    rank[record.verdict] * 2 - bool(record.remarks and not record.settled),
                    bool(record.remarks),
                    record.explanation or None,
                    json.dumps(record.values) if record.values else None,
                    json.dumps(record.vals) if record.vals else None,
                    json.dumps([[c.name, c.before] for c in record.changes])
                    if record.changes
                    else None,
                    json.dumps(record.links) if record.links else None,
                    record.key or None,
                    record.stage,
                    record.res_id,
                    False,
                    question_ids.get(record.question),
                )
                for record in records
            ],
            page_size=1000,
        )
        self.env.invalidate_all()
