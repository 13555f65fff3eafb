"""Views of the field app that are slow to be ready, and a person who does not wait for them."""

from __future__ import annotations

from playwright.sync_api import expect
from test_field_app import Phone, phone, phone_context, server  # noqa: F401

from conftest import eventually

# Keep everybody else from a database of the phone until `release` is called.
HOLD = """async (part) => {
    const found = (await indexedDB.databases()).find(({ name }) => name.includes(part));
    const database = await new Promise((resolve) => {
        indexedDB.open(found.name).onsuccess = ({ target }) => resolve(target.result);
    });
    const names = [...database.objectStoreNames];
    const transaction = database.transaction(names, "readwrite");
    let isHeld = true;
    const hold = () => {
        transaction.objectStore(names[0]).count().onsuccess = () => isHeld && hold();
    };
    hold();
    self.release = async () => {
        isHeld = false;
        // Who asked before has been answered when this one is.
        await new Promise((resolve) => {
            const after = database.transaction(names, "readwrite");
            after.oncomplete = resolve;
        });
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
        database.close();
    };
}"""
# The view of an address was asked for; whether it is there is another matter.
WHEN_ASKED = """(hash) => new Promise((resolve) => {
    addEventListener("hashchange", () => setTimeout(resolve, 0), { once: true });
    location.hash = hash;
})"""


def test_a_slow_view_does_not_take_the_place_of_the_form_one_went_to(phone, server):  # noqa: F811
    asset, page = server.known["clusters"][5], phone.page
    order = server.known["orders"][4]
    for slow in ("work", "queue", f"asset/{asset}", f"order/{order}"):
        phone.open("#near")
        phone.heading(phone.text("Near me"))
        page.evaluate(HOLD, "outbox-kt-")
        page.evaluate(WHEN_ASKED, slow)
        page.evaluate(WHEN_ASKED, f"fault/{asset}")
        description = page.get_by_label(phone.text("What is wrong"))
        description.fill(f"Đang ghi khi {slow}")
        phone.photograph("red")
        page.evaluate("release()")
        phone.heading(phone.text("Report a fault"))
        expect(description).to_have_value(f"Đang ghi khi {slow}")
        expect(page.locator(".photos li")).to_have_count(1)


def test_a_code_looked_up_slowly_does_not_carry_the_person_away(phone, server):  # noqa: F811
    asset, page = server.known["clusters"][5], phone.page
    waiting = []
    phone.context.route("**/kt/api/tag?*", lambda route: waiting.append(route))
    phone.go("scan")
    phone.fill("Call code or code under the QR", "00000000")
    phone.press("Look up")
    eventually(lambda: page.evaluate("true") and waiting, "the code is looked up")
    page.evaluate(WHEN_ASKED, f"fault/{asset}")
    phone.fill("What is wrong", "Đang ghi")
    with page.expect_response("**/kt/api/tag?*"):
        waiting[0].fulfill(
            json={"status": "assigned", "tag": {"code": "X"}, "asset": {"id": asset}}
        )
    # The page reads the answer before it goes anywhere.
    page.evaluate("new Promise((resolve) => setTimeout(resolve, 50))")
    phone.heading(phone.text("Report a fault"))


def test_nothing_is_drawn_to_be_filled_in_before_the_phone_is_ready(phone, server):  # noqa: F811
    phone.page.evaluate(HOLD, "kt-area-")
    opening = Phone(phone.context, server)
    opening.page.evaluate(WHEN_ASKED, "fault/{}".format(server.known["clusters"][5]))
    expect(opening.page.locator("form")).to_have_count(0)
    phone.page.evaluate("release()")
    opening.heading(opening.text("Report a fault"))
