from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..survey import BY_KEY, INDICATORS, SECTIONS, SENT_STATES

WRITTEN_BY_COMMUNE = {"confirmed_value", "note"}


class TtcsSurveyFigure(models.Model):
    """One count of a commune in a survey: as the register had it, and as the commune says.

    Counts that follow from the stations are corrected station by station
    (``ttcs.survey.line``); all others here, with a note that says why.
    """

    _name = "ttcs.survey.figure"
    _description = "Figure of a survey"
    _inherit = ["ttcs.guarded.mixin"]
    _order = "sheet_id, sequence, id"
    _rec_name = "indicator"
    _log_access = False

    sheet_id = fields.Many2one(
        "ttcs.survey.sheet", required=True, readonly=True, index=True, ondelete="cascade"
    )
    survey_id = fields.Many2one(
        "ttcs.survey", required=True, readonly=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(
        "ttcs.unit", string="Commune", required=True, readonly=True, ondelete="restrict"
    )
    indicator = fields.Selection(
        [(indicator.key, indicator.label) for indicator in INDICATORS],
        required=True,
        readonly=True,
        index=True,
    )
    section = fields.Selection(
        [(key, label) for key, label, _words in SECTIONS], required=True, readonly=True
    )
    sequence = fields.Integer(readonly=True)
    value = fields.Integer(string="In the register", readonly=True)
    confirmed_value = fields.Integer(string="As the commune says", required=True)
    difference = fields.Integer(compute="_compute_difference")
    differs = fields.Boolean(compute="_compute_differs", store=True)
    counted_value = fields.Integer(
        string="Counted",
        readonly=True,
        help="What totals add up: the commune's figure once it sent its sheet, until then the "
        "register's.",
    )
    note = fields.Char(help="Why the figure is another one.")
    follows_stations = fields.Boolean(compute="_compute_follows_stations")
    is_editable = fields.Boolean(related="sheet_id.is_editable")
    live_value = fields.Integer(compute="_compute_live_value", string="In the register now")

    _sheet_indicator_unique = models.Constraint(
        "UNIQUE (sheet_id, indicator)", "A sheet has each figure once."
    )
    _difference_has_note = models.Constraint(
        "CHECK (confirmed_value IS NOT DISTINCT FROM value OR COALESCE(note, '') <> '')",
        "A figure that differs from the register needs a note that says why.",
    )
    _not_negative = models.Constraint(
        "CHECK (confirmed_value >= 0)", "A number of things is not negative."
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(survey)s is frozen: its figures stay as they were reported.",
            survey=diagnostics.message_detail,
        )
    )

    @api.depends("value", "confirmed_value")
    def _compute_difference(self):
        for figure in self:
            figure.difference = figure.confirmed_value - figure.value

    @api.depends("value", "confirmed_value")
    def _compute_differs(self):
        for figure in self:
            figure.differs = figure.confirmed_value != figure.value

    @api.depends("indicator")
    def _compute_follows_stations(self):
        for figure in self:
            indicator = BY_KEY.get(figure.indicator)
            figure.follows_stations = bool(indicator and indicator.from_line)

    def _compute_live_value(self):
        for survey in self.survey_id:
            counts, _outside = survey._register_counts()
            for figure in self.filtered(lambda each, owner=survey: each.survey_id == owner):
                place = counts.get(figure.unit_id.id, {})
                figure.live_value = place.get(figure.indicator, 0)

    @api.constrains("value", "confirmed_value", "note")
    def _check_difference_has_note(self):
        for figure in self:
            if figure.confirmed_value != figure.value and not (figure.note or "").strip():
                labels = dict(self._fields["indicator"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "%(figure)s: the register has %(value)s, you say %(confirmed)s. Write "
                        "in the note why.",
                        figure=labels[figure.indicator],
                        value=figure.value,
                        confirmed=figure.confirmed_value,
                    )
                )

    def write(self, vals):
        if not self.env.su:
            if set(vals) - WRITTEN_BY_COMMUNE:
                raise AccessError(
                    self.env._("Of a figure only the commune's own value and note are written.")
                )
            self.sheet_id._check_editable()
            if "confirmed_value" in vals:
                self._check_is_own(vals["confirmed_value"])
        return super().write(vals)

    def _check_is_own(self, value):
        for figure in self:
            if figure.follows_stations and figure.confirmed_value != value:
                labels = dict(self._fields["indicator"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(figure)s follows from the stations. Correct it station by station.",
                        figure=labels[figure.indicator],
                    )
                )

    def _update_counted_value(self):
        """Let the totals count what the state of the sheet says."""
        for figure in self:
            sent = figure.sheet_id.state in SENT_STATES
            figure.counted_value = figure.confirmed_value if sent else figure.value

    def action_open_records(self):
        """The assets or places that the register counts here, so that they can be corrected."""
        self.ensure_one()
        self.check_access("read")
        ids = self.survey_id._records_of(self.indicator, self.unit_id)
        of_places = self.section in ("hamlets", "residential")
        labels = dict(self._fields["indicator"]._description_selection(self.env))
        return self.env["ttcs.today"]._list_action(
            f"{labels[self.indicator]}: {self.unit_id.full_name}",
            "ttcs.unit" if of_places else "maintenance.equipment",
            [("id", "in", ids)],
        )
