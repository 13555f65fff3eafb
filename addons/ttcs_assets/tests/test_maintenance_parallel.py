"""Two runs of the maintenance rules at the same moment, on real connections."""

from odoo.tests import tagged

from odoo.addons.ttcs_base.tests.parallel import ParallelCase

ASSETS = 6


@tagged("post_install", "-at_install")
class TestTwoRunsAtOnce(ParallelCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove)
        with self.committed() as env:
            kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
            unit = env["ttcs.unit"].create({"name": "Hai lần chạy", "kind_id": kind.id})
            agency = env["ttcs.agency"].create({"name": "Hai lần chạy", "unit_id": unit.id})
            env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm loa hai lần chạy {number}",
                        "category_id": env.ref(
                            "ttcs_assets.maintenance_equipment_category_cluster"
                        ).id,
                        "agency_id": agency.id,
                        "unit_id": unit.id,
                    }
                    for number in range(ASSETS)
                ]
            )
            task = env["ttcs.maintenance.task"].create({"name": "Hai lần chạy"})
            rule = env["ttcs.maintenance.rule"].create(
                {
                    "task_id": task.id,
                    "unit_id": unit.id,
                    "target": "family",
                    "family": "cluster",
                    "every": 1,
                    "step": "year",
                    "on_days_off": "keep",
                }
            )
            self.rule_id = rule.id
            self.horizon = env.company._today()

    def remove(self):
        """What these tests committed, by its name."""
        self.take_away(
            [
                "DELETE FROM maintenance_request WHERE equipment_id IN"
                " (SELECT id FROM maintenance_equipment WHERE name ->> 'en_US' LIKE %(name)s)",
                "DELETE FROM ttcs_maintenance_occurrence WHERE equipment_id IN"
                " (SELECT id FROM maintenance_equipment WHERE name ->> 'en_US' LIKE %(name)s)",
                "DELETE FROM maintenance_equipment WHERE name ->> 'en_US' LIKE %(name)s",
                "DELETE FROM ttcs_maintenance_rule WHERE task_id IN"
                " (SELECT id FROM ttcs_maintenance_task WHERE name ->> 'en_US' LIKE %(name)s)",
                "DELETE FROM ttcs_maintenance_task WHERE name ->> 'en_US' LIKE %(name)s",
                "DELETE FROM ttcs_placement WHERE unit_id IN"
                " (SELECT id FROM ttcs_unit WHERE name LIKE %(name)s)",
                "DELETE FROM ttcs_agency WHERE name LIKE %(name)s",
                "DELETE FROM ttcs_unit WHERE name LIKE %(name)s",
            ],
            {"name": "%ai lần chạy%"},
        )

    def occurrences(self, env):
        return env["ttcs.maintenance.occurrence"].search([("rule_id", "=", self.rule_id)])

    def test_two_plannings_write_each_date_once(self):
        self.in_both(lambda env: env["ttcs.maintenance.rule"]._expand(self.horizon))
        with self.committed() as env:
            self.assertEqual(len(self.occurrences(env)), ASSETS)

    def test_two_openings_open_each_order_once(self):
        with self.committed() as env:
            env["ttcs.maintenance.rule"]._expand(self.horizon)

        def open_all(env):
            while env["ttcs.maintenance.occurrence"]._open_chunk(2):
                pass

        self.in_both(open_all)
        with self.committed() as env:
            found = self.occurrences(env)
            self.assertEqual(set(found.mapped("state")), {"opened"})
            self.assertEqual(len(found.request_ids), ASSETS)

    def test_a_chunk_that_another_run_holds_is_left_to_it(self):
        with self.committed() as env:
            env["ttcs.maintenance.rule"]._expand(self.horizon)
        with self.committed() as first, self.committed() as second:
            self.assertEqual(first["ttcs.maintenance.occurrence"]._open_chunk(ASSETS), ASSETS)
            self.assertEqual(second["ttcs.maintenance.occurrence"]._open_chunk(ASSETS), 0)
