import re

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..invariants import CONSTRAINTS, TRIGGERS, Invariant
from .common import TtcsCase

RAISED = re.compile(r"CONSTRAINT = '(\w+)'.*?TABLE = '(\w+)'", re.DOTALL)


@tagged("post_install", "-at_install")
class TestInvariants(TtcsCase):
    """The database is compared with what the models rely on."""

    def setUp(self):
        super().setUp()
        self.invariants = self.env["ttcs.invariant"]
        registry = self.env.registry
        self.addCleanup(
            setattr, registry, "ttcs_missing_invariants", registry.ttcs_missing_invariants
        )

    def test_nothing_is_missing(self):
        self.assertEqual(self.invariants._missing(), [])
        self.assertGreaterEqual(set(self.invariants._invariants()), {*CONSTRAINTS, *TRIGGERS})

    def test_every_guarantee_is_missed_when_it_is_gone(self):
        self.env.cr.execute("SELECT conname FROM pg_constraint WHERE contype <> 't'")
        constraints = {name for (name,) in self.env.cr.fetchall()}
        for invariant in CONSTRAINTS:
            is_constraint = invariant.name in constraints
            with self.subTest(invariant=invariant):
                self.assert_noticed(
                    f"ALTER TABLE {invariant.table} DROP CONSTRAINT {invariant.name} CASCADE"
                    if is_constraint
                    else f"DROP INDEX {invariant.name}",
                    invariant,
                )
        for invariant in TRIGGERS:
            for statement in (
                f"DROP TRIGGER {invariant.name} ON {invariant.table}",
                f"ALTER TABLE {invariant.table} DISABLE TRIGGER {invariant.name}",
            ):
                with self.subTest(statement=statement):
                    self.assert_noticed(statement, invariant)

    def assert_noticed(self, statement, invariant):
        """The statement makes this invariant, and no other, missing; then it is undone."""
        with self.env.cr.savepoint() as savepoint:
            # A table that was written in this transaction has deferred work left, and cannot
            # be altered before it is done.
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self.env.cr.execute(statement)
            self.assertEqual(self.invariants._missing(), [invariant])
            savepoint.rollback()

    def test_model_that_lacks_a_guarantee_refuses_to_be_written(self):
        person = self.make_person(self.committee_g)
        self.env.cr.execute(
            "ALTER TABLE ttcs_assignment DROP CONSTRAINT ttcs_assignment_no_overlap"
        )
        with self.assertLogs("odoo.addons.ttcs_base.models.ttcs_invariant", "ERROR") as logged:
            self.invariants._note_missing()
        self.assertIn("ttcs_assignment_no_overlap", logged.output[0])
        with self.assert_refused(UserError) as refusal:
            self.assign(person, self.committee_e)
        self.assertIn("ttcs_assignment_no_overlap", str(refusal.exception))
        with self.assert_refused(UserError):
            person.assignment_ids.valid_to = self.today
        person.phone = "0904"
        self.assertEqual(person.partner_id.phone, "0904")

    def test_nightly_job_has_every_process_compare_when_something_changed(self):
        registry = self.env.registry
        self.addCleanup(setattr, registry, "registry_invalidated", registry.registry_invalidated)
        self.invariants._cron_compare()
        self.assertFalse(registry.registry_invalidated)
        self.env.cr.execute("DROP TRIGGER ttcs_unit_parent_is_kept ON ttcs_unit")
        with self.assertLogs("odoo.addons.ttcs_base.models.ttcs_invariant", "ERROR"):
            self.invariants._cron_compare()
        self.assertTrue(registry.registry_invalidated)
        with self.assert_refused(UserError):
            self.make_unit("Không bảo đảm", parent=self.province)

    def test_installing_again_repairs_the_triggers(self):
        self.env.cr.execute("DROP TRIGGER ttcs_unit_extends_reach ON ttcs_unit")
        self.assertEqual(
            self.invariants._missing(), [Invariant("ttcs_unit", "ttcs_unit_extends_reach")]
        )
        self.invariants._install_triggers()
        self.assertEqual(self.invariants._missing(), [])

    def test_every_refusal_of_a_trigger_has_words_for_the_user(self):
        raised = set(RAISED.findall("\n".join(self.invariants._trigger_sql())))
        self.assertIn(("ttcs_unit_parent_is_kept", "ttcs_unit"), raised)
        for name, table in raised:
            messages = [
                model._table_objects[name].message
                for model in self.env.registry.values()
                if model._table == table and name in model._table_objects
            ]
            self.assertTrue(any(messages), f"{name} of {table} has no TriggerConstraint")
