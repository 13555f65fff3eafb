"""Each guard is dropped in turn, and the tests that need it must turn red.

A guard whose loss no test notices is a guard that the next change may lose.  The drop happens
inside the transaction of the tests themselves, so nothing outlives it.
"""

from __future__ import annotations

import itertools
import unittest
from collections.abc import Callable, Sequence

import pytest
from test_access_matrix import TestAccessMatrix
from test_guarantees import TestGuarantees

import odoo
from odoo import SUPERUSER_ID, api
from odoo.tests.common import get_db_name

from odoo.addons.ttcs_assets.tagging import KeyRing
from odoo.addons.ttcs_assets.tests.test_asset_decision import TestAssetDecisionFreeze
from odoo.addons.ttcs_assets.tests.test_checklist import TestChecklist, TestChecklistFreeze
from odoo.addons.ttcs_assets.tests.test_custody import TestCustody, TestHandover
from odoo.addons.ttcs_assets.tests.test_equipment import TestPlacement
from odoo.addons.ttcs_assets.tests.test_form_file import TestFormFile
from odoo.addons.ttcs_assets.tests.test_inventory_freeze import TestInventoryFreeze
from odoo.addons.ttcs_assets.tests.test_maintenance_opening import TestMaintenanceOpening
from odoo.addons.ttcs_assets.tests.test_maintenance_plan import TestMaintenancePlan
from odoo.addons.ttcs_assets.tests.test_order_cost import TestOrderCost, TestOrderWarranty
from odoo.addons.ttcs_assets.tests.test_order_guard import TestOrderGuard
from odoo.addons.ttcs_assets.tests.test_reform_assets import TestReformAssets
from odoo.addons.ttcs_assets.tests.test_service_contract import TestServiceContract
from odoo.addons.ttcs_assets.tests.test_survey_freeze import TestSurveyFreeze
from odoo.addons.ttcs_assets.tests.test_tag import TestTag
from odoo.addons.ttcs_base.tests.test_document_number import TestDocumentNumber
from odoo.addons.ttcs_base.tests.test_scope import TestScope
from odoo.addons.ttcs_base.tests.test_unit import TestUnit
from odoo.addons.ttcs_base.tests.test_unit_reach import TestUnitReach
from odoo.addons.ttcs_devices.tests.test_alarm import TestAlarm
from odoo.addons.ttcs_devices.tests.test_device import TestDevice
from odoo.addons.ttcs_devices.tests.test_device_connection import TestDeviceConnection
from odoo.addons.ttcs_devices.tests.test_device_dialogs import TestDeviceDialogs
from odoo.addons.ttcs_devices.tests.test_device_order import TestDeviceOrder, TestDeviceSettings
from odoo.addons.ttcs_devices.tests.test_reform_devices import TestReformDevices
from odoo.addons.ttcs_devices.tests.test_roll_call import TestListener, TestRollCall

# By the start of a table's name: what its triggers make possible.
TRIGGER_TESTS = {
    "ttcs_unit": (TestUnit, TestUnitReach),
    "ttcs_document": (TestDocumentNumber,),
    "ttcs_device": (
        TestDevice,
        TestDeviceConnection,
        TestReformDevices,
        TestDeviceOrder,
        TestDeviceSettings,
    ),
    "ttcs_alarm": (TestAlarm,),
    "ttcs_listener": (TestListener,),
    "ttcs_roll_call": (TestRollCall,),
    "ttcs_tele": (TestDeviceOrder,),
    "ttcs_form": (TestFormFile,),
    "ttcs_maintenance_plan": (TestMaintenancePlan,),
    "ttcs_meter": (TestMaintenanceOpening,),
    "ttcs_inventory": (TestInventoryFreeze,),
    "ttcs_asset_decision": (TestAssetDecisionFreeze,),
    "ttcs_custody": (TestCustody,),
    "ttcs_handover": (TestHandover,),
    "ttcs_order_part": (TestOrderCost,),
    "ttcs_order_labour": (TestOrderCost,),
    "ttcs_order_pause": (TestServiceContract,),
    "ttcs_survey": (TestSurveyFreeze,),
    "ttcs_tag": (TestTag,),
    "ttcs_checklist": (TestChecklistFreeze,),
    "ttcs_order_photo": (TestChecklistFreeze,),
    "maintenance_equipment": (TestPlacement, TestCustody, TestDevice),
    "maintenance_request": (
        TestChecklistFreeze,
        TestOrderCost,
        TestOrderGuard,
        TestOrderWarranty,
    ),
}


# Of models that no duty opens and of those that live for minutes; all others are in the matrix.
RULE_TESTS = {
    "ttcs.checklist.filling": TestChecklist,
    "ttcs.checklist.filling.line": TestChecklist,
    "hr.employee": TestScope,
    "hr.employee.public": TestScope,
    "ttcs.agency": TestScope,
    "ttcs.as.of": TestReformAssets,
    "ttcs.as.of.line": TestReformAssets,
    "ttcs.alarm.assign": TestAlarm,
    "ttcs.device.code": TestDeviceDialogs,
    "ttcs.device.fit": TestDeviceDialogs,
    "ttcs.device.order.reason": TestDeviceOrder,
    "ttcs.device.step": TestDeviceDialogs,
    "ttcs.maintenance.plan.return": TestMaintenancePlan,
    "ttcs.maintenance.postpone": TestMaintenanceOpening,
}


def read_registry(question: Callable[[api.Environment], list]) -> list:
    """Ask the test database something at collection time."""
    registry = odoo.modules.registry.Registry(get_db_name())
    with registry.cursor() as cursor:
        return question(api.Environment(cursor, SUPERUSER_ID, {}))


def guards(env: api.Environment) -> list[tuple[str, str, str]]:
    """Every invariant as (table, name, kind), kind being constraint, index or trigger."""
    env.cr.execute(
        """
        SELECT conname, 'constraint' FROM pg_constraint WHERE contype IN ('c', 'u', 'x')
        UNION ALL
        SELECT tgname, 'trigger' FROM pg_trigger
        """
    )
    kinds = dict(env.cr.fetchall())
    return [
        (invariant.table, invariant.name, kinds.get(invariant.name, "index"))
        for invariant in env["ttcs.invariant"]._invariants()
        if not invariant.name.endswith("_pkey")
    ]


def global_rules(env: api.Environment) -> list[tuple[str, str]]:
    """External ids of the suite's global record rules, and the model of each."""
    rules = env["ir.rule"].search([("global", "=", True)])
    names = rules.get_external_id()
    found = ((names[rule.id], rule.model_id.model) for rule in rules)
    return sorted(pair for pair in found if pair[0].startswith("ttcs_"))


def red(cases: Sequence[type], mutate: Callable[[api.Environment], None]) -> str:
    """What the first of the test classes that fails says; the mutation follows its set-up."""
    for case in cases:
        mutated = type(case.__name__, (case,), {"setUpClass": _with_mutation(case, mutate)})
        result = unittest.TestResult()
        result.failfast = True
        unittest.defaultTestLoader.loadTestsFromTestCase(mutated).run(result)
        if not result.wasSuccessful():
            told = result.failures + result.errors
            return "\n".join(f"{test}: {text}" for test, text in told)
    return ""


def _with_mutation(case: type, mutate: Callable[[api.Environment], None]) -> classmethod:
    def set_up(cls):
        super(cls, cls).setUpClass()
        cls.env.flush_all()
        mutate(cls.env)

    return classmethod(set_up)


def drop(table: str, name: str, kind: str) -> Callable[[api.Environment], None]:
    statement = {
        "constraint": f'ALTER TABLE {table} DROP CONSTRAINT "{name}"',
        "index": f'DROP INDEX "{name}"',
        "trigger": f'DROP TRIGGER "{name}" ON {table}',
    }[kind]

    def mutate(env: api.Environment) -> None:
        env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        env.cr.execute(statement)

    return mutate


def switch_off(xmlid: str) -> Callable[[api.Environment], None]:
    def mutate(env: api.Environment) -> None:
        env.ref(xmlid).active = False

    return mutate


def guarantee(name: str) -> type:
    """``TestGuarantees`` for one invariant: to ask all after each drop takes hours."""

    def invariants(self) -> list:
        return [one for one in TestGuarantees.invariants(self) if one.name == name]

    return type("TestGuarantee", (TestGuarantees,), {"invariants": invariants})


@pytest.mark.parametrize(
    "case",
    [
        *itertools.chain(*TRIGGER_TESTS.values()),
        *dict.fromkeys(RULE_TESTS.values()),
        TestGuarantees,
        TestAccessMatrix,
    ],
    ids=lambda case: case.__name__,
)
def test_the_tests_are_green_before_anything_is_dropped(case):
    assert not red([case], lambda env: None)


@pytest.mark.parametrize(("table", "name", "kind"), read_registry(guards))
def test_a_dropped_guarantee_is_noticed(table, name, kind):
    if kind == "trigger":
        cases = next(cases for start, cases in TRIGGER_TESTS.items() if table.startswith(start))
        assert red(cases, drop(table, name, kind))
    else:
        assert f"{name} is missing" in red([guarantee(name)], drop(table, name, kind))


@pytest.mark.parametrize(("xmlid", "model"), read_registry(global_rules))
def test_a_rule_switched_off_is_noticed(xmlid, model):
    members = {"models": lambda self: [model], "test_the_table_names_every_model": None}
    rows_of_model = type("TestRowsOfModel", (TestAccessMatrix,), members)
    assert red([RULE_TESTS.get(model, rows_of_model)], switch_off(xmlid))


def test_a_signature_that_is_not_checked_is_noticed(monkeypatch):
    monkeypatch.setattr(KeyRing, "verify", lambda self, code: code[:10])
    assert red([TestTag], lambda env: None)
