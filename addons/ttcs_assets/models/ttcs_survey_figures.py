from markupsafe import Markup

from odoo import api, fields, models

from ..survey import (
    BY_KEY,
    COMMUNE_COUNTS,
    COUNTS,
    INDICATORS,
    LINES,
    RATIOS,
    SECTIONS,
    PlaceFigures,
    ratio_text,
    records_of,
    summed,
)


class TtcsSurvey(models.Model):
    """The figures of a survey, asked of the register as of its map date."""

    _inherit = "ttcs.survey"

    totals_html = fields.Html(compute="_compute_totals_html", string="Figures", sanitize=False)
    live_difference_count = fields.Integer(
        compute="_compute_live_difference_count", string="Figures that differ from the register"
    )

    def _parameters(self, unit=None):
        """What the statements of ``survey.statement`` ask for."""
        self.ensure_one()
        terms = self._terms()
        return {
            "on": self.map_date,
            "year": terms.year,
            "target": terms.target,
            "lang": self.env.lang or "en_US",
            "path": (unit or self.unit_id).parent_path,
        }

    def _fetch_items(self, statement, unit=None):
        self.env.flush_all()
        self.env.cr.execute(statement, self._parameters(unit))
        return self.env.cr.dictfetchall()

    def _register_counts(self, unit=None):
        """The counts of the register for every commune at once; one query.

        :param unit: a place of any level, by default the survey's area
        :returns: ``({commune id: counts by key}, [PlaceFigures that belong to no commune])``
        """
        counts, outside = {}, []
        for row in self._fetch_items(COUNTS, unit):
            commune, is_split = row.pop("commune_id"), row.pop("is_split")
            if commune:
                counts[commune] = row
                continue
            # Vietnamese on purpose: a row of the official tables.
            name = "Chưa xác định xã sau sắp xếp" if is_split else "Không thuộc xã, phường"
            outside.append(PlaceFigures("", name, "", row))
        return counts, outside

    def _register_lines(self, unit=None):
        """Stations with their clusters, and clusters without one, by commune; one query."""
        return self._fetch_items(LINES, unit)

    def _register_totals(self, unit=None):
        """The counts of a place of any level, what belongs to no commune included."""
        counts, outside = self._register_counts(unit)
        return summed([*counts.values(), *(place.counts for place in outside)])

    def _records_of(self, key, unit):
        """Ids of the assets or places that a count of the register counts in a place."""
        self.env.flush_all()
        self.env.cr.execute(records_of(BY_KEY[key]), self._parameters(unit))
        return [record for (record,) in self.env.cr.fetchall()]

    @api.depends("sheet_ids.state")
    def _compute_totals_html(self):
        labels = dict(
            self.env["ttcs.survey.figure"]._fields["indicator"]._description_selection(self.env)
        )
        for survey in self:
            survey.totals_html = survey.state != "draft" and survey._totals_html(labels)

    def _totals_html(self, labels):
        totals = self._sheet_totals()
        sections = dict(
            self.env["ttcs.survey.figure"]._fields["section"]._description_selection(self.env)
        )
        return self.env["ir.qweb"]._render(
            "ttcs_assets.ttcs_survey_totals",
            {
                "ratios": self._ratio_tiles(totals),
                "communes": self._commune_tiles(),
                "sections": [
                    (
                        sections[section],
                        [
                            (labels[each.key], f"{totals[each.key]:,}".replace(",", "."))
                            for each in INDICATORS
                            if each.section == section
                        ],
                    )
                    for section, _label, _words in SECTIONS
                ],
            },
        )

    @api.model
    def _ratio_tiles(self, totals):
        """Label and value of each ratio, "no figures yet" without a denominator."""
        labels = {
            "average_clusters": self.env._("Average clusters per station"),
            "share_ip": self.env._("Stations converted to IP"),
            "share_working": self.env._("Clusters that work"),
            "share_hamlets": self.env._("Hamlets with sound"),
            "share_residential": self.env._("Residential clusters with sound"),
        }
        return [
            (labels[ratio.key], ratio_text(totals, ratio) or self.env._("No figures yet"))
            for ratio in RATIOS
        ]

    def _commune_tiles(self):
        """Label and "n/N" of how many communes have a station, IP, a board at the office."""
        self.ensure_one()
        labels = {
            "communes_with_station": self.env._("Communes with a station"),
            "communes_with_ip": self.env._("Communes with an IP station"),
            "communes_with_office_board": self.env._(
                "Communes with an electronic board at the office"
            ),
        }
        wanted = [count.of for count in COMMUNE_COUNTS]
        groups = dict(
            self.env["ttcs.survey.figure"]._read_group(
                [
                    ("survey_id", "=", self.id),
                    ("indicator", "in", wanted),
                    ("counted_value", ">", 0),
                ],
                ["indicator"],
                ["__count"],
            )
        )
        return [
            (labels[count.key], f"{groups.get(count.of, 0)}/{self.sheet_count}")
            for count in COMMUNE_COUNTS
        ]

    def _compute_live_difference_count(self):
        for survey in self:
            if survey.state == "draft" or not survey.map_date:
                survey.live_difference_count = 0
                continue
            counts, _outside = survey._register_counts()
            rows = self.env["ttcs.survey.figure"].search_fetch(
                [("survey_id", "=", survey.id)], ["unit_id", "indicator", "value"]
            )
            survey.live_difference_count = sum(
                row.value != counts.get(row.unit_id.id, {}).get(row.indicator, 0) for row in rows
            )

    @api.model
    def _tiles_html(self, tiles):
        """Tiles for a form, label above value."""
        return Markup("").join(
            Markup('<div class="o_ttcs_tile"><span>{}</span><strong>{}</strong></div>').format(
                label, value
            )
            for label, value in tiles
        )
