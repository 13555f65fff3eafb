"""The outbox against a server that fails, is killed, or is away, and a browser that is killed."""

from __future__ import annotations

import base64
import hashlib
import json

import psutil
from playwright.sync_api import expect

from conftest import CHROMIUM_OPTIONS, eventually, open_demo, watch

ADD = """async ([assets, value]) => {
    for (const asset of assets) {
        await demo.outbox.add("reading", { asset, value });
    }
}"""
NO_LOCKS = "delete Navigator.prototype.locks"


def add(page, *assets, value=4):
    page.evaluate(ADD, [list(assets), value])


def wait_until_sent(page):
    eventually(lambda: page.evaluate("demo.outbox.counts()")["total"] == 0, "all is sent")


def states(page):
    return [
        (action["payload"]["asset"], action["state"], action["last_error"])
        for action in page.evaluate("demo.outbox.list()")
    ]


def wait_for_states(page, *wanted):
    eventually(lambda: [state for _asset, state, _error in states(page)] == list(wanted), wanted)


def fill_reading(page, asset, value):
    page.get_by_label("Asset").fill(asset)
    page.get_by_label("Reading", exact=True).fill(str(value))
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_label("Asset")).to_have_value("")


def test_what_a_person_keeps_is_sent_and_named(demo, server):
    fill_reading(demo, "A1", 4)
    expect(demo.get_by_text("Everything has been sent.").first).to_be_visible()
    expect(demo.get_by_text("Sent as 1.").first).to_be_visible()
    assert server.kept() == ["A1"]
    sent = demo.evaluate("demo.outbox.listSent()")
    assert [(one["kind"], one["result"]) for one in sent] == [("reading", {"number": 1})]


def test_without_a_server_all_is_kept_and_goes_in_order_when_it_is_back(context, demo, server):
    server.kill()
    for number in range(3):
        fill_reading(demo, f"A{number}", 4)
    expect(demo.get_by_text("3 not sent yet").first).to_be_visible()
    expect(demo.get_by_role("listitem").filter(has_text="Waiting to be sent")).to_have_count(3)
    demo.reload()
    expect(demo.get_by_text("3 not sent yet").first).to_be_visible()
    assert [error for _asset, _state, error in states(demo)][0] == "No connection."
    server.start()
    wait_until_sent(demo)
    assert server.kept() == ["A0", "A1", "A2"]


def test_an_action_sent_five_times_is_stored_once(demo, server):
    verdicts = demo.evaluate(
        """async () => {
            const action = { uuid: crypto.randomUUID(), kind: "reading", sequence: 1, blobs: [],
                payload: { asset: "A1", value: 4 }, created_at: new Date().toISOString() };
            const address = "/demo/api/actions";
            const answers = await Promise.all(
                [1, 2, 3, 4, 5].map(() => demo.sendActions(demo.net, address, [action])));
            return answers.map((answer) => answer[action.uuid].verdict).sort();
        }"""
    )
    assert verdicts == ["done", *["repeated"] * 4]
    assert server.kept() == ["A1"]


def both_tabs_send_each_action_once(context, server):
    first, second = open_demo(context, server), open_demo(context, server)
    server.commit_faults("500")
    adding = """async (prefix) => {
        for (let i = 0; i < 8; i++) {
            await demo.outbox.add("reading", { asset: prefix + i, value: 4 });
        }
    }"""
    start = f"(prefix) => {{ self.adding = ({adding})(prefix); }}"
    first.evaluate(start, "A")
    second.evaluate(start, "B")
    for page in (first, second):
        page.evaluate("self.adding")
        wait_until_sent(page)
    kept = server.kept()
    assert [asset for asset in kept if asset[0] == "A"] == [f"A{i}" for i in range(8)]
    assert [asset for asset in kept if asset[0] == "B"] == [f"B{i}" for i in range(8)]
    # Only the request that met the fault was repeated.
    failed = len(json.loads(server.query("SELECT uuids FROM request LIMIT 1")[0][0]))
    assert len(server.sent_uuids()) == len(set(server.sent_uuids())) + failed
    return first, second


def test_two_tabs_send_each_action_once(context, server):
    first, second = both_tabs_send_each_action_once(context, server)
    server.kill()
    add(first, "A9")
    expect(second.get_by_text("1 not sent yet").first).to_be_visible()


def test_two_tabs_send_each_action_once_without_web_locks(context, server):
    context.add_init_script(NO_LOCKS)
    first, _second = both_tabs_send_each_action_once(context, server)
    assert first.evaluate("navigator.locks") is None


def test_a_lease_of_a_tab_that_died_runs_out(context, server):
    context.add_init_script(NO_LOCKS)
    demo = open_demo(context, server)
    # What a tab that was killed while sending leaves behind, most of its lease gone.
    demo.evaluate(
        """async () => {
            const store = new demo.Store("ttcs-outbox-demo", [() => {}]);
            const lease = { holder: "dead", until: Date.now() + 1500 };
            await store.put("leases", lease, "ttcs-outbox-demo");
        }"""
    )
    add(demo, "A1")
    assert server.kept() == []
    wait_until_sent(demo)
    assert server.kept() == ["A1"]


def test_a_server_that_fails_once_is_asked_again(demo, server):
    server.commit_faults("500", "portal")
    demo.evaluate("""() => {
        demo.troubles = [];
        const note = ({ detail }) => demo.troubles.push(detail.message);
        demo.outbox.addEventListener("trouble", note);
    }""")
    add(demo, "A1")
    wait_until_sent(demo)
    assert server.kept() == ["A1"]
    assert len(server.sent_uuids()) == 3
    assert len(set(server.sent_uuids())) == 1
    assert demo.evaluate("demo.troubles") == [
        "The server is in trouble (500).",
        "The server is in trouble (200).",
    ]


def test_an_answer_cut_off_after_the_commit_makes_no_second_record(demo, server):
    server.commit_faults("cut")
    add(demo, "A1", "A2")
    wait_until_sent(demo)
    assert server.kept() == ["A1", "A2"]
    assert demo.evaluate("demo.outbox.listSent()")[0]["result"] == {"number": 1}


def test_a_server_killed_between_commit_and_answer_makes_no_second_record(demo, server):
    server.commit_faults("hold")
    add(demo, "A1")
    eventually(lambda: server.kept() == ["A1"], "the server keeps the action")
    assert [state for _asset, state, _error in states(demo)] == ["sending"]
    server.kill()
    wait_for_states(demo, "waiting")
    server.start()
    wait_until_sent(demo)
    assert server.kept() == ["A1"]


def test_a_browser_killed_while_sending_sends_again_when_reopened(
    playwright, chromium, server, tmp_path
):
    def launch():
        return playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium, args=list(CHROMIUM_OPTIONS)
        )

    before = {process.pid for process in psutil.Process().children(recursive=True)}
    context = launch()
    page = open_demo(context, server)
    server.commit_faults("hold")
    photo = base64.b64encode(bytes(range(256)) * 40).decode()
    page.evaluate(
        """async (photo) => {
            const bytes = Uint8Array.from(atob(photo), (one) => one.charCodeAt(0));
            const blob = new Blob([bytes], { type: "image/jpeg" });
            await demo.outbox.add("reading", { asset: "A1", value: 4 }, [{ name: "a.jpg", blob }]);
            await demo.outbox.add("reading", { asset: "A2", value: 4 });
        }""",
        photo,
    )
    eventually(lambda: server.kept() == ["A1"], "the server keeps the first action")
    for process in psutil.Process().children(recursive=True):
        if process.pid not in before and "chrom" in process.name():
            process.kill()
    context = launch()
    complaints = watch(context)
    page = open_demo(context, server)
    wait_until_sent(page)
    assert server.kept() == ["A1", "A2"]
    digests = server.query("SELECT files FROM action WHERE asset = 'A1'")[0][0]
    assert json.loads(digests) == [hashlib.sha256(base64.b64decode(photo)).hexdigest()]
    assert complaints == []
    context.close()


def test_a_phone_that_must_sign_in_again_keeps_everything(demo, server):
    server.commit_faults("401")
    add(demo, "A1")
    expect(demo.get_by_text("Sign in again.").first).to_be_visible()
    assert states(demo) == [("A1", "waiting", "Sign in again to send.")]
    assert demo.evaluate("demo.outbox.list()")[0]["tries"] == 0
    demo.evaluate("demo.outbox.flush()")
    wait_until_sent(demo)
    assert server.kept() == ["A1"]


def test_what_is_refused_stays_with_its_reason_until_the_person_decides(demo, server):
    add(demo, "A1", value=-4)
    add(demo, "A2", "A3", value=-5)
    add(demo, "A4")
    wait_for_states(demo, "refused", "refused", "refused")
    assert server.kept() == ["A4"]
    item = demo.get_by_role("listitem").filter(has_text="Reading of A1")
    expect(item).to_contain_text("Refused")
    expect(item).to_contain_text("A reading is never negative.")
    demo.reload()
    item.get_by_role("button", name="Correct it").click()
    expect(item).to_have_count(0)
    assert server.kept() == ["A4", "A1"]
    demo.on("dialog", lambda dialog: dialog.accept())
    last = demo.get_by_role("listitem").filter(has_text="Reading of A3")
    last.get_by_role("button", name="Delete").click()
    expect(demo.get_by_text("1 not sent yet").first).to_be_visible()
    assert states(demo) == [("A2", "refused", "A reading is never negative.")]


def test_a_conflict_is_shown_and_never_overwrites(demo, server):
    add(demo, "A1", value=4)
    wait_until_sent(demo)
    demo.evaluate(
        'demo.outbox.add("reading", { asset: "A1", value: 9, before: 3 })',
    )
    item = demo.get_by_role("listitem").filter(has_text="Changed by someone else first")
    expect(item).to_contain_text("Someone else has read it since.")
    assert len(server.kept()) == 1


def test_an_action_at_which_the_server_always_fails_lets_the_others_pass(demo, server):
    demo.evaluate('demo.outbox.add("reading", { asset: "A0", value: 0 })')
    wait_for_states(demo, "waiting")
    add(demo, "A1", "A2")
    for _ in range(5):
        demo.evaluate("demo.outbox.flush()")
    eventually(lambda: server.kept() == ["A1", "A2"], "the others are sent")
    assert states(demo) == [("A0", "waiting", "The server is in trouble (500).")]


ADD_LARGE = """async (size) => {
    demo.full ??= (demo.outbox.addEventListener("full", () => demo.full++), 0);
    const blob = new Blob([new Uint8Array(size)]);
    const payload = { asset: "large", value: 4 };
    return demo.outbox.add("reading", payload, [{ name: "a", blob }]).then(
        () => null, (error) => [error.constructor.name, error.message, demo.full]);
}"""


def test_a_full_phone_says_so_and_still_sends_what_it_has(context, demo, server):
    server.kill()
    protocol = context.new_cdp_session(demo)
    # Before anything is written: the browser remembers for a while how much room there was.
    protocol.send("Storage.overrideQuotaForOrigin", {"origin": server.root, "quotaSize": 300_000})
    add(demo, "A1")
    kind, message, told = demo.evaluate(ADD_LARGE, 3_000_000)
    assert (kind, told) == ("StorageFull", 1)
    assert message.startswith("The phone's storage is full. Nothing was saved")
    assert [asset for asset, _state, _error in states(demo)] == ["A1"]
    # Until there is no room even for the mark "being sent".
    protocol.send("Storage.overrideQuotaForOrigin", {"origin": server.root, "quotaSize": 1})
    eventually(lambda: demo.evaluate(ADD_LARGE, 20_000), "nothing more fits")
    before = [asset for asset, _state, _error in states(demo)]
    server.start()
    # Filling the phone took a while, and so may the pause until it tries of its own accord.
    demo.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(demo)
    assert server.kept() == before


def test_the_last_resort_file_has_everything(demo, server):
    server.kill()
    demo.evaluate(
        """() => demo.outbox.add("reading", { asset: "A1", value: 4 },
            [{ name: "a.txt", blob: new Blob(["Loa số 1"], { type: "text/plain" }) }])"""
    )
    with demo.expect_download() as download:
        demo.get_by_role("button", name="Save unsent data as a file").click()
    exported = json.loads(download.value.path().read_text("utf-8"))
    assert [action["payload"]["asset"] for action in exported["actions"]] == ["A1"]
    blob = exported["actions"][0]["blobs"][0]
    assert (blob["name"], blob["type"]) == ("a.txt", "text/plain")
    assert base64.b64decode(blob["base64"]).decode() == "Loa số 1"


def test_background_sync_wakes_the_open_pages(context, demo, server):
    server.kill()
    add(demo, "A1")
    wait_for_states(demo, "waiting")
    server.start()
    protocol = context.new_cdp_session(demo)
    registrations = []
    protocol.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(event["registrations"]),
    )
    protocol.send("ServiceWorker.enable")
    eventually(lambda: demo.evaluate("1") and registrations, "the worker is registered")
    demo.evaluate("""() => navigator.serviceWorker.addEventListener(
        "message", ({ data }) => (demo.message = data))""")
    protocol.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": server.root,
            "registrationId": registrations[-1]["registrationId"],
            "tag": "outbox",
            "lastChance": False,
        },
    )
    eventually(lambda: demo.evaluate("demo.message") == "flush", "the worker calls the page")
    wait_until_sent(demo)
    assert server.kept() == ["A1"]
