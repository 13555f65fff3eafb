"""Fixtures of the tests across add-ons."""

import configparser
import os
from pathlib import Path

import psycopg2
import pytest


@pytest.fixture(scope="session")
def odoo_settings():
    """The settings file of the test instance."""
    return Path(os.environ["TTCS_STATE_DIR"]) / "odoo.conf"


@pytest.fixture
def odoo_cursor(odoo_settings):
    """A plain cursor as Odoo's own role on the test database."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(odoo_settings)
    options = settings["options"]
    connection = psycopg2.connect(
        host=options["db_host"],
        port=options["db_port"],
        user=options["db_user"],
        password=options["db_password"],
        dbname=os.environ["TTCS_TEST_DB"],
    )
    with connection, connection.cursor() as cursor:
        yield cursor
    connection.close()
