import base64
import hashlib

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AssetsCase

SIGNED = b"%PDF-1.7 signed and stamped"


@tagged("post_install", "-at_install")
class TestFormFile(AssetsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls.make_user(cls.committee_c, "maintenance")
        cls.neighbour = cls.make_user(cls.committee_g, "maintenance")
        cls.leader = cls.make_user(cls.committee_c, "leader")
        cls.order = cls.env["maintenance.request"].create(
            {"name": "Loa rè", "equipment_id": cls.cluster.id}
        )

    def attach(self, user, **values):
        return (
            self.env["ttcs.form.file"]
            .with_user(user)
            .create(
                {
                    "res_model": "maintenance.request",
                    "res_id": self.order.id,
                    "name": "Biên bản.pdf",
                    "data": base64.b64encode(SIGNED),
                    **values,
                }
            )
        )

    def test_a_signed_file_is_kept_with_its_hash_and_who_brought_it(self):
        file = self.attach(self.technician, sha256="0" * 64, added_by=self.leader.id)
        self.assertEqual(file.sha256, hashlib.sha256(SIGNED).hexdigest())
        self.assertEqual(file.added_by, self.technician)
        self.assertEqual(self.order.form_file_ids, file.with_env(self.env))

    def test_nobody_exchanges_or_deletes_it(self):
        file = self.attach(self.technician).with_env(self.env)
        with mute_logger("odoo.sql_db"):
            with self.assert_refused(CheckViolation), self.env.cr.savepoint():
                file.name = "Khác.pdf"
                self.env.flush_all()
            with self.assert_refused(CheckViolation), self.env.cr.savepoint():
                file.unlink()

    def test_who_may_not_change_the_order_adds_nothing(self):
        for user in (self.neighbour, self.leader):
            with self.subTest(user=user.name), self.assert_refused(AccessError):
                self.attach(user)

    def test_an_empty_file_is_refused(self):
        with self.assert_refused(UserError):
            self.attach(self.technician, data=False)

    def test_the_neighbour_does_not_see_it(self):
        file = self.attach(self.technician).with_env(self.env)
        self.assertFalse(self.seen_by(self.neighbour, file))
        self.assertTrue(self.seen_by(self.leader, file))
