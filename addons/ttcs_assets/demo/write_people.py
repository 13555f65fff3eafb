"""Writes people, their assignments and the accounts; passwords are drawn here."""

from __future__ import annotations

from typing import TypedDict

from odoo.api import Environment
from odoo.fields import Command

from .people import ACCOUNTS, ADMINISTRATOR_TITLE, Account, Staff, new_password
from .places import Places
from .write_places import Ground

TIMEZONE, LANGUAGE = "Asia/Ho_Chi_Minh", "vi_VN"


class Credentials(TypedDict):
    """What the set-up prints of one account."""

    login: str
    password: str
    title: str
    duty: str


def write_staff(env: Environment, staff: Staff, ground: Ground) -> dict[str, int]:
    """Create the people without accounts and what they hold; ids by the person's key."""
    created = env["ttcs.person"].create([{"name": person.name} for person in staff.persons])
    persons = {person.key: row.id for person, row in zip(staff.persons, created, strict=True)}
    env["ttcs.assignment"].create(
        [
            {
                "person_id": persons[held.person_key],
                "agency_id": ground.agencies[held.commune_key],
                "position_id": _position(env, held.position),
                "decision": held.decision,
                "valid_from": held.valid_from,
                "valid_to": held.valid_to,
            }
            for held in staff.assignments
        ]
    )
    return persons


def write_accounts(env: Environment, places: Places, ground: Ground) -> list[Credentials]:
    """Create the accounts with their duties, and give the administrator a new password."""
    credentials = [_new_credentials(account) for account in ACCOUNTS]
    users = env["res.users"].create(
        [
            {
                "name": account.title,
                "login": account.login,
                "password": fresh["password"],
                # Without an address nobody can write a note to a record.
                "email": f"{account.login}@ttcs.example",
                "lang": LANGUAGE,
                "tz": TIMEZONE,
            }
            for account, fresh in zip(ACCOUNTS, credentials, strict=True)
        ]
    )
    persons = env["ttcs.person"].create(
        [{"name": user.name, "email": user.email, "user_id": user.id} for user in users]
    )
    duties = {duty.code: duty.id for duty in env["ttcs.duty"].search([])}
    offices = {"province": ground.province_agency, "department": ground.department}
    env["ttcs.assignment"].create(
        [
            {
                "person_id": person.id,
                "agency_id": offices.get(account.agency)
                or ground.agencies[places.commune_named(account.agency).key],
                "position_id": _position(env, account.position),
                "duty_ids": [Command.set([duties[code] for code in account.duties])],
                "valid_from": places.communes[0].valid_from,
            }
            for account, person in zip(ACCOUNTS, persons, strict=True)
        ]
    )
    administrator = env.ref("base.user_admin")
    if administrator.ttcs_person_ids:
        administrator.ttcs_person_ids.name = ADMINISTRATOR_TITLE
    return [_renewed_administrator(env), *credentials]


def renew_passwords(env: Environment) -> list[Credentials]:
    """Give the accounts new passwords: those given before are kept nowhere in the clear."""
    users = {user.login: user for user in env["res.users"].search([])}
    credentials = []
    for account in ACCOUNTS:
        if account.login in users:
            credentials.append(_new_credentials(account))
            users[account.login].password = credentials[-1]["password"]
    return [_renewed_administrator(env), *credentials]


def _new_credentials(account: Account) -> Credentials:
    return {
        "login": account.login,
        "password": new_password(),
        "title": account.title,
        "duty": account.duty,
    }


def _renewed_administrator(env: Environment) -> Credentials:
    administrator = env.ref("base.user_admin")
    password = new_password()
    administrator.password = password
    return {
        "login": administrator.login,
        "password": password,
        "title": ADMINISTRATOR_TITLE,
        "duty": "ADMIN",
    }


def _position(env: Environment, name: str) -> int:
    return env.ref(f"ttcs_base.ttcs_position_{name}").id
