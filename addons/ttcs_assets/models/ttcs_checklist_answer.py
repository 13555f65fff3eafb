from odoo import api, fields, models
from odoo.tools.misc import formatLang, get_lang

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..maintenance import AnswerError, Limits, read_value, verdict
from .ttcs_checklist_line import DIGITS, EXPECTED, KINDS, SEVERITIES

YES_NO = [("yes", "Yes"), ("no", "No")]
VERDICTS = [("passed", "Passed"), ("failed", "Not passed")]


class TtcsChecklistAnswer(models.Model):
    """What was answered to a line of an order's checklist, with the line as it was then.

    Written by ``maintenance.request._answer`` only, which checks the rights to the order and
    never writes over what somebody else answered later.
    """

    _name = "ttcs.checklist.answer"
    _description = "Answer to a checklist"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "request_id, sequence, id"

    request_id = fields.Many2one(
        "maintenance.request",
        string="Work order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    equipment_id = fields.Many2one(related="request_id.equipment_id", string="Asset")
    line_id = fields.Many2one(
        "ttcs.checklist.line", required=True, readonly=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(readonly=True)
    section = fields.Char(readonly=True)
    name = fields.Char(string="Question", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, string="Kind of answer")
    uom = fields.Char(string="Unit", readonly=True)
    has_lowest = fields.Boolean(required=True, readonly=True, default=False)
    lowest = fields.Float(digits=DIGITS, required=True, readonly=True, default=0)
    has_highest = fields.Boolean(required=True, readonly=True, default=False)
    highest = fields.Float(digits=DIGITS, required=True, readonly=True, default=0)
    expected = fields.Selection(
        EXPECTED, required=True, readonly=True, default="yes", string="Answer that passes"
    )
    opens_corrective = fields.Boolean(required=True, readonly=True, default=False)
    severity = fields.Selection(SEVERITIES, required=True, readonly=True, default="minor")
    days_until_due = fields.Integer(required=True, readonly=True, default=10)
    advice = fields.Char(readonly=True)
    value_yes_no = fields.Selection(YES_NO, string="Yes or no", readonly=True)
    value_number = fields.Float(string="Figure", digits=DIGITS, readonly=True)
    value_text = fields.Text(string="Text", readonly=True)
    shown_value = fields.Char(compute="_compute_shown_value", string="Answer")
    shown_limits = fields.Char(compute="_compute_shown_limits", string="What passes")
    verdict = fields.Selection(VERDICTS, required=True, readonly=True, index=True)
    note = fields.Text(readonly=True)
    answered_at = fields.Datetime(required=True, readonly=True)
    answered_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    corrective_ids = fields.One2many("maintenance.request", "source_answer_id", string="Repair")

    _line_once = models.Constraint(
        "UNIQUE (request_id, line_id)", "This line of the checklist is answered already."
    )
    _value_fits = models.Constraint(
        """CHECK (CASE kind
            WHEN 'yes_no' THEN COALESCE(value_yes_no, '') IN ('yes', 'no')
            WHEN 'text' THEN COALESCE(trim(value_text), '') <> ''
            WHEN 'number' THEN COALESCE(abs(value_number) < 1e9, false)
            WHEN 'meter' THEN COALESCE(value_number >= 0 AND value_number < 1e7, false)
            ELSE true END)""",
        "An answer is of the kind that its line asks for.",
    )
    _verdict_fits = models.Constraint(
        """CHECK (verdict = CASE
            WHEN kind = 'yes_no' AND expected <> 'any' AND value_yes_no <> expected
                THEN 'failed'
            WHEN kind IN ('number', 'meter') AND (
                (has_lowest AND value_number < lowest)
                OR (has_highest AND value_number > highest)) THEN 'failed'
            ELSE 'passed' END)""",
        "The verdict follows from the answer and its limits.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "“%(order)s” is closed, so the answers to its checklist stay as they are. Reopen the "
            "work order to correct them.",
            order=diagnostics.message_detail,
        )
    )

    def _value(self):
        """The value of the answer's kind; ``None`` for a photo."""
        self.ensure_one()
        if self.kind == "photo":
            return None
        return self[_column(self.kind)]

    @api.model
    def _columns_of(self, shape, value):
        """The columns that hold a value, with its verdict.

        :param shape: the line or the answer that says what is asked
        :raises AnswerError: when the value is not of that kind
        """
        value = read_value(shape.kind, value)
        limits = Limits(
            shape.lowest if shape.has_lowest else None,
            shape.highest if shape.has_highest else None,
        )
        passes = {"verdict": verdict(shape.kind, value, shape.expected, limits)}
        return passes if shape.kind == "photo" else {_column(shape.kind): value, **passes}

    def _is_same(self, one):
        """Whether this was answered before; a value of a wrong kind was not."""
        try:
            value = read_value(self.kind, one.value)
        except AnswerError:
            return False
        return self._value() == value and (self.note or "") == (one.note or "")

    @api.depends("kind", "value_yes_no", "value_number", "value_text", "uom")
    def _compute_shown_value(self):
        yes_no = dict(self._fields["value_yes_no"]._description_selection(self.env))
        for answer in self:
            if answer.kind == "yes_no":
                answer.shown_value = yes_no.get(answer.value_yes_no, "")
            elif answer.kind in ("number", "meter"):
                answer.shown_value = answer._figure(answer.value_number)
            elif answer.kind == "photo":
                answer.shown_value = self.env._("see the photos")
            else:
                answer.shown_value = answer.value_text

    @api.depends("kind", "expected", "has_lowest", "lowest", "has_highest", "highest", "uom")
    def _compute_shown_limits(self):
        for answer in self:
            answer.shown_limits = answer._limits_in_words()

    def _limits_in_words(self):
        self.ensure_one()
        if self.kind == "yes_no":
            expected = dict(self._fields["expected"]._description_selection(self.env))
            return expected[self.expected]
        lowest, highest = self._figure(self.lowest), self._figure(self.highest)
        if self.has_lowest and self.has_highest:
            if lowest == highest:
                return self.env._("must be %(figure)s", figure=lowest)
            return self.env._("%(lowest)s to %(highest)s", lowest=lowest, highest=highest)
        if self.has_lowest:
            return self.env._("at least %(lowest)s", lowest=lowest)
        if self.has_highest:
            return self.env._("at most %(highest)s", highest=highest)
        return ""

    def _figure(self, value):
        return self._figure_in_words(value, self.uom)

    @api.model
    def _figure_in_words(self, value, uom):
        """A figure with its unit, without decimals that are nought."""
        text = formatLang(self.env, value, digits=3)
        point = get_lang(self.env).decimal_point
        if point in text:
            text = text.rstrip("0").removesuffix(point)
        return " ".join(filter(None, (text, uom)))


def _column(kind):
    """The field that holds the value of a kind of line."""
    return {"yes_no": "value_yes_no", "text": "value_text"}.get(kind, "value_number")
