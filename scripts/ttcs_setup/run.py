"""``make run``: the suite with its demo province, until Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import signal

from . import environment, odoo_source
from .announce import say, step
from .database import DatabaseAddress
from .instance import Instance
from .locations import Locations
from .wire import Wire

DEVICES_PROGRAM = "scripts/odoo_programs/load_demo_devices.py"
PROVINCE_PROGRAM = "scripts/odoo_programs/load_demo_province.py"


def run(locations: Locations, arguments: list[str]) -> int:
    """Bring the suite up and stay until interrupted; ``--prepare`` stops before serving."""
    with prepared_instance(locations) as (instance, database):
        if "--prepare" in arguments:
            say("Ready; start it with: make run")
            return 0
        wire = Wire(locations, instance.secret("broker"))
        try:
            with step("Starting broker and bridge"):
                wire.start(database)
            with step("Starting Odoo"):
                instance.serve(database)
            show(locations)
            with contextlib.suppress(KeyboardInterrupt):
                assert instance.process is not None
                return instance.process.wait()
        finally:
            wire.stop()
    return 0


@contextlib.contextmanager
def prepared_instance(locations: Locations):
    """An instance with its database served and the demo province loaded."""
    locations.prepare()
    odoo = odoo_source.find_or_fetch(locations)
    environment.prepare(locations, odoo, for_tests=False)
    instance = Instance(locations, odoo, odoo_source.fonts_folder(locations), durable=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        instance.start_database_server()
        database = instance.prepare_database()
        instance.install(database)
        load_province(instance, database)
        load_devices(instance, database)
        yield instance, database
    finally:
        say("Stopping")
        instance.stop()
        say("Stopped; the data are kept. Start again with: make run")


def load_province(instance: Instance, database: DatabaseAddress) -> None:
    """Load the demo province once, and write what outside clients need to know."""
    locations = instance.locations
    stamp = locations.state / f"province-{database.name}"
    if not stamp.exists():
        with step("Loading the demo province (Đồng Tháp)"):
            accounts = instance.run_program(
                database,
                locations.repository / PROVINCE_PROGRAM,
                "Loading the demo province failed",
            )
        _keep_accounts(locations, json.loads(accounts))
        stamp.touch()


def load_devices(instance: Instance, database: DatabaseAddress) -> None:
    """Register simulated devices once, and write what outside clients need to know."""
    locations = instance.locations
    wire = Wire(locations, instance.secret("broker"))
    wire.make_keys()
    if not wire.simulated.exists():
        with step("Enrolling simulated devices"):
            accounts = instance.run_program(
                database,
                locations.repository / DEVICES_PROGRAM,
                "Enrolling the simulated devices failed",
            )
        _keep_accounts(locations, json.loads(accounts))
    _write_instance_file(locations, database)


def _keep_accounts(locations: Locations, accounts: list[dict]) -> None:
    """Add accounts to those known; a new password takes the place of an older one."""
    path = locations.state / "accounts.json"
    known = json.loads(path.read_text()) if path.exists() else []
    by_login = {account["login"]: account for account in [*known, *accounts]}
    path.touch(mode=0o600)
    path.write_text(json.dumps(list(by_login.values()), ensure_ascii=False))


def show(locations: Locations) -> None:
    """Print address, users and passwords."""
    values = dict(line.split("=", 1) for line in locations.instance_file.read_text().splitlines())
    say("")
    say(f"TTCS is at {values['TTCS_URL']} (Ctrl-C stops it)")
    accounts = json.loads((locations.state / "accounts.json").read_text())
    width = max(len(account["login"]) for account in accounts)
    for account in accounts:
        say(f"  {account['login']:<{width}}  {account['password']}  {account['title']}")


def _write_instance_file(locations: Locations, database: DatabaseAddress) -> None:
    accounts = json.loads((locations.state / "accounts.json").read_text())
    values = {
        "TTCS_URL": f"http://localhost:{locations.port}",
        "TTCS_DB": database.name,
        "TTCS_DSN": database.dsn,
        "TTCS_MQTT_URL": f"mqtt://localhost:{locations.mqtt_port}",
        "TTCS_GATEWAY_URL": f"http://localhost:{locations.gateway_port}",
    }
    for account in accounts:
        duty = account["duty"].upper()
        names = (
            ("TTCS_ADMIN_LOGIN", "TTCS_ADMIN_PASSWORD")
            if duty == "ADMIN"
            else (f"TTCS_USER_{duty}", f"TTCS_PASSWORD_{duty}")
        )
        values[names[0]] = account["login"]
        values[names[1]] = account["password"]
    path = locations.instance_file
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
