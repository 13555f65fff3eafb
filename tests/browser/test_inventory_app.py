"""A team counts an inventory with a phone, against a real Odoo that is killed and started."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from test_field_app import Phone, phone_context, server

from conftest import eventually

__all__ = ["phone_context", "server"]
CLOSE = Path(__file__).with_name("close_sheet.py")


@pytest.fixture
def sheet(server):
    return server.known["sheet"]


@pytest.fixture
def phone(phone_context, server):
    made = Phone(phone_context, server)
    made.sign_in("thu-ba")
    made.heading(made.text("My work"))
    return made


def line_states(server, sheet):
    rows = server.query(
        "SELECT equipment_id, name, state FROM ttcs_inventory_line WHERE sheet_id = %s", sheet
    )
    return {asset or name: state for asset, name, state in rows}


def type_code(page, code):
    page.fill("Call code or code under the QR", code)
    page.press("Look up")


def test_a_sheet_is_counted_without_a_network_and_waits_for_the_phone(phone, server, sheet):
    clusters = server.known["clusters"]
    phone.wait_until_kept_offline()
    phone.open("#work")
    phone.follow("Inventory (%(count)s sheets)", count=1)
    phone.page.locator(".items .item[href^='#count/']").click()
    phone.see("%(counted)s of %(total)s counted", counted=0, total=8)
    server.kill()

    # By its call code: a tap on the condition counts it.
    type_code(phone, server.known["spoken"][2])
    phone.heading("Cụm loa số 3")
    phone.see("It is here. How is it?")
    phone.page.locator(".buttons button").nth(2).click()
    phone.see("%(count)s waiting to be sent", count=1)
    expect(phone.page.get_by_role("link", name="Cụm loa số 3")).to_have_count(0)

    # From the list of what is left.
    phone.tap("Cụm loa số 5")
    phone.page.locator(".buttons button.primary").click()
    phone.see("%(counted)s of %(total)s counted", counted=2, total=8)

    # What nobody expected, with a photo.
    phone.follow("Something that is not on the list")
    phone.fill("What it is", "Bộ đàm lạ")
    phone.photograph("red")
    phone.press("Save")
    phone.page.locator(".items .item").first.wait_for()

    # The phone is switched off and on again; what was counted still is.
    phone.page.close()
    again = Phone(phone.context, server)
    again.open(f"#count/{sheet}")
    again.see("%(count)s waiting to be sent", count=2)

    # Whoever closes meanwhile is told to wait for this phone.
    assert server.run(CLOSE)["state"] == "counting"
    assert set(line_states(server, sheet).values()) == {"pending"}
    server.start()
    again.page.evaluate("dispatchEvent(new Event('online'))")
    again.go("queue")
    again.see("Everything has been sent.")
    states = line_states(server, sheet)
    assert states.pop("Bộ đàm lạ") == "unexpected"
    assert {asset for asset, state in states.items() if state == "found"} == {
        clusters[2],
        clusters[4],
    }
    assert server.query(
        "SELECT count(*), count(DISTINCT uuid) FROM ttcs_inventory_count WHERE sheet_id = %s",
        sheet,
    ) == [(3, 3)]
    photos = server.query(
        "SELECT count(*) FROM ir_attachment WHERE res_model = 'ttcs.inventory.count'"
        " AND mimetype = 'image/jpeg'"
    )
    assert photos == [(1,)]

    # The loaded area knows them as counted as well.
    again.open(f"#count/{sheet}")
    again.see("%(counted)s of %(total)s counted", counted=2, total=8)

    # Now it holds nothing; the other phones of the test never took a count along.
    eventually(
        lambda: (
            server.query(
                "SELECT bool_and(device.waiting_at > sheet.closing_asked_at AND waiting_count = 0)"
                " FROM ttcs_inventory_phone phone"
                " JOIN ttcs_inventory_sheet sheet ON sheet.id = phone.sheet_id"
                " JOIN ttcs_field_device device ON device.id = phone.device_id"
                " WHERE device.last_seen > sheet.closing_asked_at - interval '1 minute'"
                " AND device.id = (SELECT max(device_id) FROM ttcs_inventory_phone)"
            )
            == [(True,)]
        ),
        "the phone tells that its queue is empty",
    )
    server.query(
        "DELETE FROM ttcs_inventory_phone WHERE device_id <>"
        " (SELECT max(device_id) FROM ttcs_inventory_phone)"
    )
    server.kill()
    assert server.run(CLOSE) == {"state": "closed", "awaited": ""}
    server.start()
    states = line_states(server, sheet)
    assert sorted(states.values()) == ["found"] * 2 + ["missing"] * 6 + ["unexpected"]
