from datetime import timedelta

from odoo.tests import tagged

from .maintenance_common import MaintenanceCase


@tagged("post_install", "-at_install")
class TestMaintenanceYear(MaintenanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_rule(unit_id=cls.province.id, every=1, step="day")
        cls.env["ttcs.maintenance.rule"]._expand(cls.today + timedelta(days=2))
        cls.manager = cls.make_user(cls.committee_c, "maintenance_manager")
        cls.leader = cls.make_user(cls.department, "leader")

    def year(self, user, **options):
        year = self.today.year
        found = self.occurrences.with_user(user).get_year(year, task_id=self.task.id, **options)
        return {row["id"]: row for row in found["rows"]}

    def month_of(self, row, day):
        return row["months"][day.month - 1]

    def test_months_count_by_commune_and_state(self):
        first = self.due(self.cluster)[0]
        first._skip("Đường ngập")
        rows = self.year(self.leader)
        cells = rows[self.commune_c.id]["months"]
        dates = self.due(self.cluster) | self.due(self.cluster_at_commune)
        this_year = dates.filtered(lambda each: each.due_date.year == self.today.year)
        total = sum(count for cell in cells for count in cell.values())
        self.assertEqual(total, len(this_year))
        self.assertEqual(self.month_of(rows[self.commune_c.id], self.today)["skipped"], 1)
        self.assertIn(self.commune_g.id, rows)

    def test_what_is_past_its_day_is_late_and_nothing_else(self):
        with self.on(self.today + timedelta(days=1)):
            cell = self.month_of(self.year(self.leader)[self.commune_c.id], self.today)
        self.assertEqual(cell["late"], 2)

    def test_a_commune_sees_its_own_and_every_date_of_its_assets(self):
        self.assertEqual(set(self.year(self.manager)), {self.commune_c.id})
        rows = self.year(self.manager, commune_id=self.commune_c.id)
        row = rows[self.cluster.id]
        days = [day for _id, day, _state in row["dates"]]
        expected = [
            each.due_date.timetuple().tm_yday
            for each in self.due(self.cluster)
            if each.due_date.year == self.today.year
        ]
        self.assertEqual(days, expected)
        self.assertFalse(self.year(self.manager, commune_id=self.commune_g.id))

    def test_the_calendar_counts_by_commune_task_and_day(self):
        days = self.env["ttcs.maintenance.day"].with_user(self.leader)
        today = [("due_date", "=", self.today), ("task_id", "=", self.task.id)]
        entry = days.search([*today, ("place_id", "=", self.commune_c.id)])
        self.assertEqual((len(entry), entry.occurrence_count), (1, 2))
        listed = self.occurrences.search(entry.action_occurrences()["domain"])
        self.assertEqual(listed.equipment_id, self.cluster | self.cluster_at_commune)
        self.assertFalse(
            days.with_user(self.manager).search([*today, ("place_id", "=", self.commune_g.id)])
        )

    def test_the_year_costs_the_same_for_many(self):
        def ask(count):
            self.env["ttcs.maintenance.rule"]._expand(self.today + timedelta(days=count))
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.year(self.leader)
            return self.env.cr.sql_log_count - before

        ask(5)
        self.assertEqual(ask(10), ask(90))
