"""Photos of every kind a phone may hand over, and positions as phones give them."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zlib

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from conftest import eventually

ORIENTATION, GPS = 0x0112, 0x8825
RED = (200, 30, 30)
READ_PHOTO = """async () => {
    const { blob, sha256, width, height } = demo.photo;
    const bytes = Array.from(new Uint8Array(await blob.arrayBuffer()));
    return { bytes, type: blob.type, sha256, width, height };
}"""


def photo_from_a_phone() -> bytes:
    """3,200 × 2,400 pixels, held upright (EXIF orientation 6), with the place in its EXIF."""
    grain = random.Random(1).randbytes(400 * 300)
    picture = Image.merge("RGB", [Image.frombytes("L", (400, 300), grain)] * 3)
    picture = picture.resize((3200, 2400), Image.Resampling.BICUBIC)
    # Orientation 6: what is stored at the left is seen at the top.
    ImageDraw.Draw(picture).rectangle((0, 0, 800, 2400), fill=RED)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (10.0, 27.0, 36.0), 3: "E", 4: (105.0, 37.0, 58.0)}
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=92, exif=exif)
    return stream.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG file with a header of any size and hardly any data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [
        chunk(b"IHDR", header),
        chunk(b"IDAT", zlib.compress(b"\0" * 64)),
        chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg_that_claims(width: int, height: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG")
    content = stream.getvalue()
    frame = content.index(b"\xff\xc0")
    size = struct.pack(">HH", height, width)
    return content[: frame + 5] + size + content[frame + 9 :]


def webp_that_claims(width: int, height: int, lossless: bool = False) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "WEBP", lossless=lossless)
    content = stream.getvalue()
    if lossless:
        size = struct.pack("<I", width - 1 | (height - 1) << 14)
        return content[:21] + size + content[25:]
    return content[:26] + struct.pack("<HH", width, height) + content[30:]


def extended_webp_that_claims(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + size
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def choose(page, name, content):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Take a photo").click()
    chooser.value.set_files({"name": name, "mimeType": "image/jpeg", "buffer": content})


def test_a_photo_is_turned_shrunk_hashed_and_says_nothing_of_its_place(demo, server):
    original = photo_from_a_phone()
    assert Image.open(io.BytesIO(original)).getexif()[ORIENTATION] == 6
    choose(demo, "IMG_1.jpg", original)
    expect(demo.get_by_text("Photo 1200 × 1600")).to_be_visible(timeout=15_000)
    photo = demo.evaluate(READ_PHOTO)
    content = bytes(photo["bytes"])
    assert photo["type"] == "image/jpeg"
    assert photo["sha256"] == hashlib.sha256(content).hexdigest()
    assert len(content) <= 300_000
    picture = Image.open(io.BytesIO(content))
    assert picture.size == (1200, 1600)
    assert dict(picture.getexif()) == {}
    assert b"Exif" not in content
    red, green, _blue = picture.getpixel((600, 200))
    assert red > 3 * green
    demo.get_by_label("Asset").fill("A1")
    demo.get_by_label("Reading", exact=True).fill("4")
    demo.get_by_role("button", name="Keep").click()
    eventually(lambda: server.kept() == ["A1"], "the photo is sent")
    assert server.query("SELECT files FROM action")[0][0] == f'["{photo["sha256"]}"]'


def test_a_transparent_picture_gets_a_white_ground(demo):
    stream = io.BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(stream, "PNG")
    choose(demo, "logo.png", stream.getvalue())
    expect(demo.get_by_text("Photo 300 × 200")).to_be_visible()
    content = bytes(demo.evaluate(READ_PHOTO)["bytes"])
    assert Image.open(io.BytesIO(content)).getpixel((150, 100)) == (255, 255, 255)


NOT_A_PHOTO = "This file is not a photo."
TOO_LARGE = "This picture is too large for the phone."
UNREADABLE = "This phone cannot read the picture."


REFUSED = (
    (b"", NOT_A_PHOTO),
    (b"%PDF-1.7\n" + b"0" * 500, NOT_A_PHOTO),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', NOT_A_PHOTO),
    (png_that_claims(30_000, 30_000), TOO_LARGE),
    (png_that_claims(2**31 - 1, 2**31 - 1), TOO_LARGE),
    (jpeg_that_claims(65_500, 65_500), TOO_LARGE),
    (webp_that_claims(16_383, 16_383), TOO_LARGE),
    (webp_that_claims(16_383, 16_383, lossless=True), TOO_LARGE),
    (extended_webp_that_claims(30_000, 30_000), TOO_LARGE),
    (png_that_claims(800, 600)[:40], UNREADABLE),
    (b"\xff\xd8\xff", UNREADABLE),
    (b"\x89PNG\r\n\x1a\n", UNREADABLE),
    (b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0", UNREADABLE),
    (b"\0\0\0\x18ftypheic" + b"\0" * 200, UNREADABLE),
)


def test_what_is_no_readable_photo_is_refused_in_words(demo):
    for number, (content, message) in enumerate(REFUSED):
        choose(demo, f"holiday-{number}.jpg", content)
        expect(demo.locator("form .error")).to_contain_text(message)
        demo.locator("form .error").evaluate("(problem) => (problem.textContent = '')")
    assert demo.evaluate("demo.photo") is None


def test_a_real_picture_of_a_hundred_million_pixels_survives_or_is_refused(demo):
    stream = io.BytesIO()
    Image.new("L", (10_000, 10_000), 128).save(stream, "JPEG", quality=30)
    choose(demo, "large.jpg", stream.getvalue())
    either = demo.get_by_text("Photo 1600 × 1600").or_(demo.get_by_text(UNREADABLE))
    expect(either).to_be_visible(timeout=20_000)


def test_the_distance_is_told_in_words(context, demo):
    context.grant_permissions(["geolocation"])
    for latitude, words in (
        (10.4613, "120 m away"),
        (10.4602, "0 m away"),
        (10.4780, "2 km away"),
    ):
        place = {"latitude": latitude, "longitude": 105.6329, "accuracy": 8}
        context.set_geolocation(place)
        demo.get_by_role("button", name="How far is it").click()
        expect(demo.get_by_text(words, exact=True)).to_be_visible()


def test_a_poor_position_is_used_after_a_while(context, demo):
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 10.4613, "longitude": 105.6329, "accuracy": 900})
    demo.get_by_role("button", name="How far is it").click()
    expect(demo.get_by_role("alert").filter(has_text="m away")).to_be_visible()


def test_a_person_who_keeps_the_position_to_himself_is_told_what_it_means(demo):
    demo.get_by_role("button", name="How far is it").click()
    expect(demo.get_by_text("Allow this page to use the position")).to_be_visible()
