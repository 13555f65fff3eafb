from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.ttcs_base.models.trigger_constraint import TriggerConstraint

from ..survey import SENT_STATES, StationLine
from .ttcs_station_technology import TECHNOLOGIES

KINDS = [*TECHNOLOGIES, ("mixed", "Mixed")]
# What the commune says, beside what the register had: pairs of field names.
CONFIRMED = {
    "confirmed_kind": "kind",
    "confirmed_converted_on": "converted_on",
    "confirmed_clusters": "clusters",
    "confirmed_working": "working",
    "confirmed_horns": "horns",
}
WRITTEN_BY_COMMUNE = {*CONFIRMED, "is_gone", "note"}
WRITTEN_ON_ADDED = {*WRITTEN_BY_COMMUNE, "name", "sheet_id"}


class TtcsSurveyLine(models.Model):
    """A station on the sheet of its commune: what the register had and what the commune says.

    A line without a station holds the clusters of a commune whose station is elsewhere or not
    recorded, so that the lines of a sheet always sum to its clusters.  A commune adds a line
    for a station that the register lacks.
    """

    _name = "ttcs.survey.line"
    _description = "Station in a survey"
    _inherit = ["ttcs.guarded.mixin"]
    # Found from the sheet, whatever is given.
    _given_at_creation = frozenset({"survey_id"})
    _order = "sheet_id, is_station desc, name, id"
    _log_access = False

    sheet_id = fields.Many2one("ttcs.survey.sheet", required=True, index=True, ondelete="cascade")
    survey_id = fields.Many2one(
        "ttcs.survey", required=True, readonly=True, index=True, ondelete="cascade"
    )
    station_id = fields.Many2one("maintenance.equipment", readonly=True, ondelete="restrict")
    name = fields.Char(string="Name of the station")
    is_station = fields.Boolean(readonly=True, default=True)
    is_added = fields.Boolean(
        string="Not in the register", readonly=True, default=True, help="Added by the commune."
    )
    is_gone = fields.Boolean(string="Gone", help="This station does not exist any more.")
    kind = fields.Selection(KINDS, string="Kind in the register", readonly=True)
    technologies = fields.Char(string="Technologies with first days", readonly=True)
    technology_text = fields.Char(compute="_compute_technology_text", string="Technologies")
    converted_on = fields.Date(string="Converted on, in the register", readonly=True)
    clusters = fields.Integer(string="Clusters in the register", readonly=True)
    working = fields.Integer(string="Working, in the register", readonly=True)
    broken = fields.Integer(compute="_compute_broken", string="Broken, in the register")
    horns = fields.Integer(string="Loudspeakers in the register", readonly=True)
    elsewhere = fields.Integer(
        string="Clusters elsewhere", readonly=True, help="Its clusters in other communes."
    )
    confirmed_kind = fields.Selection(KINDS, string="Kind")
    confirmed_converted_on = fields.Date(string="Converted to IP on")
    confirmed_clusters = fields.Integer(string="Clusters")
    confirmed_working = fields.Integer(string="Working")
    confirmed_broken = fields.Integer(compute="_compute_broken", string="Broken")
    confirmed_horns = fields.Integer(string="Loudspeakers")
    note = fields.Char(help="Why the figures are others.")
    differs = fields.Boolean(compute="_compute_differs", store=True)
    below_target = fields.Boolean(compute="_compute_below_target")
    is_editable = fields.Boolean(related="sheet_id.is_editable")

    _sheet_station_unique = models.UniqueIndex(
        "(sheet_id, station_id) WHERE station_id IS NOT NULL",
        "A sheet has each station once.",
    )
    _counts_possible = models.Constraint(
        "CHECK (confirmed_clusters >= 0 AND confirmed_horns >= 0"
        " AND confirmed_working BETWEEN 0 AND confirmed_clusters)",
        "No number is negative, and no more clusters work than there are.",
    )
    _difference_has_note = models.Constraint(
        "CHECK (NOT differs OR COALESCE(note, '') <> '')",
        "A station that differs from the register needs a note that says why.",
    )
    _is_frozen = TriggerConstraint(
        lambda env, diagnostics: env._(
            "%(survey)s is frozen: its stations stay as they were reported.",
            survey=diagnostics.message_detail,
        )
    )

    @api.depends("name", "is_station")
    def _compute_display_name(self):
        without = self.env._("Clusters without a station here")
        for line in self:
            line.display_name = line.name if line.is_station else without

    @api.depends("technologies")
    def _compute_technology_text(self):
        words = dict(
            self.env["ttcs.station.technology"]
            ._fields["technology"]
            ._description_selection(self.env)
        )
        for line in self:
            line.technology_text = "; ".join(
                self.env._(
                    "%(technology)s since %(date)s",
                    technology=words[name],
                    date=day.strftime("%d/%m/%Y"),
                )
                for name, day in line._dated_technologies()
            )

    def _dated_technologies(self):
        """Pairs of technology and first day, as the register had them."""
        self.ensure_one()
        pairs = (pair.split(":") for pair in (self.technologies or "").split())
        return [(name, date.fromisoformat(day)) for name, day in pairs]

    @api.depends("clusters", "working", "confirmed_clusters", "confirmed_working")
    def _compute_broken(self):
        for line in self:
            line.broken = line.clusters - line.working
            line.confirmed_broken = line.confirmed_clusters - line.confirmed_working

    @api.depends("is_gone", "is_added", *CONFIRMED, *CONFIRMED.values())
    def _compute_differs(self):
        for line in self:
            line.differs = (
                line.is_gone
                or line.is_added
                or any(line[said] != line[had] for said, had in CONFIRMED.items())
            )

    @api.depends("is_gone", "confirmed_clusters", "elsewhere", "survey_id.cluster_target")
    def _compute_below_target(self):
        for line in self:
            said = line._confirmed()
            line.below_target = said.is_station and (
                said.all_clusters < line.survey_id.cluster_target
            )

    def _confirmed(self):
        """The line as the commune says, to be counted."""
        self.ensure_one()
        gone = self.is_gone
        return StationLine(
            is_station=self.is_station and not gone,
            kind=self.confirmed_kind or None,
            converted_on=self.confirmed_converted_on or None,
            clusters=0 if gone else self.confirmed_clusters,
            working=0 if gone else self.confirmed_working,
            horns=0 if gone else self.confirmed_horns,
            elsewhere=self.elsewhere,
        )

    def _counted(self):
        """The line as totals count it: as the commune says once it sent its sheet.

        :returns: None for a station that only an unsent sheet names
        """
        self.ensure_one()
        if self.sheet_id.state in SENT_STATES:
            return self._confirmed()
        if self.is_added:
            return None
        return StationLine(
            is_station=self.is_station,
            kind=self.kind or None,
            converted_on=self.converted_on or None,
            clusters=self.clusters,
            working=self.working,
            horns=self.horns,
            elsewhere=self.elsewhere,
        )

    @api.constrains("differs", "note", "name", "confirmed_kind", "confirmed_converted_on")
    def _check_correction(self):
        for line in self:
            station = line.display_name or self.env._("New station")
            if line.is_station and not line.name:
                raise ValidationError(self.env._("Name the station that you added."))
            if line.differs and not (line.note or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(station)s: you say something else than the register. Write in the "
                        "note why.",
                        station=station,
                    )
                )
            converted = bool(line.confirmed_converted_on)
            if line.confirmed_kind == "ip" and not converted:
                raise ValidationError(
                    self.env._("%(station)s uses IP: say since when.", station=station)
                )
            if line.confirmed_kind in ("wired", "fm") and converted:
                raise ValidationError(
                    self.env._(
                        "%(station)s has a date of conversion to IP, but its kind is another "
                        "one. Choose IP or mixed, or clear the date.",
                        station=station,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        sheets = self.env["ttcs.survey.sheet"].browse([vals["sheet_id"] for vals in vals_list])
        if not self.env.su:
            for vals in vals_list:
                self._check_written(vals, WRITTEN_ON_ADDED)
            sheets.check_access("write")
            sheets._check_editable()
        surveys = {sheet.id: sheet.survey_id.id for sheet in sheets}
        # sudo: the access to the sheet was checked; the survey follows from it.
        lines = super().create(
            [{**vals, "survey_id": surveys[vals["sheet_id"]]} for vals in vals_list]
        )
        lines.sheet_id._carry_lines()
        return lines

    def write(self, vals):
        if not self.env.su:
            for line in self:
                allowed = WRITTEN_ON_ADDED if line.is_added else WRITTEN_BY_COMMUNE
                self._check_written(vals, allowed - {"sheet_id"})
            self.sheet_id._check_editable()
        result = super().write(vals)
        self.sheet_id._carry_lines()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_added(self):
        if any(not line.is_added for line in self):
            raise UserError(
                self.env._(
                    "A station of the register stays on the sheet. Mark it as gone and say why."
                )
            )

    def unlink(self):
        if not self.env.su:
            self.sheet_id._check_editable()
        sheets = self.sheet_id
        result = super().unlink()
        sheets._carry_lines()
        return result

    @api.model
    def _check_written(self, vals, allowed):
        if set(vals) - allowed:
            raise AccessError(
                self.env._("Of a station only what the commune says and its note are written.")
            )

    def action_remove(self):
        """Take a line away that the commune added itself."""
        self.unlink()

    def action_open_assets(self):
        """The station and its clusters in the register; nothing here changes them."""
        self.ensure_one()
        assets = self.env["ttcs.today"]._list_action(
            self.display_name,
            "maintenance.equipment",
            [("station_id", "=", self.station_id.id), ("family", "in", ("station", "cluster"))],
        )
        if not self.station_id:
            ids = self.survey_id._records_of("clusters_total", self.sheet_id.unit_id)
            others = self.sheet_id.line_ids.station_id.ids
            assets["domain"] = [("id", "in", ids), ("station_id", "not in", others)]
        return assets
