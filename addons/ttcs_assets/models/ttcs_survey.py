from dataclasses import asdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..survey import INDICATORS, SENT_STATES, PlaceFigures, Terms, summed

USUAL_TARGET = 15


class TtcsSurvey(models.Model):
    """A survey of the current state (đợt rà soát, đánh giá hiện trạng) of a place.

    Opening it gives every commune's office a sheet with the figures of the register on the map
    date.  The commune confirms or corrects them; the register itself never changes by that.
    Closing freezes the figures for good (``ttcs.survey.snapshot``); the database refuses any
    change after it.
    """

    _name = "ttcs.survey"
    _description = "Survey of the current state"
    _inherit = ["ttcs.round.mixin"]
    _fixed_once_open = frozenset({"agency_id", "unit_id", "map_date", "cluster_target", "year"})
    _order = "year desc, map_date desc, id desc"

    year = fields.Integer(
        required=True, default=lambda self: self.env.company._today().year, tracking=True
    )
    map_date = fields.Date(
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
        help="Figures and denominators are those of the places and assets of this day.",
    )
    opened_on = fields.Date(readonly=True, copy=False)
    cluster_target = fields.Integer(
        string="Wanted average of clusters",
        required=True,
        default=USUAL_TARGET,
        help="Stations with fewer clusters are shown; the target is an average, so none fails.",
    )
    state = fields.Selection(
        [("draft", "In preparation"), ("open", "Open"), ("closed", "Frozen")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    version = fields.Integer(readonly=True, default=1, copy=False, required=True)
    reopen_reason = fields.Char(string="Why it was reopened", readonly=True, copy=False)
    addressees = fields.Text(
        string="Report goes to", help="One per line, as the report's heading shall name them."
    )
    legal_document_ids = fields.Many2many(
        "ttcs.legal.document",
        string="Legal basis",
        default=lambda self: self._default_legal_document_ids(),
    )
    assessment = fields.Text(string="General assessment", copy=False)
    difficulties = fields.Text(copy=False)
    proposals = fields.Text(copy=False)
    outside_figures = fields.Json(readonly=True, copy=False)
    sheet_ids = fields.One2many("ttcs.survey.sheet", "survey_id", string="Sheets")
    # For record rules only: whose sheets a survey has is asked nowhere else through this field.
    scope_sheet_ids = fields.One2many(
        "ttcs.survey.sheet", "survey_id", groups=fields.NO_ACCESS, copy=False
    )
    sheet_count = fields.Integer(compute="_compute_sheet_counts", string="Number of communes")
    sent_count = fields.Integer(compute="_compute_sheet_counts", string="Sent")
    accepted_count = fields.Integer(compute="_compute_sheet_counts", string="Accepted")
    late_count = fields.Integer(compute="_compute_sheet_counts", string="Late")
    number_id = fields.Many2one(
        "ttcs.document.number", string="Tracking number", readonly=True, copy=False
    )
    snapshot_ids = fields.One2many("ttcs.survey.snapshot", "survey_id", readonly=True)
    file_ids = fields.One2many("ttcs.survey.file", "survey_id", string="Files")

    _target_positive = models.Constraint(
        "CHECK (cluster_target > 0)", "The wanted average of clusters is at least one."
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(survey)s is frozen: its figures, sheets and texts stay as they were reported. A "
            "manager may reopen it with a reason.",
            survey=diagnostics.message_detail,
        )
    )

    @api.model
    def _default_legal_document_ids(self):
        """Those of the last survey, else the decrees and decisions on the subject in force."""
        last = self.search([], limit=1).legal_document_ids
        wanted = ("nd_49_2024", "qd_135_2020", "tt_39_2020")
        references = [f"ttcs_base.ttcs_legal_document_{name}" for name in wanted]
        found = [self.env.ref(xmlid, raise_if_not_found=False) for xmlid in references]
        documents = last or self.env["ttcs.legal.document"].union(*filter(None, found))
        return documents.filtered(lambda document: document.status == "in_force")

    def _compute_sheet_counts(self):
        groups = self.env["ttcs.survey.sheet"]._read_group(
            [("survey_id", "in", self.ids)], ["survey_id", "state"], ["__count"]
        )
        late = dict(
            self.env["ttcs.survey.sheet"]._read_group(
                [("survey_id", "in", self.ids), ("is_late", "=", True)],
                ["survey_id"],
                ["__count"],
            )
        )
        for survey in self:
            counts = {state: count for owner, state, count in groups if owner.id == survey.id}
            survey.sheet_count = sum(counts.values())
            survey.sent_count = sum(counts.get(state, 0) for state in SENT_STATES)
            survey.accepted_count = counts.get("accepted", 0)
            survey.late_count = late.get(survey._origin, 0)

    @api.constrains("map_date", "due_date")
    def _check_dates(self):
        today = self.env.company._today()
        for survey in self:
            if survey.map_date > today:
                raise ValidationError(
                    self.env._(
                        "The map date of %(survey)s lies in the future; nobody knows the state "
                        "of that day. Choose today or earlier.",
                        survey=survey.name,
                    )
                )
            if survey.due_date < survey.map_date:
                raise ValidationError(
                    self.env._(
                        "The sheets of %(survey)s are due before its map date. Choose a later "
                        "due date.",
                        survey=survey.name,
                    )
                )

    def action_open(self):
        """Give every commune its sheet, filled from the register."""
        self.check_access("write")
        for survey in self:
            if survey.state != "draft":
                raise UserError(self.env._("%(survey)s was opened before.", survey=survey.name))
            counts, outside = survey._register_counts()
            survey._write_sheets(counts)
            survey._by_steps().write(
                {
                    "state": "open",
                    "opened_on": self.env.company._today(),
                    "outside_figures": [asdict(place) for place in outside],
                }
            )
            if not survey.sheet_count:
                raise UserError(
                    self.env._(
                        "No commune of %(area)s has an office on %(date)s. Load the province or "
                        "record the offices, or choose another map date.",
                        area=survey.unit_id.full_name,
                        date=survey.map_date.strftime("%d/%m/%Y"),
                    )
                )

    def _write_sheets(self, counts):
        """Sheets, lines and figures in one statement each, for any number of communes."""
        self.ensure_one()
        self.env.flush_all()
        self._insert_sheets()
        self._insert_lines(self._register_lines())
        self._insert_figures(counts)
        self.env.invalidate_all()

    def _insert_sheets(self):
        self.env.cr.execute(
            """
            INSERT INTO ttcs_survey_sheet (survey_id, year, agency_id, unit_id, due_date,
                state, create_uid, create_date, write_uid, write_date)
            SELECT DISTINCT ON (unit.id) %(survey)s, %(of_year)s, agency.id, unit.id,
                %(due)s, 'to_do', %(uid)s, now() AT TIME ZONE 'UTC',
                %(uid)s, now() AT TIME ZONE 'UTC'
            FROM ttcs_agency agency
            JOIN ttcs_unit unit ON unit.id = agency.unit_id
            WHERE agency.kind = 'commune_committee' AND unit.level = 3
                AND unit.parent_path LIKE %(path)s || '%%'
                AND agency.valid_from <= %(on)s
                AND (agency.valid_to IS NULL OR agency.valid_to >= %(on)s)
                AND unit.valid_from <= %(on)s
                AND (unit.valid_to IS NULL OR unit.valid_to >= %(on)s)
            ORDER BY unit.id, agency.sequence, agency.id
            """,
            {
                **self._parameters(),
                "survey": self.id,
                "of_year": self.year,
                "due": self.due_date,
                "uid": self.env.uid,
            },
        )

    @api.model
    def _as_relation(self, lines):
        """The register's lines as the SQL relation ``line``."""
        columns = ("commune_id", "station_id", "name", "kind", "converted_on", "technologies")
        columns += ("clusters", "working", "horns", "elsewhere")
        types = ("integer", "integer", "varchar", "varchar", "date", "varchar", *["integer"] * 4)
        arrays = [
            SQL("%s::" + kind + "[]", [line[column] for line in lines])
            for column, kind in zip(columns, types, strict=True)
        ]
        return SQL(
            "unnest(%s) AS line (%s)",
            SQL(", ").join(arrays),
            SQL(", ").join(map(SQL.identifier, columns)),
        )

    def _insert_lines(self, lines):
        """Lines of the register that the sheets of their communes do not have yet."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ttcs_survey_line (survey_id, sheet_id, station_id, name, kind,
                    converted_on, technologies, clusters, working, horns, elsewhere, is_station,
                    confirmed_kind, confirmed_converted_on, confirmed_clusters,
                    confirmed_working, confirmed_horns, differs, is_added)
                SELECT %s, sheet.id, line.station_id, line.name, line.kind, line.converted_on,
                    line.technologies, line.clusters, line.working, line.horns, line.elsewhere,
                    line.station_id IS NOT NULL, line.kind, line.converted_on, line.clusters,
                    line.working, line.horns, FALSE, FALSE
                FROM %s
                JOIN ttcs_survey_sheet sheet
                    ON sheet.survey_id = %s AND sheet.unit_id = line.commune_id
                WHERE NOT EXISTS (
                    SELECT FROM ttcs_survey_line known
                    WHERE known.sheet_id = sheet.id AND NOT known.is_added
                        AND known.station_id IS NOT DISTINCT FROM line.station_id)
                """,
                self.id,
                self._as_relation(lines),
                self.id,
            )
        )

    def _insert_figures(self, counts):
        communes = list(counts)
        places = [commune for commune in communes for _each in INDICATORS]
        keys = [indicator.key for _commune in communes for indicator in INDICATORS]
        values = [counts[commune][i.key] for commune in communes for i in INDICATORS]
        self.env.cr.execute(
            """
            INSERT INTO ttcs_survey_figure (survey_id, sheet_id, unit_id, indicator, section,
                sequence, value, confirmed_value, counted_value, differs)
            SELECT %(survey)s, sheet.id, sheet.unit_id, known.indicator, known.section,
                known.sequence, COALESCE(found.value, 0), COALESCE(found.value, 0),
                COALESCE(found.value, 0), FALSE
            FROM ttcs_survey_sheet sheet
            CROSS JOIN unnest(%(known)s::varchar[], %(sections)s::varchar[])
                WITH ORDINALITY AS known (indicator, section, sequence)
            LEFT JOIN unnest(%(places)s::integer[], %(keys)s::varchar[], %(values)s::integer[])
                AS found (commune_id, indicator, value)
                ON found.commune_id = sheet.unit_id AND found.indicator = known.indicator
            WHERE sheet.survey_id = %(survey)s
            """,
            {
                "survey": self.id,
                "known": [indicator.key for indicator in INDICATORS],
                "sections": [indicator.section for indicator in INDICATORS],
                "places": places,
                "keys": keys,
                "values": values,
            },
        )

    def _terms(self):
        """By what the counts of this survey are measured."""
        self.ensure_one()
        return Terms(self.map_date.year, self.cluster_target)

    def _sheet_totals(self):
        """The counts of the whole area as they stand: sent ones confirmed, the rest recorded.

        :returns: counts by key, what belongs to no commune included
        """
        self.ensure_one()
        groups = self.env["ttcs.survey.figure"]._read_group(
            [("survey_id", "=", self.id)], ["indicator"], ["counted_value:sum"]
        )
        return summed([dict(groups), *(place.counts for place in self._outside())])

    def _outside(self):
        """What belonged to no commune when the sheets were filled."""
        return [PlaceFigures(**values) for values in self.outside_figures or []]

    def action_open_sheets(self):
        return self._sheets_action(self.env._("Sheets"), [])

    def action_open_late(self):
        name = self.env._("Late sheets")
        return self._sheets_action(name, [("is_late", "=", True)])

    def _sheets_action(self, name, domain):
        self.ensure_one()
        return self.env["ttcs.today"]._list_action(
            f"{name}: {self.name}", "ttcs.survey.sheet", [("survey_id", "=", self.id), *domain]
        )

    def action_open_figures(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.ttcs_survey_figure_action"
        )
        action["domain"] = [("survey_id", "=", self.id)]
        action["context"] = {"search_default_group_indicator": 1}
        return action
