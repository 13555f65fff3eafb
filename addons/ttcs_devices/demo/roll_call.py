"""Listeners and roll calls of one commune: two that are over, one that runs."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle

from odoo import fields
from odoo.api import Environment
from odoo.fields import Command, Domain

from odoo.addons.ttcs_assets.demo.province import SILENT

MARKER = "ttcs_devices.demo_roll_call"
# Three in four hear it well; nobody answers for the last of nine.
TOLD = ("clear", "clear", "noisy", "clear", "clear", "silent", "clear", "clear", None)
WEEKS_AGO = (2, 1)


def call_demo_rolls(env: Environment) -> None:
    """Write them once, in the commune of the demo officer."""
    env = env(su=True, context={**env.context, **SILENT})
    parameters = env["ir.config_parameter"]
    if parameters.get_param(MARKER):
        return
    officer = env["res.users"].search([("login", "=", "xa.thanhbinh")])
    agency = officer.ttcs_person_ids.assignment_ids.agency_id[:1]
    _write_listeners(env, agency)
    for weeks in WEEKS_AGO:
        _put_back(_call(env, agency, told=TOLD, close=True), timedelta(weeks=weeks))
    _call(env, agency, told=TOLD[:4], close=False)
    env["ttcs.roll.call.plan"].create(
        {
            "name": "Chiều thứ hai hằng tuần",
            "agency_id": agency.id,
            "place_ids": [Command.set(agency.unit_id.ids)],
            "begins_at": 17.0,
            "on_air": "Bản tin chiều của xã",
        }
    )
    parameters.set_param(MARKER, "1")


def _write_listeners(env: Environment, agency) -> None:
    """One for each hamlet of the commune where a cluster stands."""
    clusters = env["maintenance.equipment"].search(
        Domain("commune_id", "=", agency.unit_id.id)
        & Domain("family", "=", "cluster")
        & Domain("life_state", "=", "in_use")
    )
    env["ttcs.listener"].create(
        [
            {
                "name": f"Trưởng {unit.full_name[:1].lower()}{unit.full_name[1:]}",
                "phone": unit.head_phone or f"0900 000 {number:03}",
                "unit_id": unit.id,
                "agency_id": agency.id,
            }
            for number, unit in enumerate(clusters.unit_id.sorted("full_name"), 1)
        ]
    )


def _call(env: Environment, agency, *, told, close: bool):
    call = env["ttcs.roll.call"].create(
        {
            "agency_id": agency.id,
            "place_ids": [Command.set(agency.unit_id.ids)],
            "begins_at": fields.Datetime.now() - timedelta(minutes=1),
            "minutes": 240,
            "scope": "all",
            "on_air": "Bản tin chiều của xã",
        }
    )
    call.action_call()
    answers = cycle(told)
    for line in call.line_ids if close else call.line_ids[:: len(told)]:
        answer = next(answers)
        listener = env["ttcs.listener"].search([("unit_id", "=", line.unit_id.id)], limit=1)
        if answer and listener:
            line.answer_ids._note_answers(line, answer, "listener", listener_id=listener.id)
    if close:
        call.action_close()
    return call


def _put_back(call, span: timedelta) -> None:
    """Let a roll call have been earlier; its guards are lifted for this alone."""
    call.env.flush_all()
    cursor = call.env.cr
    for table, own in (("ttcs_roll_call_line", "roll_call_id"), ("ttcs_roll_call", "id")):
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            f"UPDATE {table} SET begins_at = begins_at - %s, ends_at = ends_at - %s"
            f" WHERE {own} = %s",
            [span, span, call.id],
        )
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    call.env.invalidate_all()
