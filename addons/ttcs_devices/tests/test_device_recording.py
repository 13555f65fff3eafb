"""What devices fetch over HTTP to play it."""

from odoo.tests import HttpCase, tagged

from ..models.ttcs_device_recording import RECORDING_PATH
from .common import SIREN, OrdersCase


@tagged("post_install", "-at_install")
class TestDeviceRecordings(OrdersCase, HttpCase):
    def test_a_device_gets_the_content_by_its_hash_and_nothing_else(self):
        recording = self.recording()
        self.env.flush_all()
        answer = self.url_open(f"{RECORDING_PATH}/{recording.sha256}")
        self.assertEqual((answer.status_code, answer.content), (200, SIREN))
        self.assertEqual(answer.headers["Content-Type"], "audio/mpeg")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("max-age=31536000", answer.headers["Cache-Control"])
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertEqual(
            recording._url(), f"{recording.get_base_url()}{RECORDING_PATH}/{recording.sha256}"
        )

    def test_an_archived_recording_is_still_there_for_what_was_signed(self):
        recording = self.recording(active=False)
        self.env.flush_all()
        self.assertEqual(self.url_open(f"{RECORDING_PATH}/{recording.sha256}").status_code, 200)

    def test_nothing_is_found_by_anything_but_a_hash(self):
        recording = self.recording()
        for name in (
            str(recording.id),
            "0" * 64,
            recording.sha256.upper(),
            recording.sha256[:63],
            "%25",
        ):
            self.assertEqual(self.url_open(f"{RECORDING_PATH}/{name}").status_code, 404, name)
