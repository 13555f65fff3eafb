"""A technician's phone against a real Odoo that is killed and started again."""

from __future__ import annotations

import io
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from conftest import PAGES, eventually, watch

expect.set_options(timeout=15_000)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HERE = {"latitude": 10.385, "longitude": 105.62, "accuracy": 6}


def picture(colour):
    stream = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(stream, "JPEG")
    return {"name": "chup.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}


class Phone:
    """A page of the field app; finds things by their English text, in whatever language."""

    def __init__(self, context, server):
        self.server = server
        self.context = context
        self.page = context.new_page()
        PAGES.append(self.page)
        self.open()

    def open(self, part=""):
        self.page.goto(f"{self.server.root}/kt/{part}")
        data = self.page.locator("#light-page").text_content()
        self._terms = json.loads(data)["terms"]

    def text(self, source, **values):
        text = self._terms.get(source, source)
        return re.sub(r"%\((\w+)\)s", lambda match: str(values[match[1]]), text)

    def sign_in(self, login):
        self.page.get_by_label(self.text("Account")).fill(login)
        self.enter_password()

    def enter_password(self):
        self.page.get_by_label(self.text("Password")).fill(self.server.known["password"])
        self.press("Sign in")
        expect(self.page.get_by_role("navigation")).to_be_visible()

    def press(self, source, **values):
        self.page.get_by_role("button", name=self.text(source, **values), exact=True).click()

    def follow(self, source, **values):
        self.page.get_by_role("link", name=self.text(source, **values), exact=True).click()

    def go(self, part):
        """To one of the four pages of the bar."""
        self.page.locator(f".bar a[href='#{part}']").click()

    def tap(self, text):
        self.page.get_by_role("link", name=text).first.click()

    def choose(self, source):
        self.page.get_by_role("radio", name=self.text(source)).check()

    def fill(self, source, value):
        self.page.get_by_label(self.text(source)).fill(value)

    def photograph(self, colour, where="Photos"):
        """Take a photo in the group of that name, the last where there are several."""
        group = self.page.get_by_role("group", name=self.text(where), exact=True).last
        before = group.locator(".photos li").count()
        with self.page.expect_file_chooser() as chooser:
            group.get_by_role("button", name=self.text("Take a photo")).click()
        chooser.value.set_files(picture(colour))
        expect(group.locator(".photos li")).to_have_count(before + 1)

    def see(self, source, **values):
        expect(self.page.get_by_text(self.text(source, **values)).first).to_be_visible()

    def heading(self, text):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def wait_until_kept_offline(self):
        controlled = "Boolean(navigator.serviceWorker.controller)"
        eventually(lambda: self.page.evaluate(controlled), "the page is kept on the phone")
        kept = "(address) => caches.match(address).then(Boolean)"
        scanner = json.loads(self.page.locator("#light-page").text_content())["files"]["zxing"]
        eventually(lambda: self.page.evaluate(kept, scanner), "the scanner is kept with it")

    def result(self, value):
        """The name of a result of work, as the server calls it."""
        return self.page.locator(f"input[name=result][value={value}]")


@pytest.fixture
def phone_context(browser):
    made = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="vi-VN",
        geolocation=HERE,
        permissions=["geolocation"],
    )
    complaints = watch(made)
    yield made
    made.close()
    assert complaints == []


@pytest.fixture
def server(field_server):
    field_server.start()
    # Each test signs in, and more often than a person would.
    field_server.query("DELETE FROM ttcs_rate_limit")
    return field_server


@pytest.fixture
def phone(phone_context, server):
    made = Phone(phone_context, server)
    made.sign_in("thu-mot")
    made.heading(made.text("My work"))
    return made


def log_of(server):
    return server.query(
        """
        SELECT kind, verdict, attempts, photo_count FROM ttcs_field_action
        WHERE user_id = (SELECT id FROM res_users WHERE login = 'thu-mot') ORDER BY id
        """
    )


def test_a_technicians_day_without_a_network_arrives_once(phone, server):
    first_order = server.known["orders"][0]
    phone.wait_until_kept_offline()
    server.kill()

    phone.open("#near")
    phone.tap("Cụm loa số 7")
    phone.heading("Cụm loa số 7")
    phone.follow("Report a fault")
    phone.choose("It is a danger to people")
    phone.fill("What is wrong", "Cột nghiêng, dây hở")
    phone.photograph("red")
    phone.photograph("blue")
    phone.press("Save the report")
    phone.heading("Cụm loa số 7")

    phone.go("work")
    phone.tap("Phiếu số 1")
    phone.result("repaired").check()
    phone.fill("What was found and done", "Thay nguồn")
    phone.photograph("green", "Photos after the work")
    phone.press("Save and close")
    phone.heading(phone.text("My work"))
    phone.see("Closed, waiting to be sent")

    # The phone is switched off and on again before there is a network.
    phone.page.close()
    again = Phone(phone.context, server)
    again.open("#queue")
    again.see("%(count)s not sent yet", count=2)
    expect(again.page.get_by_text(again.text("Waiting to be sent"))).to_have_count(2)

    server.start()
    again.page.evaluate("dispatchEvent(new Event('online'))")
    again.see("Everything has been sent.")
    assert log_of(server) == [
        ("report_fault", "done", 1, 2),
        ("close_order", "done", 1, 1),
    ]
    [(result, resolution, closed_by)] = server.query(
        "SELECT result, resolution, login FROM maintenance_request"
        " JOIN res_users ON res_users.id = closed_by_id WHERE maintenance_request.id = %s",
        first_order,
    )
    assert (result, resolution, closed_by) == ("repaired", "Thay nguồn", "thu-mot")
    reports = server.query(
        "SELECT id, priority FROM maintenance_request WHERE description LIKE '%%Cột nghiêng%%'"
    )
    assert [priority for _id, priority in reports] == ["3"]
    photos = server.query(
        "SELECT res_id, count(*) FROM ir_attachment WHERE res_model = 'maintenance.request'"
        " AND mimetype = 'image/jpeg' GROUP BY res_id ORDER BY res_id"
    )
    assert photos == [(reports[0][0], 2)]
    kept = server.query("SELECT moment FROM ttcs_order_photo WHERE request_id = %s", first_order)
    assert kept == [("after",)]
    # The order is no longer among the work.
    again.go("work")
    expect(again.page.get_by_role("link", name="Phiếu số 1")).to_have_count(0)


def test_an_expired_sign_in_asks_for_the_password_alone_and_loses_nothing(phone, server):
    server.query("UPDATE ttcs_field_device SET expires_at = now() - interval '1 day'")
    phone.open("#asset/{}".format(server.known["clusters"][5]))
    phone.page.get_by_text(phone.text("Record its condition")).click()
    phone.page.get_by_label(phone.text("Condition seen now")).select_option("degraded")
    phone.press("Save")
    phone.press("Enter your password")
    phone.heading(phone.text("Enter your password"))
    phone.see("What was not sent yet (%(count)s) stays on this phone.", count=1)
    assert phone.page.get_by_label(phone.text("Account")).input_value() == "thu-mot"
    phone.enter_password()
    phone.go("queue")
    phone.see("Everything has been sent.")
    asset = server.known["clusters"][5]
    eventually(
        lambda: (
            server.query("SELECT condition FROM maintenance_equipment WHERE id = %s", asset)
            == [("degraded",)]
        ),
        "the condition arrives",
    )


def test_a_hand_over_signed_without_a_network_arrives_once(phone, server):
    known = server.known
    phone.wait_until_kept_offline()
    server.kill()

    phone.open(f"#asset/{known['clusters'][2]}")
    phone.press("Hand over")
    phone.heading(phone.text("Hand over assets"))
    phone.press("Scan an asset")
    phone.fill("Call code or code under the QR", known["spoken"][3])
    phone.press("Look up")
    expect(phone.page.locator(".items .item")).to_have_count(2)
    phone.page.locator(".items select").first.select_option("degraded")
    phone.press("Save the hand-over")
    expect(phone.page.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()
    phone.fill("Search the receiver by name", "thu hai")
    receiver = phone.page.get_by_label(phone.text("Received by"), exact=True)
    receiver.select_option(index=1)
    for field in phone.page.locator(".signature canvas").all():
        draw_on(phone.page, field)
    assert_accessible(phone.page, "#handover")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.press("Save the hand-over")
    phone.heading(phone.text("My work"))

    phone.page.close()
    again = Phone(phone.context, server)
    again.open("#queue")
    again.see("%(count)s not sent yet", count=1)
    server.start()
    again.page.evaluate("dispatchEvent(new Event('online'))")
    again.see("Everything has been sent.")
    rows = server.query(
        "SELECT paper.state, giver_name, receiver_name, length(receiver_sha256), condition"
        " FROM ttcs_handover paper JOIN ttcs_handover_line line ON line.handover_id = paper.id"
        " ORDER BY line.id"
    )
    names = "Kỹ thuật viên thu-ba", "Kỹ thuật viên thu-hai"
    assert rows == [("signed", *names, 64, "degraded"), ("signed", *names, 64, "good")]
    held = server.query(
        "SELECT count(*), count(valid_to), count(DISTINCT handover_id) FROM ttcs_custody"
        " JOIN ttcs_person person ON person.id = person_id WHERE person.name = %s",
        names[1],
    )
    assert held == [(2, 0, 1)]
    drawn = server.query(
        "SELECT octet_length(giver_signature) BETWEEN 100 AND 40000 FROM ttcs_handover"
    )
    assert drawn == [(True,)]


def draw_on(page, canvas):
    """A wavy line, as a finger would draw it."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 9):
        height = 60 if step % 2 else 25
        page.mouse.move(box["x"] + 20 + step * 25, box["y"] + height)
    page.mouse.up()


def test_a_wrong_password_says_so(phone_context, server):
    phone = Phone(phone_context, server)
    phone.fill("Account", "thu-mot")
    phone.fill("Password", "khong-dung")
    phone.press("Sign in")
    expect(phone.page.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()
    expect(phone.page.get_by_role("navigation")).to_be_hidden()


def test_who_closes_second_reads_who_was_first_and_keeps_his_report(phone, browser, server):
    order = server.known["orders"][1]
    other_context = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    other = Phone(other_context, server)
    other.sign_in("thu-hai")
    other.open(f"#order/{order}")
    phone.open(f"#order/{order}")
    for one, result in ((other, "repaired"), (phone, "not_repairable")):
        one.result(result).check()
        one.fill("What was found and done", f"Kết luận {result}")
        one.press("Save and close")
        one.heading(one.text("My work"))
        one.go("queue")
        if one is other:
            one.see("Everything has been sent.")
    expect(phone.page.locator(".state-conflict .reason")).to_contain_text("thu-hai")
    # The order has left the phone by then, and is still called by its name.
    expect(phone.page.locator(".state-conflict strong")).to_contain_text("Phiếu số 2")
    phone.see("%(count)s sent, its answer to be read", count=1)
    other_context.close()
    [(result,)] = server.query("SELECT result FROM maintenance_request WHERE id = %s", order)
    assert result == "repaired"
    [(notes,)] = server.query(
        "SELECT count(*) FROM mail_message WHERE model = 'maintenance.request' AND res_id = %s"
        " AND body LIKE '%%Kết luận not_repairable%%'",
        order,
    )
    assert notes == 1


def test_a_typed_call_code_opens_its_asset_and_a_blank_tag_is_claimed(phone, server):
    known = server.known
    phone.go("scan")
    phone.fill("Call code or code under the QR", known["spoken"][2])
    phone.press("Look up")
    phone.heading("Cụm loa số 3")

    phone.go("scan")
    phone.fill("Call code or code under the QR", known["blanks"][0].lower())
    phone.press("Look up")
    phone.heading(phone.text("Put a tag on an asset"))
    # The nearest is offered first.
    expect(phone.page.locator(".picker .choice").first).to_contain_text("Cụm loa số 1")
    phone.fill("Search by name, code or place", "cum loa so 8")
    phone.page.locator(".picker .choice").first.click()
    phone.page.get_by_label(phone.text("Stuck on")).select_option("control_box")
    phone.press("Save")
    phone.heading("Cụm loa số 8")
    eventually(
        lambda: (
            server.query(
                "SELECT state, point, equipment_id FROM ttcs_tag WHERE code = %s",
                known["blanks"][0],
            )
            == [("assigned", "control_box", known["clusters"][7])]
        ),
        "the tag is claimed",
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "0123456789ZK5GAR25",
            "Not genuine: nobody issued this code. Report it, or check the typing.",
        ),
        (
            "https://evil.example/A/{code}",
            "Not genuine: this tag leads to a foreign address. Report it.",
        ),
        ("https://example.com", "This is not a tag of the network."),
    ],
)
def test_what_is_not_genuine_is_refused_with_the_reason(phone, server, text, source):
    phone.go("scan")
    code = server.known["codes"][0]
    phone.fill("Call code or code under the QR", text.format(code=code))
    phone.press("Look up")
    phone.see(source)


def test_near_me_sorts_by_distance_and_says_the_direction(phone):
    phone.go("near")
    items = phone.page.locator(".items .item")
    expect(items.first).to_contain_text("Cụm loa số 1")
    expect(items.first).to_contain_text(phone.text("to the north"))
    assert [text.split("\n")[0] for text in items.all_inner_texts()[:3]] == [
        "Cụm loa số 1",
        "Cụm loa số 2",
        "Cụm loa số 3",
    ]
    phone.fill("Search by name, code or place", "LOA SO 5")
    expect(items).to_have_count(1)


def test_a_measured_position_arrives(phone, server):
    asset = server.known["clusters"][6]
    server.query("UPDATE maintenance_equipment SET position_accuracy = 30 WHERE id = %s", asset)
    phone.open(f"#asset/{asset}")
    phone.page.locator("summary", has_text=phone.text("Position")).click()
    phone.press("Measure the position here")
    eventually(
        lambda: (
            server.query(
                "SELECT latitude::float, position_accuracy::float FROM maintenance_equipment"
                " WHERE id = %s",
                asset,
            )
            == [(HERE["latitude"], HERE["accuracy"])]
        ),
        "the position arrives",
    )


def test_the_public_face_leads_a_technicians_phone_into_the_app(phone, browser, server):
    address = f"{server.root}/A/{server.known['codes'][3]}"
    phone.page.goto(address)
    phone.heading("Cụm loa số 4")
    assert phone.page.url.startswith(f"{server.root}/kt/#asset/")
    phone.page.goto(f"{address}#face")
    expect(phone.page.locator(".report")).to_be_visible()
    citizen = browser.new_context()
    page = citizen.new_page()
    page.goto(address)
    expect(page.locator(".report")).to_be_visible()
    assert page.url == address
    assert citizen.cookies() == []
    citizen.close()


def test_every_view_is_accessible_and_fits_the_phone(phone, server):
    known = server.known
    views = [
        *("#work", "#near", "#scan", "#queue", "#phone", "#communes", "#count"),
        f"#count/{known['sheet']}",
        f"#count/{known['sheet']}/{known['clusters'][7]}",
        f"#unexpected/{known['sheet']}",
        f"#asset/{known['clusters'][3]}",
        f"#fault/{known['clusters'][3]}",
        f"#order/{known['orders'][4]}",
        f"#order/{known['checked_order']}",
        f"#claim/{known['blanks'][1]}",
    ]
    for view in views:
        phone.open(view)
        expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
        phone.page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        assert_accessible(phone.page, view)
        width = phone.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{view} is {width} px wide"


def test_the_faces_are_accessible(phone_context, server):
    page = phone_context.new_page()
    known = server.known
    for path in (f"/A/{known['codes'][0]}", f"/A/{known['blanks'][2]}", "/a"):
        page.goto(server.root + path)
        assert_accessible(page, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def assert_accessible(page, what):
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    problems = [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]]
    assert problems == [], what
