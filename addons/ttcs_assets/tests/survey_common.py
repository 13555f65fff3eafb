"""A small network for the tests of surveys, and its figures counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

from .common import AssetsCase

MAP_DATE = date(2026, 6, 30)


class SurveyCase(AssetsCase):
    """C has three stations of all sorts, G one cluster without a station, E and F nothing.

    Before: ``AssetsCase`` gives C a station without a technology and two clusters, G a cluster.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (
            cls.station | cls.cluster | cls.cluster_at_commune | cls.cluster_g
        ).in_use_date = "2025-07-01"
        cls.cluster.horn_count = 3
        cls.fm = cls.make_station("Đài FM", fm=("2015-01-01", False))
        cls.ip = cls.make_station("Đài IP", fm=("2015-01-01", "2026-02-28"), ip=("2026-03-01",))
        cls.mixed = cls.make_station("Đài hỗn hợp", wired=("2015-01-01",), ip=("2024-05-05",))
        cls.hamlet_c2 = cls.make_unit("2", "hamlet", cls.commune_c, valid_from="2025-07-01")
        cls.hamlet_c3 = cls.make_unit("3", "hamlet", cls.commune_c, valid_from="2025-07-01")
        cls.group_c = cls.make_unit(
            "Cụm 1", "residential_cluster", cls.hamlet_c, valid_from="2025-07-01"
        )
        cls.make_unit("Cụm 2", "residential_cluster", cls.hamlet_c, valid_from="2025-07-01")
        cls.make_clusters(cls.ip, cls.group_c, 15, horn_count=2)
        cls.make_clusters(cls.ip, cls.hamlet_c2, 1, condition="broken")
        cls.make_clusters(cls.ip, cls.hamlet_c, 2, life_state="disposed")
        cls.make_clusters(cls.ip, cls.hamlet_c, 1, life_state="stored")
        for site, condition, since, electronic in (
            ("office", "good", "2025-07-01", True),
            ("market", "broken", "2020-01-01", True),
            ("square", "degraded", "2010-01-01", False),
            (False, "stopped", False, False),
        ):
            cls.make_asset(
                "board" if electronic else "board_plain",
                cls.committee_c,
                cls.commune_c,
                board_site=site,
                condition=condition,
                in_use_date=since,
                board_is_electronic=electronic,
            )
        cls.env.flush_all()
        # What was recorded today stood there before: the map date lies in the past.
        cls.env.cr.execute(
            """
            UPDATE ttcs_placement SET valid_from = '2025-07-01'
            WHERE model = 'maintenance.equipment' AND valid_from > '2025-07-01'
                AND agency_id = ANY(%s)
            """,
            [[cls.committee_c.id, cls.committee_g.id]],
        )
        cls.manager = cls.make_user(cls.department, "assets_manager")
        cls.officer_c = cls.make_user(cls.committee_c, "assets")
        cls.officer_g = cls.make_user(cls.committee_g, "assets")
        cls.leader = cls.make_user(cls.department, "leader")

    @classmethod
    def make_station(cls, name, **technologies):
        """A station in commune C with its technologies and their dates."""
        station = cls.make_asset(
            "station", cls.committee_c, cls.commune_c, name=name, in_use_date="2025-07-01"
        )
        cls.env["ttcs.station.technology"].create(
            [
                {
                    "station_id": station.id,
                    "technology": technology,
                    "valid_from": period[0],
                    "valid_to": period[1] if len(period) > 1 else False,
                }
                for technology, period in technologies.items()
            ]
        )
        return station

    @classmethod
    def make_clusters(cls, station, unit, count, **values):
        """Clusters of a station in a place, in use since the reform."""
        clusters = [
            cls.make_asset(
                "cluster",
                station.agency_id,
                unit,
                parent_asset_id=station.id,
                in_use_date="2025-07-01",
                **values,
            )
            for _number in range(count)
        ]
        return clusters[0].union(*clusters)

    @classmethod
    def make_survey(cls, **values):
        """A survey of the small province, in preparation, as its manager."""
        return (
            cls.env["ttcs.survey"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "Đợt rà soát thử",
                    "year": 2026,
                    "agency_id": cls.department.id,
                    "unit_id": cls.province.id,
                    "map_date": MAP_DATE,
                    "due_date": cls.today + timedelta(days=10),
                    **values,
                }
            )
        )

    @classmethod
    def open_survey(cls, **values):
        """An open survey with its sheets, as superuser."""
        survey = cls.make_survey(**values)
        survey.action_open()
        return survey.sudo()

    def sheet_of(self, survey, commune):
        """The sheet of a commune, or of several."""
        return survey.sheet_ids.filtered(lambda sheet: sheet.unit_id in commune)

    def own(self, commune, user):
        """The sheet of a commune in ``cls.survey`` as its officer has it."""
        return self.sheet_of(self.survey, commune).with_user(user)

    def figure(self, sheet, key):
        """One figure of a sheet."""
        return sheet.figure_ids.filtered(lambda figure: figure.indicator == key)

    def values(self, sheet):
        """The register's figures on a sheet that are not zero."""
        return {f.indicator: f.value for f in sheet.figure_ids if f.value}
