"""The field app over a network that fails, on a phone that is killed, full, or signed out."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import psutil
import pytest
from faulty_network import FaultyNetwork
from field_soak import OPEN_QUEUE, assert_it_failed_enough, soak
from playwright.sync_api import expect
from test_field_app import Phone, phone_context, server  # noqa: F401

from conftest import CHROMIUM_OPTIONS, eventually

SEED = 20261123


def test_fifty_actions_over_a_failing_network_have_fifty_effects(browser, server):  # noqa: F811
    met = soak(browser, server, count=50, seed=SEED, photo_every=2)
    assert_it_failed_enough(met, requests=30)


@pytest.fixture
def network(server):  # noqa: F811
    running = FaultyNetwork(server.port, SEED)
    yield running
    if running.hold:
        running.hold.set()
    running.close()


@pytest.fixture
def reach(network, server):  # noqa: F811
    """The server as a phone behind the network finds it."""
    return SimpleNamespace(root=network.root, known=server.known)


@pytest.fixture
def phone(phone_context, reach):  # noqa: F811
    made = Phone(phone_context, reach)
    made.sign_in("thu-ba")
    made.heading(made.text("My work"))
    return made


def orders_about(server, text):  # noqa: F811
    [(count,)] = server.query(
        "SELECT count(*) FROM maintenance_request WHERE description LIKE %s", f"%{text}%"
    )
    return count


def report(phone, asset, text, colour=None):  # noqa: F811
    phone.open(f"#fault/{asset}")
    phone.fill("What is wrong", text)
    if colour:
        phone.photograph(colour)
    phone.press("Save the report")
    phone.heading("Cụm loa số 7")


def test_the_same_action_on_five_connections_at_once_is_done_once(phone, server):  # noqa: F811
    asset = server.known["clusters"][6]
    phone.page.evaluate(OPEN_QUEUE)
    verdicts = phone.page.evaluate(
        """async (asset) => {
            const { token } = JSON.parse(localStorage.getItem("ttcs-kt-phone"));
            const action = { uuid: crypto.randomUUID(), kind: "report_fault", sequence: 1,
                payload: { asset, text: "Năm đường cùng lúc", severity: "minor" }, files: [],
                created_at: new Date().toISOString() };
            const ask = async () => {
                const body = new FormData();
                body.append("actions", JSON.stringify([action]));
                body.append("sent_at", new Date().toISOString());
                const headers = { Authorization: `Bearer ${token}` };
                const response = await fetch("/kt/api/actions", { method: "POST", body, headers });
                return (await response.json()).verdicts[action.uuid].verdict;
            };
            return (await Promise.all([1, 2, 3, 4, 5].map(ask))).sort();
        }""",
        asset,
    )
    assert verdicts == ["done", *["repeated"] * 4]
    assert orders_about(server, "Năm đường cùng lúc") == 1


def test_a_browser_killed_in_mid_send_has_one_effect(
    playwright,
    chromium,
    network,
    reach,
    server,  # noqa: F811
    tmp_path,
):
    def launch():
        return playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium, args=list(CHROMIUM_OPTIONS)
        )

    before = {process.pid for process in psutil.Process().children(recursive=True)}
    signing_in = Phone(launch(), reach)
    signing_in.sign_in("thu-ba")
    signing_in.context.close()
    phone = Phone(launch(), reach)  # noqa: F811
    network.hold = threading.Event()
    report(phone, server.known["clusters"][6], "Bị tắt giữa chừng", "red")
    eventually(lambda: orders_about(server, "Bị tắt giữa chừng"), "the server does its work")
    for process in psutil.Process().children(recursive=True):
        if process.pid not in before and "chrom" in process.name():
            process.kill()
    network.hold.set()
    network.hold = None
    context = launch()
    again = Phone(context, reach)
    again.open("#queue")
    again.see("Everything has been sent.")
    assert orders_about(server, "Bị tắt giữa chừng") == 1
    [(attempts, photos)] = server.query(
        "SELECT attempts, (SELECT count(*) FROM ir_attachment WHERE res_id = action.request_id"
        " AND res_model = 'maintenance.request') FROM ttcs_field_action action"
        " WHERE payload ->> 'text' = 'Bị tắt giữa chừng'"
    )
    assert (attempts, photos) == (2, 1)
    context.close()


# Larger and smaller pieces, until not even a kilobyte fits.
FILL_UP = """async () => {
    const files = performance.getEntriesByType("resource").map(({ name }) => name);
    const { Store } = await import(files.find((name) => name.endsWith("/store.js")));
    const filler = new Store("filler", [(one) => one.createObjectStore("all", {
        autoIncrement: true })]);
    // What can be compressed takes no room.
    const noise = (size) => new Uint8Array(size).map(() => 256 * Math.random());
    for (const size of [500_000, 20_000, 1_000]) {
        for (let fits = true; fits; ) {
            fits = await filler.put("all", noise(size)).then(
                () => true, (error) => error.constructor.name !== "StorageFull");
        }
    }
}"""


def test_a_full_phone_says_so_and_keeps_what_is_typed(phone, reach, server):  # noqa: F811
    asset, page = server.known["clusters"][6], phone.page
    protocol = phone.context.new_cdp_session(page)
    phone.open(f"#fault/{asset}")
    phone.photograph("red")
    phone.fill("What is wrong", "Hết chỗ")
    protocol.send("Storage.overrideQuotaForOrigin", {"origin": reach.root, "quotaSize": 1})
    page.evaluate(FILL_UP)
    phone.press("Save the report")
    phone.see("The phone's storage is full. Nothing was saved: free some space, then try again.")
    description = page.get_by_label(phone.text("What is wrong"))
    assert description.input_value() == "Hết chỗ"
    expect(page.locator(".photos li")).to_have_count(1)

    phone.open(f"#asset/{asset}")
    page.get_by_text(phone.text("Record its condition")).click()
    phone.fill("Note (not required)", "Cũng hết chỗ")
    phone.press("Save")
    expect(page.locator("form .error")).to_have_text(
        phone.text(
            "The phone's storage is full. Nothing was saved: free some space, then try again."
        )
    )
    assert page.get_by_label(phone.text("Note (not required)")).input_value() == "Cũng hết chỗ"


def test_a_phone_that_was_revoked_keeps_its_work_and_asks_for_the_password(
    phone,
    network,
    server,  # noqa: F811
):
    network.is_silent = True
    report(phone, server.known["clusters"][6], "Máy bị thu hồi")
    server.query(
        "UPDATE ttcs_field_device SET revoked_at = now() at time zone 'utc' WHERE user_id ="
        " (SELECT id FROM res_users WHERE login = 'thu-ba')"
    )
    network.is_silent = False
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.press("Enter your password")
    phone.see("What was not sent yet (%(count)s) stays on this phone.", count=1)
    assert orders_about(server, "Máy bị thu hồi") == 0
    phone.enter_password()
    phone.go("queue")
    phone.see("Everything has been sent.")
    assert orders_about(server, "Máy bị thu hồi") == 1


def test_what_was_typed_is_back_after_the_phone_was_switched_off(phone, reach, server):  # noqa: F811
    asset = server.known["clusters"][6]
    phone.open(f"#fault/{asset}")
    phone.choose("It is a danger to people")
    phone.fill("What is wrong", "Đang ghi dở")
    kept = "indexedDB.databases().then((all) => all.some((one) => one.name.includes('drafts')))"
    eventually(lambda: phone.page.evaluate(kept), "the draft is kept")
    phone.page.close()
    again = Phone(phone.context, reach)
    again.open(f"#fault/{asset}")
    again.see("What you had typed here is back.")
    description = again.page.get_by_label(again.text("What is wrong"))
    expect(description).to_have_value("Đang ghi dở")
    assert again.page.locator("input[value=danger]").is_checked()
    again.press("Save the report")
    again.heading("Cụm loa số 7")
    # It is an action now; the next report begins empty.
    again.open(f"#fault/{asset}")
    expect(again.page.get_by_label(again.text("What is wrong"))).to_have_value("")
    again.open("#queue")
    again.see("Everything has been sent.")
    assert orders_about(server, "Đang ghi dở") == 1


def test_a_new_version_takes_over_without_losing_queue_or_draft(phone, network, server):  # noqa: F811
    asset, page = server.known["clusters"][6], phone.page
    phone.wait_until_kept_offline()
    network.is_silent = True
    for number in range(3):
        report(phone, asset, f"Trước khi cập nhật {number}")
    phone.open(f"#fault/{asset}")
    phone.fill("What is wrong", "Còn ghi dở")
    [name] = [name for name in page.evaluate("caches.keys()") if not name.endswith("answers")]
    old = name.rpartition(" ")[2]
    network.build = (old, f"{old[:-4]}beef")
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update()).then(() => true)")
    tap = page.get_by_role("button", name=phone.text("Tap to update"))
    expect(tap).to_be_visible()
    tap.click()
    phone.see("What you had typed here is back.")
    expect(page.get_by_label(phone.text("What is wrong"))).to_have_value("Còn ghi dở")
    names = page.evaluate("caches.keys()")
    assert [name[-4:] for name in names if not name.endswith("answers")] == ["beef"]
    phone.go("queue")
    phone.see("%(count)s not sent yet", count=3)
    network.is_silent = False
    page.evaluate("dispatchEvent(new Event('online'))")
    phone.see("Everything has been sent.")
    assert [orders_about(server, f"Trước khi cập nhật {one}") for one in range(3)] == [1, 1, 1]


@pytest.fixture
def open_order(server):  # noqa: F811
    """A work order that is open again after the test."""
    order = server.known["orders"][3]
    [(stage,)] = server.query("SELECT stage_id FROM maintenance_request WHERE id = %s", order)
    yield order
    server.query(
        "UPDATE maintenance_request SET closed_at = NULL, closed_by_id = NULL, result = NULL,"
        " stage_id = %s WHERE id = %s",
        stage,
        order,
    )


def test_who_was_second_is_told_wherever_he_is_and_takes_it_off_the_list(
    phone,
    network,
    server,  # noqa: F811
    open_order,
):
    order = open_order
    network.is_silent = True
    phone.open(f"#order/{order}")
    phone.result("not_repairable").check()
    phone.fill("What was found and done", "Của người thứ hai")
    phone.press("Save and close")
    phone.heading(phone.text("My work"))
    server.query(
        "UPDATE maintenance_request SET closed_at = now() at time zone 'utc', result = 'repaired',"
        " closed_by_id = (SELECT id FROM res_users WHERE login = 'thu-mot'),"
        " stage_id = (SELECT id FROM maintenance_stage WHERE done ORDER BY sequence LIMIT 1)"
        " WHERE id = %s",
        order,
    )
    network.is_silent = False
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.press("See why")
    item = phone.page.locator(".state-conflict")
    expect(item.locator(".reason")).to_contain_text("thu-mot")
    phone.open("#queue")
    expect(item).to_have_count(1)
    phone.press("Read, take it off the list")
    expect(item).to_have_count(0)
    assert server.query("SELECT result FROM maintenance_request WHERE id = %s", order) == [
        ("repaired",)
    ]
