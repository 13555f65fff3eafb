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
