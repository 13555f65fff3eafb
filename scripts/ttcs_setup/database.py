"""The database of an instance: role, extensions, and the SQL for a server not our own.

Odoo works as a role without superuser rights.  It would then fail to make ``unaccent``
immutable and lose accent-free search with no more than a warning, so the extensions and an
immutable wrapper exist before Odoo's first start (docs/adr/0002).
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass

from .announce import Refusal
from .locations import Locations
from .postgres import ServerAddress

ROLE = "odoo"
# The bridge's own role: its rights are those that the schema of the telemetry grants it.
BRIDGE_ROLE = "ttcs_bridge"


EXTENSION_SQL = """\
CREATE SCHEMA IF NOT EXISTS ext;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA ext;
GRANT USAGE ON SCHEMA ext TO odoo;
CREATE OR REPLACE FUNCTION public.unaccent(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT ext.unaccent('ext.unaccent'::regdictionary, $1) $$;
ALTER FUNCTION public.unaccent(text) OWNER TO odoo;
"""

# Run inside the virtual environment, because only it has a PostgreSQL driver.
PREPARE_PROGRAM = r"""
import json, sys
import psycopg2
from psycopg2 import sql

order = json.load(sys.stdin)


def connect(database):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    return connection


def prepare():
    with connect("postgres").cursor() as cursor:
        for role, rights, password in order["roles"]:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            cursor.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER {} PASSWORD {}").format(
                    sql.SQL("ALTER" if cursor.fetchone() else "CREATE"),
                    sql.Identifier(role),
                    sql.SQL(rights),
                    sql.Literal(password),
                )
            )
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [order["database"]])
        if not cursor.fetchone():
            cursor.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER odoo TEMPLATE template0 ENCODING 'UTF8'"
                ).format(sql.Identifier(order["database"]))
            )
    with connect(order["database"]).cursor() as cursor:
        cursor.execute(order["extensions"])


try:
    prepare()
except psycopg2.errors.InsufficientPrivilege:
    sys.exit(3)
except psycopg2.OperationalError as error:
    print(str(error).strip().splitlines()[0])
    sys.exit(4)
"""


@dataclass(frozen=True)
class DatabaseAddress:
    """A database, and the roles that Odoo and the bridge use on it."""

    server: ServerAddress
    name: str
    password: str
    bridge_password: str

    @property
    def dsn(self) -> str:
        return self._dsn(ROLE, self.password)

    @property
    def bridge_dsn(self) -> str:
        return self._dsn(BRIDGE_ROLE, self.bridge_password)

    def _dsn(self, role: str, password: str) -> str:
        return f"postgresql://{role}:{password}@{self.server.host}:{self.server.port}/{self.name}"


def prepare(
    locations: Locations, server: ServerAddress, name: str, password: str, bridge_password: str
) -> DatabaseAddress:
    """Make the roles, the database and its extensions; harmless when they exist.

    :raises Refusal: when the server does not answer, or the role named by ``PGUSER`` has
        not the rights, in which case the SQL for an administrator is printed first
    """
    roles = [(ROLE, "CREATEDB", password), (BRIDGE_ROLE, "NOCREATEDB", bridge_password)]
    order = {"roles": roles, "database": name, "extensions": EXTENSION_SQL}
    result = subprocess.run(
        [str(locations.python), "-c", PREPARE_PROGRAM],
        input=json.dumps(order),
        env=server.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode == 3:
        print(administrator_sql(name), flush=True)
        raise Refusal(
            f"The role {server.user} may not prepare the database on {server.host}: have an "
            "administrator run the SQL above, then run this command again."
        )
    if result.returncode:
        reason = (result.stdout or result.stderr).strip().splitlines()[-1:]
        raise Refusal(f"PostgreSQL on {server.host}:{server.port}: {' '.join(reason)}")
    return DatabaseAddress(server, name, password, bridge_password)


def administrator_sql(name: str) -> str:
    """The statements that a server's administrator runs once for this suite."""
    return (
        f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER CREATEDB PASSWORD '…';\n"
        f"CREATE ROLE {BRIDGE_ROLE} LOGIN NOSUPERUSER NOCREATEDB PASSWORD '…';\n"
        f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE template0 ENCODING 'UTF8';\n"
        f"\\connect {name}\n{EXTENSION_SQL}"
    )
