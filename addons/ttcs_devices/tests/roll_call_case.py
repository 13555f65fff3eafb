"""A roll call in the small province, for the tests of it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import errors

from odoo import fields
from odoo.tools import mute_logger

from .common import DevicesCase


class RollCallCase(DevicesCase):
    """Commune C with a listener in its hamlet and one at the commune; commune G beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.make_listener(cls.hamlet_c, phone="0912 345 678")
        cls.volunteer = cls.make_listener(cls.commune_c)
        cls.stranger = cls.make_listener(cls.hamlet_g, agency=cls.committee_g)

    @classmethod
    def make_listener(cls, unit, agency=None, **values):
        return cls.env["ttcs.listener"].create(
            {
                "name": f"Trưởng {unit.full_name}",
                "unit_id": unit.id,
                "agency_id": (agency or cls.committee_c).id,
                **values,
            }
        )

    def prepare(self, places=None, begins=timedelta(minutes=-1), **values):
        """A roll call that runs since a minute; ``begins`` is counted from now."""
        places = places or self.commune_c
        return self.env["ttcs.roll.call"].create(
            {
                "agency_id": self.committee_c.id,
                "place_ids": places.ids,
                "begins_at": fields.Datetime.now() + begins,
                "minutes": 60,
                **values,
            }
        )

    def call(self, *args, **values):
        """One that has been called."""
        call = self.prepare(*args, **values)
        call.with_user(self.operator).action_call()
        return call

    def line(self, call, asset=None):
        return call.line_ids.filtered(lambda line: line.equipment_id == (asset or self.cluster))

    def tell(self, line, answer, listener=None, **values):
        """What the page writes for a listener."""
        source = "listener" if listener else "citizen"
        who = {"listener_id": listener.id} if listener else {"visitor": "v1"}
        return self.env["ttcs.roll.call.answer"]._note_answers(
            line, answer, source, **{**who, **values}
        )

    @contextmanager
    def refused_by_database(self):
        """The block is refused by a trigger or a check of the database itself."""
        with mute_logger("odoo.sql_db"), self.assert_refused(errors.CheckViolation):
            yield
