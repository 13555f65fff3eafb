"""Slips of the technician and of his phone: an empty battery, a wrong figure, a wrong clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from test_field_app import Phone, phone, phone_context, server  # noqa: F401
from test_field_network import open_order  # noqa: F401

from conftest import eventually


def test_a_hand_over_that_was_put_together_outlives_an_empty_battery(phone, server):  # noqa: F811
    known = server.known
    phone.open(f"#asset/{known['clusters'][2]}")
    phone.press("Hand over")
    phone.heading(phone.text("Hand over assets"))
    phone.page.locator(".items select").first.select_option("degraded")
    phone.fill("Note (not required)", "Kèm hai chìa khóa")
    receiver = phone.page.get_by_label(phone.text("Received by"), exact=True)
    receiver.select_option(index=1)
    chosen = receiver.input_value()

    phone.page.close()
    again = Phone(phone.context, server)
    again.open("#handover")
    again.see("What you had typed here is back.")
    expect(again.page.locator(".items select").first).to_have_value("degraded")
    expect(again.page.get_by_label(again.text("Note (not required)"))).to_have_value(
        "Kèm hai chìa khóa"
    )
    person = again.page.get_by_label(again.text("Received by"), exact=True)
    expect(person).to_have_value(chosen)
    again.press("Start again")
    again.see("No asset yet: scan the first.")
    again.page.reload()
    again.see("No asset yet: scan the first.")


def test_a_closing_that_still_waits_is_corrected_and_arrives_once(
    phone,  # noqa: F811
    server,  # noqa: F811
    open_order,  # noqa: F811
):
    order = open_order
    phone.wait_until_kept_offline()
    server.kill()
    phone.open(f"#order/{order}")
    phone.result("repaired").check()
    phone.fill("What was found and done", "Thay cầu chì")
    phone.photograph("red", "Photos after the work")
    phone.press("Save and close")
    phone.heading(phone.text("My work"))
    phone.go("queue")
    phone.see("%(count)s not sent yet", count=1)
    phone.press("Correct it")
    expect(phone.page.locator(".photos li")).to_have_count(1)
    phone.fill("What was found and done", "Thay màng loa")
    phone.press("Save and close")
    phone.heading(phone.text("My work"))
    phone.go("queue")
    phone.see("%(count)s not sent yet", count=1)
    server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.see("Everything has been sent.")
    rows = server.query(
        "SELECT resolution, (SELECT count(*) FROM ttcs_field_action WHERE request_id = %s),"
        " (SELECT count(*) FROM ttcs_order_photo WHERE request_id = %s)"
        " FROM maintenance_request WHERE id = %s",
        order,
        order,
        order,
    )
    assert rows == [("Thay màng loa", 1, 1)]


def reported(server, text):  # noqa: F811
    """How many orders say this."""
    query = "SELECT count(*) FROM maintenance_request WHERE name LIKE %s OR description LIKE %s"
    return server.query(query, f"%{text}%", f"%{text}%")[0][0]


def report_offline(phone, asset, text):  # noqa: F811
    phone.open(f"#fault/{asset}")
    phone.fill("What is wrong", text)
    phone.press("Save the report")
    phone.page.wait_for_url(f"**/kt/#asset/{asset}")


def test_what_is_being_corrected_is_not_sent_under_the_hand(phone, server):  # noqa: F811
    """The network is back while the form is open: one report arrives, the corrected one."""
    first, second = server.known["clusters"][1:3]
    phone.wait_until_kept_offline()
    server.kill()
    report_offline(phone, first, "Mất tiếng lần một")
    report_offline(phone, second, "Hở dây điện lần này")
    phone.go("queue")
    phone.page.get_by_role("button", name=phone.text("Correct it")).first.click()
    faults = phone.page.get_by_label(phone.text("What is wrong"))
    expect(faults).to_have_value("Mất tiếng lần một")
    faults.fill("Mất tiếng, đã sửa lời")
    server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    # The other one goes out meanwhile, so the queue was certainly worked through.
    eventually(lambda: reported(server, "Hở dây điện lần này"), "the other report arrives")
    assert not reported(server, "Mất tiếng lần một")
    phone.press("Save the report")
    eventually(lambda: reported(server, "Mất tiếng, đã sửa lời"), "the corrected one arrives")
    assert not reported(server, "Mất tiếng lần một")


def test_a_correction_outlives_a_reload_and_is_let_go_when_left(phone, server):  # noqa: F811
    asset = server.known["clusters"][2]
    phone.wait_until_kept_offline()
    server.kill()
    report_offline(phone, asset, "Rè tiếng lần một")
    phone.go("queue")
    phone.press("Correct it")
    phone.fill("What is wrong", "Rè tiếng, ghi thêm")
    drafted = """async () => {
        const open = indexedDB.databases().then((all) =>
            all.find(({ name }) => name.startsWith("ttcs-kt-drafts-")));
        const { name } = await open;
        const database = await new Promise((resolve) => {
            indexedDB.open(name).onsuccess = ({ target }) => resolve(target.result);
        });
        const all = await new Promise((resolve) => {
            database.transaction("drafts").objectStore("drafts").getAll().onsuccess =
                ({ target }) => resolve(target.result);
        });
        database.close();
        return JSON.stringify(all).includes("ghi thêm");
    }"""
    eventually(lambda: phone.page.evaluate(drafted), "what was typed is kept")
    phone.page.reload()
    expect(phone.page.get_by_label(phone.text("What is wrong"))).to_have_value(
        "Rè tiếng, ghi thêm"
    )
    server.start()
    phone.go("queue")
    eventually(lambda: reported(server, "Rè tiếng lần một"), "what was left is sent as it was")


def test_a_correction_that_comes_too_late_makes_no_second_report(phone, server):  # noqa: F811
    """Another tab lets it go and it is sent: the person is told, nothing is doubled."""
    asset = server.known["clusters"][2]
    phone.wait_until_kept_offline()
    server.kill()
    report_offline(phone, asset, "Chập chờn lần một")
    phone.go("queue")
    phone.press("Correct it")
    phone.fill("What is wrong", "Chập chờn, ghi thêm")
    server.start()
    Phone(phone.context, server).see("My work")
    eventually(lambda: reported(server, "Chập chờn lần một"), "it is sent by the other tab")
    phone.press("Save the report")
    phone.see(
        "This has been sent meanwhile, so it was not saved a second time. "
        "Look at the queue and at the record."
    )
    assert not reported(server, "ghi thêm")


def test_mistakes_are_told_one_at_a_time_and_not_on_the_next_page(phone, server):  # noqa: F811
    phone.open("#handover")
    notices = phone.page.locator("#light-notices .notice.bad")
    for _ in range(3):
        phone.press("Save the hand-over")
    expect(notices).to_have_count(1)
    phone.go("queue")
    expect(notices).to_have_count(0)


def test_a_clock_that_was_slow_does_not_put_a_report_days_back(phone, server):  # noqa: F811
    """The network sets the clock right before anything is sent, so that it shows no skew."""
    asset = server.known["clusters"][4]
    phone.wait_until_kept_offline()
    server.kill()
    now = datetime.now(UTC)
    phone.page.clock.set_system_time(now - timedelta(days=2))
    phone.open(f"#fault/{asset}")
    phone.choose("It does not work")
    phone.page.get_by_label(phone.text("What is wrong")).fill("Loa im")
    phone.page.locator("main form button[type=submit]").click()
    eventually(
        lambda: phone.page.locator(".bar .count").text_content() == "1", "the report is kept"
    )
    phone.page.clock.set_system_time(datetime.now(UTC))
    server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.go("queue")
    phone.see("Everything has been sent.")
    [(reported_at,)] = server.query(
        "SELECT max(reported_at) FROM maintenance_request WHERE equipment_id = %s", asset
    )
    assert now.replace(tzinfo=None) - reported_at < timedelta(hours=1)
