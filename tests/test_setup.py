"""Set-up as the person at the keyboard meets it: one clear line for what goes wrong."""

import doctest
import importlib
import os
import pkgutil
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import ttcs_setup
from ttcs_setup import debian
from ttcs_setup.announce import Refusal
from ttcs_setup.instance import addons_fingerprint
from ttcs_setup.locations import REPOSITORY, Locations
from ttcs_setup.odoo_source import find_or_fetch
from ttcs_setup.postgres import EmbeddedServer, port_of_running_server


def setup_command(*arguments, **variables):
    """Run set-up as a process of its own; gives the finished process."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), **variables}
    for name in ("TTCS_STATE_DIR", "TTCS_PORT", "ODOO_HOME"):
        if name not in variables:
            environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "ttcs_setup", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


MODULES = [module.name for module in pkgutil.iter_modules(ttcs_setup.__path__)]


@pytest.mark.parametrize("module", [name for name in MODULES if name != "__main__"])
def test_examples_in_the_set_up_hold(module):
    outcome = doctest.testmod(importlib.import_module(f"ttcs_setup.{module}"))
    assert outcome.failed == 0


def test_help_names_every_command():
    result = setup_command("help")
    assert result.returncode == 0
    for command in ("run", "test", "soak", "bench", "lint", "clean"):
        assert f"  {command} " in result.stdout


def test_an_unknown_command_is_refused_with_the_list():
    result = setup_command("rum")
    assert result.returncode == 2
    assert "  run " in result.stdout


@pytest.mark.parametrize("port", ["80", "70000", "abc"])
def test_a_port_that_is_none_is_refused_in_one_line(port):
    result = setup_command("run", TTCS_PORT=port)
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        f"ttcs: TTCS_PORT={port} is not a port; choose a number from 1024 to 65535."
    ]


def test_odoo_home_without_odoo_is_refused_in_one_line(tmp_path):
    result = setup_command("run", ODOO_HOME=str(tmp_path), TTCS_STATE_DIR=str(tmp_path / "state"))
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        f"ttcs: ODOO_HOME={tmp_path} holds no Odoo; this suite needs Odoo 19.0."
    ]


def test_another_series_of_odoo_is_refused(tmp_path):
    release = tmp_path / "odoo" / "release.py"
    release.parent.mkdir()
    release.write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    with pytest.raises(Refusal, match="holds Odoo 18.0; this suite needs Odoo 19.0"):
        find_or_fetch(Locations.from_environment({}), {"ODOO_HOME": str(tmp_path)})


def test_a_busy_port_is_told_with_the_way_out(tmp_path, odoo_settings):
    """The port is looked at before Odoo starts, so that nothing half-started is left."""
    from ttcs_setup.database import DatabaseAddress
    from ttcs_setup.instance import Instance
    from ttcs_setup.postgres import ServerAddress

    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]
        locations = Locations(REPOSITORY, tmp_path, tmp_path, port)
        instance = Instance(locations, Path("/nowhere"), Path("/nowhere"), durable=False)
        server = ServerAddress("127.0.0.1", 5432, "nobody", "")
        with pytest.raises(Refusal, match=f"Port {port} is in use .* TTCS_PORT={port + 10}"):
            instance.serve(DatabaseAddress(server, "none", "", ""))
    assert instance.process is None


def test_data_whose_password_was_deleted_are_named_with_the_way_out(tmp_path):
    server = EmbeddedServer(Locations(REPOSITORY, tmp_path, tmp_path, 8069), durable=True)
    try:
        server.data.mkdir(parents=True)
        (server.data / "PG_VERSION").write_text("18")
        with pytest.raises(Refusal, match="earlier set-up.*make clean"):
            server.start()
        assert (server.data / "PG_VERSION").exists()
    finally:
        shutil.rmtree(server.folder)
    assert not (tmp_path / "postgres.secret").exists()


def test_test_data_of_a_deleted_clone_are_made_anew_under_a_running_server(tmp_path):
    """The clone is deleted and made again in its place; the data outside it are still there."""
    server = EmbeddedServer(Locations(REPOSITORY, tmp_path, tmp_path, 8069), durable=False)
    try:
        server.start()
        (server.data / "of_the_earlier_clone").touch()
        (tmp_path / "postgres.secret").unlink()
        address = server.start()
        connection = psycopg2.connect(
            host=address.host, port=address.port, user=address.user, password=address.password
        )
        connection.close()
        assert not (server.data / "of_the_earlier_clone").exists()
    finally:
        server.stop()
        shutil.rmtree(server.folder)


def test_the_pid_file_of_a_killed_server_is_not_taken_for_a_running_one(tmp_path):
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n0\n5432\n")
    assert port_of_running_server(tmp_path) is None


def test_a_damaged_download_is_fetched_again_and_never_used(tmp_path):
    (tmp_path / "whole.deb").write_bytes(b"whole")
    digest = debian._digest(tmp_path / "whole.deb")
    (tmp_path / "hashes.json").write_text(f'{{"whole.deb": "{digest}"}}')
    assert debian._kept_packages(tmp_path) == [tmp_path / "whole.deb"]
    (tmp_path / "whole.deb").write_bytes(b"hal")
    assert debian._kept_packages(tmp_path) == []
    assert not list(tmp_path.glob("*.deb"))


def test_a_half_finished_download_is_thrown_away(tmp_path):
    (tmp_path / "interrupted.deb").write_bytes(b"half")
    assert debian._kept_packages(tmp_path) == []
    assert not list(tmp_path.glob("*.deb"))


FRESH_CLONE = """
import sys
from pathlib import Path
from ttcs_setup.announce import Refusal, refuse
from ttcs_setup.locations import Locations
from ttcs_setup.odoo_source import find_or_fetch

folder = Path(sys.argv[1])
try:
    find_or_fetch(Locations(folder, folder / "state", folder / "cache", 8069), {})
except Refusal as error:
    sys.exit(refuse(error))
"""


def test_no_network_is_told_in_one_line(tmp_path):
    """apt fails at once when its proxy does not answer, as it does without a network."""
    result = subprocess.run(
        [Path(sys.base_prefix) / "bin" / "python3", "-c", FRESH_CLONE, str(tmp_path)],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY / "scripts"),
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 2, result.stdout + result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("ttcs: Cannot fetch Odoo: is the network up?")


def test_the_settings_file_and_the_secrets_are_for_the_owner_only(odoo_settings):
    state = odoo_settings.parent
    for path in (odoo_settings, *state.glob("*.secret")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_changed_add_on_files_ask_for_an_upgrade(tmp_path):
    addons = tmp_path / "addons" / "ttcs_base"
    addons.mkdir(parents=True)
    (addons / "__manifest__.py").write_text("{}")
    locations = Locations(tmp_path, tmp_path, tmp_path, 8069)
    before = addons_fingerprint(locations)
    (addons / "tests").mkdir()
    (addons / "tests" / "test_x.py").write_text("")
    assert addons_fingerprint(locations) == before
    (addons / "views.xml").write_text("<odoo/>")
    assert addons_fingerprint(locations) != before


def test_accent_free_search_has_its_immutable_function(odoo_cursor):
    odoo_cursor.execute(
        "SELECT provolatile FROM pg_proc WHERE oid = 'public.unaccent(text)'::regprocedure"
    )
    assert odoo_cursor.fetchone()[0] == "i"
    odoo_cursor.execute("SELECT public.unaccent('Đường Nguyễn Huệ')")
    assert odoo_cursor.fetchone()[0] == "Duong Nguyen Hue"


def test_odoo_works_as_a_role_without_superuser_rights(odoo_cursor):
    odoo_cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    assert odoo_cursor.fetchone()[0] is False
