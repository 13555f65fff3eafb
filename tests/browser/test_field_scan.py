"""The app's scanner looks at our own printed label through Chromium's fake camera."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect
from test_field_app import Phone, server  # noqa: F401

from odoo.addons.ttcs_assets.tagging import STANDARD_STOCKS, grouped_code, tag_address
from odoo.addons.ttcs_assets.tests.test_labels import (
    HOST,
    blurred,
    cell,
    dimmed,
    make_labels,
    pictures,
    rendered,
    tilted,
)

from conftest import CHROMIUM_OPTIONS, watch

DPI = 150
FRAME = (1280, 720)
STOCK = STANDARD_STOCKS["a4_3x8"]


def printed_label(code):
    texts = {"url": tag_address(HOST, code), "code_text": grouped_code(code)}
    pdf = rendered(make_labels(1, **texts), STOCK)
    return cell(pictures(pdf, DPI)[0], STOCK, 0, DPI)


def as_video(label, path):
    """A motion-JPEG film that shows the label at the distance of an arm."""
    frame = Image.new("L", FRAME, 110)
    scale = 0.8 * FRAME[1] / label.height
    scale = min(scale, 0.8 * FRAME[0] / label.width)
    label = label.resize((round(label.width * scale), round(label.height * scale)))
    frame.paste(label, ((FRAME[0] - label.width) // 2, (FRAME[1] - label.height) // 2))
    stream = io.BytesIO()
    frame.convert("RGB").save(stream, "JPEG", quality=80)
    path.write_bytes(stream.getvalue() * 10)


@pytest.fixture
def launch(playwright, chromium):
    """A browser with its own options; open until the report is written."""
    opened = []

    def one(options):
        opened.append(playwright.chromium.launch(executable_path=chromium, args=options))
        return opened[-1]

    yield one
    for browser in opened:
        browser.close()


@pytest.mark.parametrize(
    "seen_as",
    [lambda label: label, tilted, lambda label: blurred(label, DPI), dimmed],
    ids=["straight", "tilted", "blurred", "dim"],
)
def test_a_printed_label_opens_its_asset_without_a_network(
    launch,
    server,  # noqa: F811
    tmp_path,
    seen_as,
):
    film = tmp_path / "label.mjpeg"
    as_video(seen_as(printed_label(server.known["codes"][1])), film)
    options = [
        *CHROMIUM_OPTIONS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = launch(options)
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    complaints = watch(context)
    phone = Phone(context, server)
    phone.sign_in("thu-ba")
    phone.heading(phone.text("My work"))
    phone.wait_until_kept_offline()
    server.kill()
    # As after the phone was switched off: nothing is left in the page's memory.
    phone.page.close()
    again = Phone(context, server)
    again.go("scan")
    # A blurred picture is tried many times; on a busy machine that takes a while.
    title = again.page.get_by_role("heading", level=1)
    expect(title).to_have_text("Cụm loa số 2", timeout=60_000)
    assert complaints == []


STALLING = """
const real = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
globalThis.opened = 0;
async function stalling(wanted) {
    globalThis.opened += 1;
    if (globalThis.opened > 1) {
        return real(wanted);
    }
    // One picture without a code, and never another one.
    const canvas = document.createElement("canvas");
    canvas.width = 1280;
    canvas.height = 720;
    canvas.getContext("2d").fillRect(0, 0, 1280, 720);
    const stream = canvas.captureStream(0);
    setTimeout(() => stream.getVideoTracks()[0].requestFrame(), 200);
    return stream;
}
if (navigator.mediaDevices) {
    navigator.mediaDevices.getUserMedia = stalling;
}
"""


def test_a_camera_that_stops_without_a_word_is_opened_anew(
    launch,
    server,  # noqa: F811
    tmp_path,
):
    film = tmp_path / "label.mjpeg"
    as_video(printed_label(server.known["codes"][1]), film)
    options = [
        *CHROMIUM_OPTIONS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    context = launch(options).new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    complaints = watch(context)
    context.add_init_script(STALLING)
    phone = Phone(context, server)
    phone.sign_in("thu-ba")
    phone.heading(phone.text("My work"))
    phone.wait_until_kept_offline()
    phone.go("scan")
    title = phone.page.get_by_role("heading", level=1)
    expect(title).to_have_text("Cụm loa số 2", timeout=60_000)
    assert phone.page.evaluate("globalThis.opened") > 1
    assert complaints == []
