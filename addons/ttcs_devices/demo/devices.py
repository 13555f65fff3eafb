"""Registers, fits and enrols demo devices on clusters and boards of a few communes."""

from __future__ import annotations

import json

from odoo.api import Environment
from odoo.fields import Command, Domain

from odoo.addons.ttcs_assets.demo.people import new_password
from odoo.addons.ttcs_assets.demo.province import SILENT
from odoo.addons.ttcs_assets.demo.write_people import LANGUAGE, TIMEZONE, Credentials

MARKER = "ttcs_devices.demo_devices"
SERIAL = "MP-"  # mô phỏng: simulated
FLEET = 60
OPERATOR_LOGIN, OPERATOR_TITLE = "vanhanh", "Cán bộ vận hành của Sở"
# What goes wrong with whom, by the place in the fleet, so that every list has something to show.
FAULTS = {
    3: {"codes": ["horn"]},
    8: {"codes": ["amplifier", "temperature"]},
    14: {"clock_ahead": 180_000},
    20: {"clockless": True},
    26: {"codes": ["power", "battery"]},
    33: {"silent": True},
}
NOT_ENROLLED, SHUT_OUT, STORED = 4, 2, 3


def build_demo_devices(env: Environment) -> list[Credentials]:
    """Make them once, with an operator's account; gives the account with its password.

    Of a database that has them already the operator gets a new password.
    """
    env = env(su=True, context={**env.context, **SILENT})
    parameters = env["ir.config_parameter"]
    operator = env["res.users"].search([("login", "=", OPERATOR_LOGIN)])
    if parameters.get_param(MARKER):
        return [_credentials(operator)]
    _write_devices(env)
    parameters.set_param(MARKER, "1")
    return [_credentials(_write_operator(env))]


def enrol_demo_devices(env: Environment) -> list[dict]:
    """New credentials for each demo device, as the simulator reads them."""
    env = env(su=True, context={**env.context, **SILENT})
    demo = Domain("serial_no", "=like", f"{SERIAL}%")
    # Those at the end are left as a province would find them: not enrolled, shut out, in store.
    devices = env["ttcs.device"].search(
        demo & Domain("equipment_id", "!=", False) & Domain("state", "!=", "shut_out"), order="id"
    )[: FLEET - NOT_ENROLLED]
    accounts = []
    for number, device in enumerate(devices):
        told = device._enrol()
        accounts.append(
            {
                "code": told["dev"],
                "password": told["password"],
                "keys": told["keys"],
                "faults": FAULTS.get(number, {}),
            }
        )
    return accounts


def _write_devices(env: Environment) -> None:
    vendor = env["ttcs.device.vendor"].create({"name": "Thiết bị mô phỏng"})
    receiver, board = env["ttcs.device.model"].create(
        [
            {"vendor_id": vendor.id, "name": "Cụm loa IP", "purpose": "receiver"},
            {"vendor_id": vendor.id, "name": "Bảng tin", "purpose": "board"},
        ]
    )
    assets = _assets(env)
    devices = env["ttcs.device"].create(
        [
            {
                "model_id": (board if asset.family == "board" else receiver).id,
                "serial_no": f"{SERIAL}{number:04}",
                "agency_id": asset.agency_id.id,
            }
            for number, asset in enumerate(assets, 1)
        ]
    )
    for device, asset in zip(devices, assets, strict=True):
        device._fit(asset)
    env["ttcs.device"].create(
        [
            {
                "model_id": receiver.id,
                "serial_no": f"{SERIAL}{9000 + number}",
                "agency_id": assets[0].agency_id.id,
                "note": "Để thay thế khi hỏng.",
            }
            for number in range(STORED)
        ]
    )
    lost = devices[FLEET:]
    lost.write({"state": "enrolled"})
    env.flush_all()  # a step at a time: the database refuses two in one
    lost._shut_out("Mất khi tháo xuống sửa, chưa tìm thấy.")


def _assets(env: Environment):
    """Clusters and boards in use of the first communes, the officer's own commune first."""
    officer = env.ref("base.user_admin").search([("login", "=", "xa.thanhbinh")])
    own = officer.ttcs_person_ids.assignment_ids.agency_id.unit_id
    domain = Domain("life_state", "=", "in_use") & Domain("family", "in", ("cluster", "board"))
    equipment = env["maintenance.equipment"]
    first = equipment.search(domain & Domain("commune_id", "in", own.ids), order="id")
    others = equipment.search(
        domain & Domain("commune_id", "not in", own.ids), order="id", limit=200
    )
    return (first + others)[: FLEET + SHUT_OUT]


def _write_operator(env: Environment):
    department = (
        env["res.users"]
        .search([("login", "=", "taisan")])
        .ttcs_person_ids.assignment_ids.agency_id
    )
    user = env["res.users"].create(
        {
            "name": OPERATOR_TITLE,
            "login": OPERATOR_LOGIN,
            "email": f"{OPERATOR_LOGIN}@ttcs.example",
            "lang": LANGUAGE,
            "tz": TIMEZONE,
        }
    )
    person = env["ttcs.person"].create(
        {"name": user.name, "email": user.email, "user_id": user.id}
    )
    duties = env["ttcs.duty"].search([("code", "in", ("user", "devices_manager"))])
    env["ttcs.assignment"].create(
        {
            "person_id": person.id,
            "agency_id": department[:1].id,
            "position_id": env.ref("ttcs_base.ttcs_position_station_operator").id,
            "duty_ids": [Command.set(duties.ids)],
            "valid_from": department[:1].valid_from,
        }
    )
    return user


def _credentials(user) -> Credentials:
    password = new_password()
    user.password = password
    return {
        "login": user.login,
        "password": password,
        "title": OPERATOR_TITLE,
        "duty": "devices",
    }


def as_lines(accounts: list[dict]) -> str:
    """The file that the simulator reads: one JSON object a line."""
    return "".join(f"{json.dumps(account)}\n" for account in accounts)
