import doctest
from datetime import date

from odoo.tests import tagged

from ..survey import INDICATORS, catalogue, of_lines
from .survey_common import MAP_DATE, SurveyCase

OF_C = {
    "stations_total": 4,
    "stations_fm": 1,
    "stations_ip": 1,
    "stations_mixed": 1,
    "stations_unknown": 1,
    "stations_with_ip": 2,
    "stations_converted": 1,
    "stations_below_target": 3,
    "clusters_total": 18,
    "clusters_working": 17,
    "clusters_broken": 1,
    "clusters_horns": 33,
    "hamlets_total": 3,
    "hamlets_heard": 1,
    "hamlets_silent": 1,
    "hamlets_none": 1,
    "residential_total": 2,
    "residential_heard": 1,
    "residential_none": 1,
    "boards_total": 4,
    "boards_electronic": 2,
    "boards_office_electronic": 1,
    "boards_at_office": 1,
    "boards_at_market": 1,
    "boards_at_square": 1,
    "boards_at_other": 1,
    "boards_good": 1,
    "boards_degraded": 1,
    "boards_broken": 1,
    "boards_stopped": 1,
    "boards_under_5_years": 1,
    "boards_under_10_years": 1,
    "boards_over_10_years": 1,
    "boards_age_unknown": 1,
}


@tagged("post_install", "-at_install")
class TestSurveyFigures(SurveyCase):
    maxDiff = None

    def register(self, day=MAP_DATE, unit=None, **values):
        survey = self.make_survey(map_date=day, **values).sudo()
        return survey._register_counts(unit)

    def test_every_kind_of_figure_is_the_one_counted_by_hand(self):
        counts, outside = self.register()
        found = {key: value for key, value in counts[self.commune_c.id].items() if value}
        self.assertEqual(found, OF_C)
        self.assertEqual(outside, [])
        self.assertEqual(counts[self.commune_g.id]["clusters_total"], 1)
        self.assertEqual(counts[self.commune_g.id]["stations_total"], 0)

    def test_figures_are_those_of_the_records_themselves(self):
        counts, _outside = self.register()
        in_use = (
            self.env["maintenance.equipment"]
            .search([("commune_id", "=", self.commune_c.id), ("life_state", "=", "in_use")])
            .with_context(ttcs_as_of=MAP_DATE)
        )
        clusters = in_use.filtered(lambda asset: asset.family == "cluster")
        stations = in_use.filtered(lambda asset: asset.family == "station")
        boards = in_use.filtered(lambda asset: asset.family == "board")
        hamlets = (self.hamlet_c | self.hamlet_c2 | self.hamlet_c3).mapped("sound")
        recounted = {
            "stations_total": len(stations),
            **{
                f"stations_{kind}": stations.mapped("station_kind").count(kind)
                for kind in ("wired", "fm", "ip", "mixed")
            },
            "stations_below_target": sum(station.cluster_count < 15 for station in stations),
            "clusters_total": len(clusters),
            "clusters_broken": clusters.mapped("condition").count("broken"),
            "clusters_horns": sum(clusters.mapped("horn_count")),
            "hamlets_heard": hamlets.count("heard"),
            "hamlets_silent": hamlets.count("silent"),
            "hamlets_none": hamlets.count("none"),
            "boards_total": len(boards),
            "boards_at_market": boards.mapped("board_site").count("market"),
        }
        # The module's own count of clusters includes what is not in use.
        recounted["stations_below_target"] = sum(
            len(clusters.filtered(lambda c, s=station: c.station_id == s)) < 15
            for station in stations
        )
        found = counts[self.commune_c.id]
        self.assertEqual({key: found[key] for key in recounted}, recounted)

    def test_a_map_date_in_the_past_asks_the_places_and_technologies_of_that_day(self):
        counts, _outside = self.register(date(2026, 2, 28))
        of_c = counts[self.commune_c.id]
        self.assertEqual((of_c["stations_fm"], of_c["stations_ip"]), (2, 0))
        self.assertEqual(of_c["stations_converted"], 0)
        before, _outside = self.register(date(2025, 6, 30))
        self.assertNotIn(self.commune_c.id, before)
        self.assertEqual(before[self.commune_a.id]["hamlets_total"], 1)

    def test_an_asset_counts_where_it_stood_on_the_map_date(self):
        self.cluster.invalidate_recordset()
        self.env["ttcs.placed.mixin"]._placed_on(date(2026, 7, 15))
        self.cluster.unit_id = self.hamlet_c3
        self.env.flush_all()
        before, _outside = self.register(MAP_DATE)
        after, _outside = self.register(date(2026, 8, 1))
        self.assertEqual(before[self.commune_c.id]["hamlets_none"], 1)
        self.assertEqual(after[self.commune_c.id]["hamlets_none"], 0)

    def test_assets_of_an_ended_commune_count_for_what_it_became(self):
        self.make_asset("board", self.committee_a, self.commune_a, in_use_date="2024-01-01")
        counts, outside = self.register()
        self.assertEqual(counts[self.commune_c.id]["boards_total"], 5)
        before, _outside = self.register(date(2025, 6, 30))
        self.assertEqual(before[self.commune_a.id]["boards_total"], 1)
        self.assertEqual(outside, [])

    def test_assets_of_a_split_commune_wait_beside_the_communes_and_count_once(self):
        self.make_asset("station", self.committee_d, self.hamlet_d, in_use_date="2024-01-01")
        counts, outside = self.register()
        split = [place for place in outside if place.counts["stations_total"]]
        self.assertEqual([place.counts["stations_total"] for place in split], [1])
        self.assertIn("sau sắp xếp", split[0].name)
        for successor in (self.commune_e, self.commune_f):
            self.assertEqual(counts[successor.id]["stations_total"], 0)
        totals = self.make_survey().sudo()._register_totals()
        self.assertEqual(totals["stations_total"], 5)

    def test_an_asset_of_the_province_itself_belongs_to_no_commune(self):
        self.make_asset("board", self.department, self.province, in_use_date="2024-01-01")
        _counts, [outside] = self.register()
        self.assertEqual(outside.counts["boards_total"], 1)
        self.assertEqual(outside.name, "Không thuộc xã, phường")

    def test_figures_of_a_commune_and_of_the_province_come_from_one_statement(self):
        survey = self.make_survey().sudo()
        alone = survey._register_totals(self.commune_c)
        self.assertEqual({key: value for key, value in alone.items() if value}, OF_C)
        self.assertEqual(survey._register_totals()["clusters_total"], 19)

    def test_lines_and_statement_count_the_same(self):
        survey = self.open_survey()
        for sheet in survey.sheet_ids:
            lines = of_lines([line._confirmed() for line in sheet.line_ids], survey._terms())
            register = {f.indicator: f.value for f in sheet.figure_ids}
            self.assertEqual(lines, {key: register[key] for key in lines}, sheet.display_name)

    def test_cluster_whose_station_is_elsewhere_counts_where_it_stands(self):
        self.make_clusters(self.fm, self.hamlet_g, 2)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ttcs_placement SET valid_from = '2025-07-01' WHERE valid_from > %s",
            [MAP_DATE],
        )
        survey = self.open_survey()
        sheet_g = self.sheet_of(survey, self.commune_g)
        self.assertEqual(self.figure(sheet_g, "clusters_total").value, 3)
        self.assertEqual(sheet_g.line_ids.mapped("is_station"), [False])
        [line] = self.sheet_of(survey, self.commune_c).line_ids.filtered(
            lambda each: each.station_id == self.fm
        )
        self.assertEqual((line.clusters, line.elsewhere), (0, 2))

    def test_every_figure_opens_exactly_what_it_counts(self):
        survey = self.open_survey()
        sheet = self.sheet_of(survey, self.commune_c)
        for figure in sheet.figure_ids.filtered(lambda f: f.indicator != "clusters_horns"):
            action = figure.action_open_records()
            records = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(len(records), figure.value, figure.indicator)

    def test_examples_of_the_catalogue_hold(self):
        outcome = doctest.testmod(catalogue)
        self.assertGreater(outcome.attempted, 0)
        self.assertEqual(outcome.failed, 0)

    def test_catalogue_has_each_figure_once_and_counts_partition(self):
        keys = [indicator.key for indicator in INDICATORS]
        self.assertEqual(len(keys), len(set(keys)))
        counts, _outside = self.register()
        for of in counts.values():
            boards = [of[key] for key in keys if key.startswith("boards_at_")]
            self.assertEqual(sum(boards), of["boards_total"])
            ages = ("under_5_years", "under_10_years", "over_10_years", "age_unknown")
            self.assertEqual(sum(of[f"boards_{age}"] for age in ages), of["boards_total"])
            kinds = ("wired", "fm", "ip", "mixed", "unknown")
            self.assertEqual(sum(of[f"stations_{k}"] for k in kinds), of["stations_total"])
            heard = ("heard", "silent", "none")
            self.assertEqual(sum(of[f"hamlets_{state}"] for state in heard), of["hamlets_total"])

    def test_queries_do_not_grow_with_communes(self):
        district = self.make_unit("Huyện Đông", "district", self.province)

        def communes(count):
            units = self.env["ttcs.unit"].create(
                [
                    {
                        "name": f"Xã đông {self.env.cr.sql_log_count} {number}",
                        "code": f"Z{self.env.cr.sql_log_count}-{number}",
                        "kind_id": self.commune_g.kind_id.id,
                        "parent_id": district.id,
                        "valid_from": "2021-01-01",
                    }
                    for number in range(count)
                ]
            )
            self.env["ttcs.agency"].create(
                [
                    {
                        "name": f"UBND {unit.name}",
                        "unit_id": unit.id,
                        "kind": "commune_committee",
                        "valid_from": "2021-01-01",
                    }
                    for unit in units
                ]
            )
            self.env.flush_all()

        queries = []
        self.open_survey()
        for more in (10, 200):
            communes(more)
            survey = self.make_survey()
            queries.append(self.count_queries(survey.action_open))
            self.assertGreaterEqual(survey.sheet_count, more)
        self.assertLessEqual(queries[1], queries[0])
