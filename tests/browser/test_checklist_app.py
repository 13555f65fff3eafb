"""A checklist is filled in on a phone without a network, against a real Odoo."""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import expect
from test_field_app import Phone, assert_accessible, draw_on, phone_context, server

__all__ = ["phone_context", "server"]


@pytest.fixture
def phone(phone_context, server):
    made = Phone(phone_context, server)
    made.sign_in("thu-hai")
    made.heading(made.text("My work"))
    return made


def figure(phone):
    return phone.page.get_by_label("Điện áp lưới", exact=True)


def line(phone, question):
    return phone.page.locator(".line", has_text=question)


def test_a_checklist_survives_closing_the_app_and_arrives_once(phone, server):
    order = server.known["checked_order"]
    phone.wait_until_kept_offline()
    server.kill()

    phone.open(f"#order/{order}")
    phone.heading("Phiếu kiểm tra")
    phone.photograph("red", "Photos before the work")
    line(phone, "Cột đứng thẳng").get_by_role("button").first.click()
    figure(phone).fill("251,5")
    verdict = line(phone, "Điện áp lưới").locator(".verdict.bad")
    expect(verdict).to_contain_text("Báo điện lực.")
    assert figure(phone).get_attribute("inputmode") == "decimal"
    phone.fill("What was found and done", "Đã vệ sinh")
    phone.result("repaired").check()
    # Two lines are not answered yet: the first of them is named.
    phone.press("Save and close")
    told = phone.page.get_by_role("alert").filter(has_text="Ghi nhận khác")
    expect(told).to_be_visible()
    assert_accessible(phone.page, "#order")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.page.close()

    # What was filled in is still there when the app opens again.
    again = Phone(phone.context, server)
    again.open(f"#order/{order}")
    expect(figure(again)).to_have_value("251,5")
    expect(again.page.locator(".photos li")).to_have_count(1)
    expect(again.result("repaired")).to_be_checked()
    pressed = line(again, "Cột đứng thẳng").locator("[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    again.page.get_by_label("Ghi nhận khác", exact=True).fill("Tổ kiến trong tủ")
    again.photograph("blue")
    again.photograph("green", "Photos after the work")
    again.page.locator("summary", has_text=again.text("Signature")).click()
    again.fill("Full name", "Trưởng ấp 1")
    draw_on(again.page, again.page.locator(".signature canvas"))
    # Thumbs tap twice; the work is done once.
    again.page.get_by_role("button", name=again.text("Save and close")).dblclick()
    again.heading(again.text("My work"))

    again.open("#queue")
    again.see("%(count)s not sent yet", count=1)
    server.start()
    again.page.evaluate("dispatchEvent(new Event('online'))")
    again.see("Everything has been sent.")
    assert_everything_arrived(server, order)


def assert_everything_arrived(server, order):
    answers = server.query(
        "SELECT kind, value_yes_no, value_number::float, value_text, verdict"
        " FROM ttcs_checklist_answer WHERE request_id = %s ORDER BY line_id",
        order,
    )
    assert [(row[0], row[4]) for row in answers] == [
        ("yes_no", "passed"),
        ("number", "failed"),
        ("text", "passed"),
        ("photo", "passed"),
    ]
    assert (answers[0][1], answers[1][2], answers[2][3]) == ("yes", 251.5, "Tổ kiến trong tủ")
    photos = server.query(
        """
        SELECT photo.moment, photo.sha256, photo.has_position, photo.answer_id IS NOT NULL,
            file.store_fname
        FROM ttcs_order_photo photo JOIN ir_attachment file
            ON file.res_model = 'ttcs.order.photo' AND file.res_id = photo.id
        WHERE photo.request_id = %s ORDER BY photo.moment
        """,
        order,
    )
    assert [row[:1] + row[2:4] for row in photos] == [
        ("after", True, False),
        ("before", True, False),
        ("line", True, True),
    ]
    for _moment, sha256, _position, _line, name in photos:
        assert hashlib.sha256(server.stored(name)).hexdigest() == sha256
    [(confirmed_by, length)] = server.query(
        "SELECT confirmed_by, length(signature_sha256) FROM maintenance_request WHERE id = %s",
        order,
    )
    assert (confirmed_by, length) == ("Trưởng ấp 1", 64)
    repairs = server.query(
        """
        SELECT repair.maintenance_type, repair.priority, asset.condition
        FROM maintenance_request repair
        JOIN ttcs_checklist_answer answer ON answer.id = repair.source_answer_id
        JOIN maintenance_equipment asset ON asset.id = repair.equipment_id
        WHERE answer.request_id = %s
        """,
        order,
    )
    assert repairs == [("corrective", "2", "broken")]
