"""Parts, working time and wrong figures on a phone without a network, against a real Odoo."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from test_field_app import Phone, assert_accessible, phone_context, server

__all__ = ["phone_context", "server"]

SAID = re.compile(r"\w")


@pytest.fixture
def phone(phone_context, server):
    made = Phone(phone_context, server)
    made.sign_in("thu-hai")
    made.heading(made.text("My work"))
    return made


class OrderPage:
    """The form of an order on a phone."""

    def __init__(self, phone):
        self.phone = phone
        self.page = phone.page

    def figure(self, question):
        return self.page.get_by_label(question, exact=True)

    def line(self, question):
        return self.page.locator(".line", has_text=question)

    def save(self):
        self.phone.press("Save and close")

    def told(self, text):
        expect(self.page.get_by_role("alert").filter(has_text=text)).to_be_visible()

    @property
    def search(self):
        return self.page.get_by_label(self.phone.text("Add a part"), exact=True)

    @property
    def offers(self):
        return self.page.locator(".offers button")

    def quantity(self, part):
        return self.page.get_by_label(self.phone.text("Quantity of %(part)s", part=part))

    @property
    def minutes(self):
        return self.page.get_by_label(self.phone.text("Time worked, in minutes (not required)"))

    def add(self, typed, number=0):
        self.search.fill(typed)
        self.offers.nth(number).click()

    def type_wrong_figures(self):
        figure, line = self.figure("Số loa không kêu"), self.line("Số loa không kêu")
        expect(line).to_contain_text("phải là 0 loa")
        problem = line.locator(".error")
        for text in ("abc", "1e999", "1e3", "0x10"):
            figure.fill(text)
            expect(problem).to_have_text(SAID)
        self.phone.result("not_repairable").check()
        self.save()
        self.told("Số loa không kêu")
        expect(figure).to_be_focused()
        figure.fill("2")
        expect(problem).to_be_empty()
        expect(line.locator(".verdict.wait:not(.doubt)")).to_be_visible()
        figure.fill("0")

    def read_meter(self):
        meter, doubt = (
            self.figure("Đồng hồ giờ chạy"),
            self.line("Đồng hồ giờ chạy").locator(".doubt"),
        )
        for doubtful in ("900,5", "2000000"):
            meter.fill(doubtful)
            expect(doubt).to_have_text(SAID)
        meter.fill("-3")
        expect(self.line("Đồng hồ giờ chạy").locator(".error")).to_have_text(SAID)
        meter.fill("1300,5")
        expect(doubt).to_be_hidden()

    def enter_parts(self):
        self.page.locator("summary", has_text=self.phone.text("Parts used")).click()
        self.search.fill("cau chi")
        # Both fuses, and what was typed as something of its own.
        expect(self.offers).to_have_count(3)
        self.add("ong 10a")
        expect(self.quantity("Cầu chì ống 10A")).to_be_focused()
        self.add("day loa")
        self.quantity("Dây loa hai lõi").fill("2,5")
        self.add("Băng keo điện")
        self.add("băng keo ĐIỆN")
        expect(self.page.locator(".parts .item")).to_have_count(3)
        taken = self.phone.text("Take out %(name)s", name="Cầu chì ống 10A")
        self.page.get_by_role("button", name=taken).click()
        expect(self.page.locator(".parts .item")).to_have_count(2)

    def type_wrong_amounts(self):
        self.minutes.fill("1,5")
        self.quantity("Băng keo điện").fill("0")
        expect(self.page.locator(".parts .error").nth(1)).to_have_text(SAID)
        self.save()
        self.told("Băng keo điện")
        self.quantity("Băng keo điện").fill("3")
        self.save()
        self.told(self.phone.text("The time worked is not right."))
        expect(self.minutes).to_be_focused()
        self.minutes.fill("45")
        self.search.fill("ốc vít")
        self.save()
        self.told("ốc vít")

    def expect_kept(self):
        expect(self.quantity("Dây loa hai lõi")).to_have_value("2,5")
        expect(self.quantity("Băng keo điện")).to_have_value("3")
        expect(self.minutes).to_have_value("45")
        expect(self.figure("Đồng hồ giờ chạy")).to_have_value("1300,5")


def test_parts_survive_closing_the_app_and_a_refusal_and_arrive_once(phone, server):
    order = server.known["repair_order"]
    phone.wait_until_kept_offline()
    server.kill()

    phone.open(f"#order/{order}")
    phone.heading("Phiếu thay vật tư")
    form = OrderPage(phone)
    form.type_wrong_figures()
    form.read_meter()
    form.enter_parts()
    form.type_wrong_amounts()
    phone.result("repaired").check()
    assert_accessible(phone.page, "#order")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.page.close()

    # What was filled in is still there when the app opens again.
    again = Phone(phone.context, server)
    again.open(f"#order/{order}")
    form = OrderPage(again)
    form.expect_kept()
    form.save()
    again.heading(again.text("My work"))

    # The office has entered costs that a warranty should pay: the closing is refused.
    server.query(
        "UPDATE maintenance_equipment SET warranty_date = current_date + 9 WHERE id = %s",
        server.known["clusters"][7],
    )
    server.query(
        "UPDATE maintenance_request SET other_cost = 20000, cost_total = 20000 WHERE id = %s",
        order,
    )
    again.open("#queue")
    server.start()
    again.page.evaluate("dispatchEvent(new Event('online'))")
    expect(again.page.locator(".state-refused .reason")).to_contain_text("bảo hành")
    server.query("UPDATE maintenance_request SET paid_by = 'warranty' WHERE id = %s", order)
    again.press("Correct it")
    form.expect_kept()
    form.save()
    again.heading(again.text("My work"))
    again.open("#queue")
    again.see("Everything has been sent.")
    assert_arrived(server, order)


def assert_arrived(server, order):
    parts = server.query(
        "SELECT name, uom, quantity::float, unit_price::float, part_id IS NULL"
        " FROM ttcs_order_part WHERE request_id = %s ORDER BY id",
        order,
    )
    assert parts == [
        ("Dây loa hai lõi", "mét", 2.5, 12_500, False),
        ("Băng keo điện", None, 3, 0, True),
    ]
    labour = server.query(
        "SELECT minutes, person.name FROM ttcs_order_labour labour"
        " JOIN ttcs_person person ON person.id = person_id WHERE request_id = %s",
        order,
    )
    assert labour == [(45, "Kỹ thuật viên thu-hai")]
    readings = server.query(
        "SELECT hours::float FROM ttcs_meter_reading WHERE equipment_id = %s ORDER BY id",
        server.known["clusters"][7],
    )
    assert readings == [(1200,), (1300.5,)]
