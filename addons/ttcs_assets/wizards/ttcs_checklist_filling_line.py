from odoo import api, fields, models
from odoo.exceptions import UserError

from ..maintenance import AnswerError, parse_figure, read_value
from ..models.maintenance_request_answering import GivenAnswer


class TtcsChecklistFillingLine(models.TransientModel):
    """A line of a checklist as it is being answered: none is not nought, so a figure is typed
    as text."""

    _name = "ttcs.checklist.filling.line"
    _description = "Line of a checklist being filled in"
    _inherit = ["ttcs.plausible.mixin"]
    _order = "sequence, id"

    filling_id = fields.Many2one("ttcs.checklist.filling", required=True, ondelete="cascade")
    line_id = fields.Many2one("ttcs.checklist.line", required=True, readonly=True)
    answer_id = fields.Many2one("ttcs.checklist.answer", readonly=True)
    known_at = fields.Datetime(readonly=True)
    sequence = fields.Integer(related="line_id.sequence", store=True)
    section = fields.Char(compute="_compute_shown")
    question = fields.Char(compute="_compute_shown")
    passes = fields.Char(compute="_compute_shown", string="What passes")
    kind = fields.Selection(related="line_id.kind", string="Kind of answer")
    required = fields.Boolean(related="line_id.required")
    yes_no = fields.Selection([("yes", "Yes"), ("no", "No")], string="Yes or no")
    figure = fields.Char()
    text = fields.Char()
    photo = fields.Binary(attachment=False)
    note = fields.Char()

    @api.depends("line_id", "answer_id")
    def _compute_shown(self):
        answers = self.env["ttcs.checklist.answer"]
        for line in self:
            shown = line.answer_id or answers.new(line.line_id._kept_values())
            line.section = shown.section
            line.question = shown.name
            line.passes = shown._limits_in_words()

    @api.model
    def _values_of(self, line, answer):
        if not answer:
            return {"line_id": line.id}
        measured = answer.kind in ("number", "meter")
        return {
            "line_id": line.id,
            "answer_id": answer.id,
            "known_at": answer.answered_at,
            "yes_no": answer.value_yes_no,
            "figure": f"{answer.value_number:g}" if measured else False,
            "text": answer.value_text,
            "note": answer.note,
        }

    def _given(self):
        """The answer as it was typed, ``None`` for none.

        :raises UserError: when it is not possible, naming the line
        """
        try:
            value = self._typed()
            if value is None and not (self.kind == "photo" and (self.photo or self.answer_id)):
                self._check_nothing_is_lost()
                return None
            value = read_value(self.kind, value)
        except AnswerError as error:
            raise UserError(self._problem(error.reason)) from error
        note = (self.note or "").strip()
        return GivenAnswer(self.line_id.id, value, note, fields.Datetime.now())

    def _check_nothing_is_lost(self):
        """:raises UserError: for a note without an answer, and for an answer that was emptied"""
        if self.answer_id:
            raise UserError(
                self.env._(
                    "“%(question)s” was answered before. An answer can be corrected but not "
                    "emptied.",
                    question=self.question,
                )
            )
        if (self.note or "").strip():
            raise UserError(
                self.env._(
                    "“%(question)s” has a note but no answer. Answer it, or put the note into "
                    "what was found.",
                    question=self.question,
                )
            )

    def _typed(self):
        if self.kind == "yes_no":
            return self.yes_no or None
        if self.kind in ("number", "meter"):
            text = (self.figure or "").strip()
            return parse_figure(text) if text else None
        return (self.text or "").strip() or None if self.kind == "text" else None

    def _problem(self, reason):
        question = self.question
        if reason == "not_number":
            return self.env._("“%(question)s”: enter a figure.", question=question)
        if reason == "ambiguous":
            return self.env._(
                "“%(question)s”: thousand or decimal? Write 12500 or 12,5, without a point.",
                question=question,
            )
        if reason == "too_long":
            return self.env._("“%(question)s”: shorten the text.", question=question)
        return self.env._("“%(question)s”: this figure is not possible.", question=question)

    def _keep_photos(self):
        order = self.filling_id.request_id
        order.invalidate_recordset(["answer_ids"])
        answers = {answer.line_id: answer.id for answer in order.answer_ids}
        self.env["ttcs.order.photo"].create(
            [
                {
                    "request_id": order.id,
                    "moment": "line",
                    "answer_id": answers[line.line_id],
                    "image": line.photo,
                }
                for line in self
            ]
        )
