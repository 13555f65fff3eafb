"""Scanning with a camera that sees pictures of codes: tilted, dim, blurred and grainy."""

from __future__ import annotations

import random

import pytest
from PIL import Image, ImageEnhance, ImageFilter
from playwright.sync_api import expect
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

from conftest import CHROMIUM_OPTIONS, eventually, open_demo, watch

OURS = "HTTPS://TTCS.EXAMPLE/A/0123456789ZK5GAR25"
FOREIGN = "https://elsewhere.example/pay"
FRAME = (640, 480)
FRAMES_OF_ONE = 60
BRIGHTNESS = 0.35
GRAIN = 10
RECORD_VIBRATION = """(() => {
    const vibrate = navigator.vibrate.bind(navigator);
    self.vibrations = [];
    navigator.vibrate = (pattern) => (self.vibrations.push(pattern.length), vibrate(pattern));
})()"""


def picture_of(text: str | None, seed: int) -> Image.Image:
    """A camera frame of a plate with a code, held askew in bad light; without one, of a wall."""
    frame = Image.new("RGB", FRAME, (150, 140, 120))
    if text:
        symbol = QRCode(error_correction=ERROR_CORRECT_Q, box_size=8, border=4)
        symbol.add_data(text)
        plate = symbol.make_image().get_image().convert("RGBA").resize((300, 300))
        corners = (0, 0, 18, 300, 300, 276, 285, 12)
        plate = plate.transform(
            plate.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=None
        )
        plate = plate.rotate(17, Image.Resampling.BICUBIC, expand=True)
        frame.paste(plate, (140, 60), plate)
    frame = ImageEnhance.Brightness(frame).enhance(BRIGHTNESS)
    frame = frame.filter(ImageFilter.GaussianBlur(1.1))
    grain = random.Random(seed)
    noise = Image.frombytes("L", FRAME, grain.randbytes(FRAME[0] * FRAME[1]))
    noise = noise.point(lambda value: value * GRAIN // 255)
    return Image.merge("RGB", [Image.blend(band, noise, 0.12) for band in frame.split()])


@pytest.fixture(scope="module")
def camera(tmp_path_factory):
    """What the camera sees, over and over: a wall, our code, the wall, a foreign code."""
    path = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    with path.open("wb") as film:
        for text in (None, OURS, None, FOREIGN):
            frames = [picture_of(text, seed) for seed in range(3)]
            for number in range(FRAMES_OF_ONE):
                frames[number % len(frames)].save(film, "JPEG", quality=80)
    return path


@pytest.fixture(scope="module")
def camera_browser(playwright, chromium, camera):
    options = [
        *CHROMIUM_OPTIONS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]
    running = playwright.chromium.launch(executable_path=chromium, args=options)
    yield running
    running.close()


@pytest.fixture
def camera_context(camera_browser):
    made = camera_browser.new_context(viewport={"width": 360, "height": 740})
    made.grant_permissions(["camera"])
    made.add_init_script(RECORD_VIBRATION)
    complaints = watch(made)
    yield made
    made.close()
    assert complaints == []


# Headless pages are never hidden, so the page is told that it is; the camera is a real one to it.
HIDE = """(hidden) => {
    Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
# A phone that reads some codes by itself, but not these.
OTHER_CODES_ONLY = """globalThis.BarcodeDetector = class {
    static getSupportedFormats() {
        return Promise.resolve(["ean_13"]);
    }
}"""


def live_tracks(page):
    return page.evaluate(
        """document.querySelector("video")?.srcObject?.getTracks()
            .filter((track) => track.readyState === "live").length ?? 0"""
    )


def test_codes_are_read_and_judged(camera_context, server):
    page = open_demo(camera_context, server)
    page.get_by_role("button", name="Scan").click()
    codes = page.locator("main li")
    expect(codes.filter(has_text=OURS).first).to_be_visible(timeout=20_000)
    message = page.locator(".scan-message")
    expect(message).to_have_text("Code read.")
    expect(codes.filter(has_text=FOREIGN).first).to_be_visible(timeout=20_000)
    expect(message).to_have_text("Not one of our codes.")
    # Once for each time it came into view, and a longer pattern for a refusal.
    texts = codes.all_text_contents()
    assert all(one != other for one, other in zip(texts, texts[1:], strict=False))
    assert sorted(set(page.evaluate("self.vibrations"))) == [1, 5]


def test_the_reader_is_on_the_phone_once_it_was_used(camera_context, server):
    camera_context.add_init_script(OTHER_CODES_ONLY)
    page = open_demo(camera_context, server)
    page.get_by_role("button", name="Scan").click()
    expect(page.locator("main li").first).to_be_visible(timeout=20_000)
    server.kill()
    page.goto(server.address)
    page.get_by_role("button", name="Scan").click()
    expect(page.locator("main li").first).to_be_visible(timeout=20_000)


def test_the_camera_is_off_when_nobody_looks(camera_context, server):
    page = open_demo(camera_context, server)
    page.get_by_role("button", name="Scan").click()
    eventually(lambda: live_tracks(page) == 1, "the camera is on")
    video = page.query_selector("video")
    tracks = video.evaluate_handle("(video) => video.srcObject.getTracks()")
    page.evaluate(HIDE, True)
    assert live_tracks(page) == 0
    assert tracks.evaluate("(all) => all.map((one) => one.readyState)") == ["ended"]
    page.evaluate(HIDE, False)
    eventually(lambda: live_tracks(page) == 1, "the camera is on again")
    tracks = video.evaluate_handle("(video) => video.srcObject.getTracks()")
    page.get_by_role("button", name="Back").click()
    eventually(
        lambda: tracks.evaluate("(all) => all.every((one) => one.readyState === 'ended')"),
        "the camera is off after leaving",
    )


def test_without_a_camera_the_code_is_typed(demo):
    demo.get_by_role("button", name="Scan").click()
    expect(demo.locator(".scan-message")).to_have_text("No camera found. Type the code.")
    expect(demo.get_by_role("button", name="Start the camera")).to_be_visible()
    demo.get_by_label("Code under the QR").fill(" 12345678 ")
    demo.keyboard.press("Enter")
    expect(demo.locator("main li")).to_have_text("12345678")
    expect(demo.locator(".scan-message")).to_have_text("Not one of our codes.")
