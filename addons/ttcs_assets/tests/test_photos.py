"""What a photo may cost the server before it is refused."""

import io
import subprocess
import sys
import textwrap

from PIL import Image

from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path

HUGE = 30_000
# The pixels alone would be 900 megabytes in shades of grey, 2.7 gigabytes in colour.
MOST_MEGABYTES = 8
CLEAN = textwrap.dedent(
    """
    import importlib.util, resource, sys
    found = importlib.util.spec_from_file_location("photos", sys.argv[1])
    photos = sys.modules["photos"] = importlib.util.module_from_spec(found)
    found.loader.exec_module(photos)
    content = sys.stdin.buffer.read()
    photos.clean_photo(bytes.fromhex(sys.argv[2]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        photos.clean_photo(content)
    except photos.PhotoError as error:
        print(error.reason, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """
)


@tagged("post_install", "-at_install")
class TestPhotos(BaseCase):
    def refusal(self, content):
        """Why a photo is refused, and the megabytes that this took, in a process of its own."""
        small = io.BytesIO()
        Image.new("L", (8, 8)).save(small, content[1:4] == b"PNG" and "PNG" or "JPEG")
        module = file_path("ttcs_assets/photos.py")
        finished = subprocess.run(
            [sys.executable, "-c", CLEAN, module, small.getvalue().hex()],
            input=content,
            capture_output=True,
            check=True,
        )
        reason, kilobytes = finished.stdout.split()
        return reason.decode(), int(kilobytes) / 1024

    def picture(self, form):
        """A whole picture, one that a decoder would unfold: not only a header."""
        stream = io.BytesIO()
        Image.new("1" if form == "PNG" else "L", (HUGE, HUGE)).save(stream, form)
        return stream.getvalue()

    def test_a_picture_of_30000_pixels_a_side_is_refused_by_its_header(self):
        for form in ("PNG", "JPEG"):
            with self.subTest(form):
                content = self.picture(form)
                reason, megabytes = self.refusal(content)
                self.assertIn(reason, ("too_many_pixels", "too_large"))
                self.assertLess(megabytes, MOST_MEGABYTES)
