from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..survey import SENT_STATES, of_lines, summed

OPEN_STATES = ("to_do", "returned")
# What a commune writes on its sheet itself; everything else follows from its buttons.
WRITTEN_BY_COMMUNE = {
    "assessment",
    "difficulties",
    "proposals",
    "line_ids",
    "hamlet_figure_ids",
    "residential_figure_ids",
    "board_figure_ids",
    "figure_ids",
    "message_follower_ids",
}


class TtcsSurveySheet(models.Model):
    """What one commune confirms or corrects in a survey."""

    _name = "ttcs.survey.sheet"
    _description = "Sheet of a survey"
    _inherit = ["ttcs.round.sheet.mixin"]
    _order = "survey_id desc, unit_id, id"
    _rec_name = "agency_id"
    _round_field = "survey_id"
    _awaited_states = OPEN_STATES

    survey_id = fields.Many2one(
        "ttcs.survey", required=True, readonly=True, index=True, ondelete="cascade"
    )
    agency_id = fields.Many2one(
        "ttcs.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "ttcs.unit",
        string="Commune",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    unit_code = fields.Char(related="unit_id.code", string="Code")
    year = fields.Integer(related="survey_id.year", store=True)
    survey_state = fields.Selection(related="survey_id.state", string="State of the survey")
    map_date = fields.Date(related="survey_id.map_date")
    state = fields.Selection(
        [
            ("to_do", "To be checked"),
            ("confirmed", "Confirmed"),
            ("corrected", "Corrected"),
            ("returned", "Returned"),
            ("accepted", "Accepted"),
        ],
        required=True,
        readonly=True,
        default="to_do",
        index=True,
        group_expand=True,
    )
    confirmed_by = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    confirmed_at = fields.Datetime(readonly=True)
    return_reason = fields.Char(string="Why it was returned", readonly=True)
    assessment = fields.Text(string="General assessment")
    difficulties = fields.Text()
    proposals = fields.Text()
    line_ids = fields.One2many("ttcs.survey.line", "sheet_id", string="Stations")
    figure_ids = fields.One2many("ttcs.survey.figure", "sheet_id", string="Figures")
    hamlet_figure_ids = fields.One2many(
        "ttcs.survey.figure",
        "sheet_id",
        domain=[("section", "in", ("hamlets", "residential"))],
        string="Hamlets and residential clusters",
    )
    board_figure_ids = fields.One2many(
        "ttcs.survey.figure", "sheet_id", domain=[("section", "=", "boards")], string="Boards"
    )
    file_ids = fields.One2many("ttcs.survey.file", "sheet_id", string="Files")
    number_id = fields.Many2one("ttcs.document.number", string="Tracking number", readonly=True)
    difference_count = fields.Integer(compute="_compute_difference_count")
    ratios_html = fields.Html(compute="_compute_ratios_html", string="Shares", sanitize=False)
    may_accept = fields.Boolean(related="survey_id.may_run", related_sudo=False)
    is_editable = fields.Boolean(compute="_compute_is_editable")
    register_change_count = fields.Integer(
        compute="_compute_register_change_count",
        string="Figures that changed in the register",
        help="Since the sheet was filled from it.",
    )

    _survey_agency_unique = models.Constraint(
        "UNIQUE (survey_id, agency_id)", "This office has a sheet in this survey already."
    )
    _sent_has_author = models.Constraint(
        "CHECK (state IN ('to_do', 'returned') OR"
        " (confirmed_by IS NOT NULL AND confirmed_at IS NOT NULL))",
        "A sheet that was sent says by whom and when.",
    )
    _returned_has_reason = models.Constraint(
        "CHECK (state <> 'returned' OR COALESCE(return_reason, '') <> '')",
        "A sheet is returned with a reason.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(survey)s is frozen: its sheets stay as they were reported.",
            survey=diagnostics.message_detail,
        )
    )

    @api.depends("agency_id.name", "survey_id.name")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = f"{sheet.survey_id.name}, {sheet.agency_id.name}"

    @api.depends("state", "survey_id.state")
    def _compute_is_editable(self):
        for sheet in self:
            sheet.is_editable = sheet.state in OPEN_STATES and sheet.survey_id.state == "open"

    @api.depends("figure_ids.differs", "line_ids.differs")
    def _compute_difference_count(self):
        domain = [("sheet_id", "in", self.ids), ("differs", "=", True)]
        counts = dict(
            self.env["ttcs.survey.figure"]._read_group(domain, ["sheet_id"], ["__count"])
        )
        lines = dict(self.env["ttcs.survey.line"]._read_group(domain, ["sheet_id"], ["__count"]))
        for sheet in self:
            # A corrected station whose counts stay the same, such as another day, counts too.
            sheet.difference_count = counts.get(sheet._origin, 0) or lines.get(sheet._origin, 0)

    def _compute_register_change_count(self):
        for survey, sheets in self.grouped("survey_id").items():
            counts, _outside = survey._register_counts(
                sheets.unit_id if len(sheets) == 1 else None
            )
            for sheet in sheets:
                now = counts.get(sheet.unit_id.id, {})
                sheet.register_change_count = sheet.is_editable and sum(
                    figure.value != now.get(figure.indicator, 0) for figure in sheet.figure_ids
                )

    @api.depends("figure_ids.confirmed_value")
    def _compute_ratios_html(self):
        for sheet in self:
            counts = summed([{f.indicator: f.confirmed_value for f in sheet.figure_ids}])
            sheet.ratios_html = sheet.survey_id._tiles_html(sheet.survey_id._ratio_tiles(counts))

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        return super().write(vals)

    def _check_may_write(self, vals):
        """What the commune does not write itself, only who runs the survey writes: a due date."""
        if set(vals) - WRITTEN_BY_COMMUNE:
            if set(vals) - WRITTEN_BY_COMMUNE - {"due_date"}:
                raise AccessError(
                    self.env._("A sheet changes its state by its buttons and not otherwise.")
                )
            self.survey_id.check_access("write")
        if set(vals) & WRITTEN_BY_COMMUNE - {"message_follower_ids"}:
            self._check_editable()

    def _check_editable(self):
        for sheet in self:
            if not sheet.is_editable:
                states = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "The sheet of %(agency)s is %(state)s and cannot be changed. Ask who "
                        "runs the survey to return it.",
                        agency=sheet.agency_id.name,
                        state=states[sheet.state].lower(),
                    )
                )

    def action_refill(self):
        """Take the register's figures again; what the commune has corrected stays."""
        self.check_access("write")
        self.lock_for_update()
        self._check_editable()
        for survey, sheets in self.grouped("survey_id").items():
            # sudo: the access to the sheets was checked; the register's side nobody writes.
            survey.sudo()._refill(sheets.sudo())
        for sheet in self:
            sheet.message_post(body=self.env._("The figures of the register were taken again."))

    def action_send(self):
        """The commune stands by its figures: confirmed, or corrected where they differ."""
        self.check_access("write")
        self._check_editable()
        for sheet in self:
            number = sheet.number_id or self.env["ttcs.document.series"]._issue(
                sheet.agency_id, "survey_sheet", sheet, sheet.year
            )
            # sudo: who may write the sheet sends it; the fields themselves nobody writes.
            sheet.sudo().write(
                {
                    "state": "corrected" if sheet.difference_count else "confirmed",
                    "confirmed_by": self.env.uid,
                    "confirmed_at": fields.Datetime.now(),
                    "return_reason": False,
                    "number_id": number.id,
                }
            )
        self._update_counted_values()

    def action_accept(self):
        """Who runs the survey takes the sheet as it is."""
        self.survey_id.check_access("write")
        for sheet in self:
            if sheet.state not in ("confirmed", "corrected"):
                raise UserError(
                    self.env._(
                        "%(agency)s has not sent its sheet, so there is nothing to accept.",
                        agency=sheet.agency_id.name,
                    )
                )
        # sudo: checked above; see action_send.
        self.sudo().write({"state": "accepted"})

    def _return(self, reason):
        """Give sheets back to their communes with a reason."""
        self.survey_id.check_access("write")
        for sheet in self:
            if sheet.state not in SENT_STATES:
                raise UserError(
                    self.env._(
                        "%(agency)s has not sent its sheet, so there is nothing to return.",
                        agency=sheet.agency_id.name,
                    )
                )
            # sudo: checked above; see action_send.
            sheet.sudo().write({"state": "returned", "return_reason": reason})
            sheet.sudo().message_post(body=self.env._("Returned: %(reason)s", reason=reason))
        self._update_counted_values()

    def _update_counted_values(self):
        """Bring what the area's totals count in step with the state of these sheets."""
        self.figure_ids.sudo()._update_counted_value()  # sudo: follows from the state alone

    def action_ask_return(self):
        return self.env["ttcs.survey.reason"]._ask(self)

    def action_open_assets(self):
        """The assets in use in the commune."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.maintenance_equipment_action"
        )
        action["domain"] = [("commune_id", "=", self.unit_id.id), ("life_state", "=", "in_use")]
        return action

    def _carry_lines(self):
        """Let the counts that follow from the stations say what the stations say."""
        self.env.flush_all()
        note = self.env._("Corrected station by station.")
        for sheet in self:
            lines = [line._confirmed() for line in sheet.line_ids]
            counts = of_lines(lines, sheet.survey_id._terms())
            for figure in sheet.figure_ids.filtered("follows_stations"):
                said = counts[figure.indicator]
                if said != figure.confirmed_value:
                    # sudo: follows from lines that the user may write.
                    figure.sudo().write(
                        {
                            "confirmed_value": said,
                            "note": note if said != figure.value else False,
                        }
                    )

    def action_report_pdf(self):
        return self.survey_id._report_action("pdf", self)

    def action_report_docx(self):
        return self.survey_id._report_action("docx", self)

    def action_report_xlsx(self):
        return self.survey_id._report_action("xlsx", self)
