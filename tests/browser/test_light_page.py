"""A light page without a network, over an upgrade, and for people who cannot see or tap well."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import eventually, open_demo

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALLEST_TARGET = 44
ASK = """async () => {
    const { data, kept } = await demo.net.get("/demo/api/assets");
    return [data.count, kept && Date.now() - kept];
}"""


def upgrade(page, server):
    """Put a new version on the server and have the phone notice."""
    module = server.pages / "demo.js"
    module.write_text(module.read_text().replace("version one", "version two"))
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update()).then(() => true)")


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def test_a_page_opens_without_a_server(context, demo, server):
    server.kill()
    page = context.new_page()
    page.goto(server.address)
    expect(page.get_by_role("heading", name="Readings")).to_be_visible()
    expect(page.get_by_text("version one")).to_be_visible()
    page.goto(f"{server.address}?from=poster#a=1")
    expect(page.get_by_role("heading", name="Readings")).to_be_visible()


def test_a_new_version_waits_for_a_tap_and_leaves_the_queue_alone(context, demo, server):
    other = open_demo(context, server)
    demo.evaluate("""demo.outbox.add("reading", { asset: "A1", value: -4 })""")
    expect(demo.get_by_text("1 not sent yet").first).to_be_visible()
    upgrade(demo, server)
    tap = demo.get_by_role("button", name="Tap to update")
    expect(tap).to_be_visible()
    assert demo.evaluate("navigator.serviceWorker.ready.then(({ waiting }) => Boolean(waiting))")
    expect(demo.get_by_text("version one")).to_be_visible()
    tap.click()
    expect(demo.get_by_text("version two")).to_be_visible()
    expect(demo.get_by_text("1 not sent yet").first).to_be_visible()
    # The other tab is not reloaded under the person's hands either.
    expect(other.get_by_text("version one")).to_be_visible()
    expect(other.get_by_role("button", name="Tap to update")).to_have_count(1)
    other.get_by_role("button", name="Tap to update").click()
    expect(other.get_by_text("version two")).to_be_visible()
    names = demo.evaluate("caches.keys()")
    assert len([name for name in names if name.startswith("light /demo/ ")]) == 1
    server.kill()
    demo.reload()
    expect(demo.get_by_text("version two")).to_be_visible()


def test_a_new_version_with_other_tables_keeps_every_row(context, demo, server):
    other = open_demo(context, server)
    server.kill()
    for asset in ("A1", "A2", "A3"):
        demo.evaluate("(asset) => demo.outbox.add('reading', { asset, value: 4 })", asset)
    expect(other.get_by_text("3 not sent yet").first).to_be_visible()
    source = server.outbox.read_text()
    assert source.count("createLeases(database);\n    },\n];") == 1
    newer = source.replace(
        "createLeases(database);\n    },\n];",
        """createLeases(database);
    },
    (database, transaction) => {
        database.createObjectStore("drafts");
        transaction.objectStore("actions").createIndex("kind", "kind");
    },
];""",
    )
    server.outbox.write_text(newer)
    server.start()
    server.commit_faults(*["500"] * 40)
    upgrade(demo, server)
    demo.bring_to_front()
    demo.get_by_role("button", name="Tap to update").click()
    expect(demo.get_by_text("version two")).to_be_visible()
    expect(demo.get_by_text("3 not sent yet").first).to_be_visible()
    # The tab that still runs the old version says what to do, and loses nothing.
    told = other.evaluate(
        """() => demo.outbox.add("reading", { asset: "A4", value: 4 }).then(
            () => null, (error) => error.message)"""
    )
    assert told == "This page is out of date. Reload it."
    expect(other.get_by_text(told).first).to_be_visible()
    server.query("DELETE FROM fault")
    demo.evaluate("dispatchEvent(new Event('online'))")
    expect(demo.get_by_text("Everything has been sent.").first).to_be_visible(timeout=15_000)
    assert sorted(server.kept()) == ["A1", "A2", "A3"]


def test_answers_are_fresh_or_dated_and_can_be_forgotten(demo, server):
    assert demo.evaluate(ASK) == [0, None]
    demo.evaluate("""demo.outbox.add("reading", { asset: "A1", value: 4 })""")
    eventually(lambda: server.kept(), "the action is sent")
    assert demo.evaluate(ASK) == [1, None]
    server.kill()
    count, age = demo.evaluate(ASK)
    assert count == 1
    assert 0 < age < 60_000
    demo.evaluate("demo.forgetAnswers()")
    error = demo.evaluate("demo.net.get('/demo/api/assets').catch((one) => one.constructor.name)")
    assert error == "Offline"


def test_the_clocks_are_compared(context, server):
    page = open_demo(context, server)
    assert page.evaluate(f"({ASK})().then(() => Math.abs(demo.net.skew))") < 5_000
    page.clock.install(time="2020-01-01T00:00:00Z")
    page.reload()
    eventually(lambda: page.evaluate("Boolean(globalThis.demo?.kept)"), "the page starts")
    assert page.evaluate(f"({ASK})().then(() => demo.net.skew)") > 5 * 365 * 86_400_000


def test_a_phone_may_install_the_page(playwright, chromium, server, tmp_path):
    # Ordinary test contexts are private windows, where nothing can be installed.
    context = playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
    )
    page = open_demo(context, server)
    protocol = context.new_cdp_session(page)
    assert protocol.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert protocol.send("Page.getAppManifest")["errors"] == []
    context.close()


def test_nothing_runs_that_the_page_did_not_bring(demo):
    refusals = demo.evaluate(
        """() => [
            () => document.body.insertAdjacentHTML("beforeend", "<b>markup</b>"),
            () => (document.createElement("script").textContent = "run()"),
            () => document.createElement("img").setAttribute("onerror", "run()"),
        ].map((attempt) => {
            try {
                return attempt() && null;
            } catch (error) {
                return error.name;
            }
        })"""
    )
    assert refusals == ["TypeError"] * 3
    # The complaints that the browser makes of them are what this test is about.
    demo.context.complaints.clear()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_of_the_page_is_accessible(demo, server, width):
    demo.set_viewport_size({"width": width, "height": 740})
    demo.evaluate("""demo.outbox.add("reading", { asset: "A1", value: -4 })""")
    expect(demo.get_by_text("A reading is never negative.").first).to_be_visible()
    server.kill()
    demo.evaluate("""demo.outbox.add("reading", { asset: "A2", value: 4 })""")
    expect(demo.get_by_text("No connection.").first).to_be_visible()
    assert violations(demo) == []
    assert demo.evaluate("document.documentElement.scrollWidth") <= width
    for target in demo.locator("button:visible, input:visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= SMALLEST_TARGET, target.inner_html()
    demo.get_by_role("button", name="Scan").click()
    expect(demo.get_by_role("heading", name="Scan")).to_be_focused()
    expect(demo.get_by_role("button", name="Start the camera")).to_be_visible()
    assert violations(demo) == []


def test_the_focus_stays_in_the_list_while_it_changes(demo, server):
    server.kill()
    demo.evaluate("""demo.outbox.add("reading", { asset: "A1", value: 4 })""")
    expect(demo.get_by_text("No connection.").first).to_be_visible()
    button = (
        demo.get_by_role("listitem").filter(has_text="A1").get_by_role("button", name="Delete")
    )
    button.focus()
    server.start()
    expect(demo.get_by_text("Everything has been sent.").first).to_be_focused(timeout=15_000)
