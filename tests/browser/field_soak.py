"""Many actions of a phone over a network that fails: each has exactly one effect in the end.

One implementation for the short run of ``make test`` and the long one of ``make soak``.
"""

from __future__ import annotations

import collections
import random
import time
from types import SimpleNamespace

from faulty_network import FAULTS, FaultyNetwork
from odoo_server import OdooServer
from playwright.sync_api import Browser, Page
from test_field_app import HERE, Phone

SHARE = 0.3
# Seconds within which everything must have arrived after the last action was made.
PATIENCE = 420

# A second tab of the same queue, as the app itself opens it.  Each failure is followed by a
# network that comes back, so that the run does not spend its time in the pauses.
OPEN_QUEUE = """async () => {
    const files = performance.getEntriesByType("resource").map(({ name }) => name);
    const load = (file) => import(files.find((name) => name.endsWith("/" + file)));
    const [{ Outbox }, { Net, sendActions }] = [await load("outbox.js"), await load("net.js")];
    const { token, user } = JSON.parse(localStorage.getItem("ttcs-kt-phone"));
    const net = new Net({ token: () => token });
    const send = (actions) => sendActions(net, "/kt/api/actions", actions);
    self.queue = new Outbox({ name: `kt-${user.id}`, batch: 100, send });
    queue.addEventListener("trouble", () => {
        setTimeout(() => dispatchEvent(new Event("online")), 30);
    });
}"""
ADD = """async (actions) => {
    const canvas = new OffscreenCanvas(40, 30);
    canvas.getContext("2d").fillRect(5, 5, 20, 20);
    const photo = await canvas.convertToBlob({ type: "image/jpeg" });
    for (const { kind, payload, pictured } of actions) {
        const blobs = pictured ? [{ name: "1.jpg", blob: photo }] : [];
        await queue.add(kind, payload, blobs);
    }
}"""


def soak(browser: Browser, server: OdooServer, count: int, seed: int, photo_every: int) -> dict:
    """Make ``count`` actions, a third before, while and after the server is down.

    :param photo_every: each so-manieth action has a photo, and so a request of its own
    :returns: how many faults of each kind were met, under ``faults``, and how many requests
        passed
    """
    print(f"\nNetwork with seed {seed}: {count} actions.")
    network = FaultyNetwork(server.port, seed)
    conditions = server.query("SELECT id, condition FROM maintenance_equipment")
    context = browser.new_context(locale="vi-VN", geolocation=HERE, permissions=["geolocation"])
    try:
        phone = Phone(context, SimpleNamespace(root=network.root, known=server.known))
        phone.sign_in("thu-hai")
        phone.wait_until_kept_offline()
        page = phone.page
        actions = make_actions(server.known["clusters"], count, seed, photo_every)
        third = count // 3
        network.share = SHARE
        page.evaluate(OPEN_QUEUE)
        page.evaluate(ADD, actions[:third])
        server.kill()
        page.evaluate(ADD, actions[third : 2 * third])
        page.reload()
        page.evaluate(OPEN_QUEUE)
        server.start()
        page.evaluate(ADD, actions[2 * third :])
        wait_until_empty(page, server)
    finally:
        context.close()
        network.close()
    faults = collections.Counter(network.met)
    print(f"{network.passed} requests passed; met {dict(faults)}.")
    check_effects(server, actions)
    # Other tests look at the list of open work, and at how assets are.
    for asset, condition in conditions:
        server.query(
            "UPDATE maintenance_equipment SET condition = %s WHERE id = %s", condition, asset
        )
    server.query(
        "UPDATE maintenance_request SET closed_at = now() at time zone 'utc', result = 'repaired'"
        " WHERE description LIKE '%%Lần thử %%'"
    )
    return {"faults": faults, "passed": network.passed}


def make_actions(assets: list[int], count: int, seed: int, photo_every: int) -> list[dict]:
    """Fault reports and conditions with a note; each text is of one action alone."""
    chance = random.Random(seed)
    actions = []
    for number in range(count):
        asset, text = chance.choice(assets), f"Lần thử {seed}, việc {number:04d}."
        pictured = number % photo_every == 0
        if pictured or chance.random() < 0.5:
            payload = {"asset": asset, "text": text, "severity": "minor"}
            kind = "report_fault"
        else:
            payload = {"asset": asset, "condition": "good", "note": text}
            kind = "set_condition"
        actions.append({"kind": kind, "payload": payload, "pictured": pictured, "text": text})
    return actions


def wait_until_empty(page: Page, server: OdooServer) -> None:
    end = time.monotonic() + PATIENCE
    while (counts := page.evaluate("queue.counts()"))["total"]:
        assert not counts["refused"] + counts["conflict"], page.evaluate("queue.list()")
        assert time.monotonic() < end, counts
        # A person makes fewer actions in ten minutes than this run in a few seconds.
        server.query("DELETE FROM ttcs_rate_limit")
        time.sleep(0.1)


def check_effects(server: OdooServer, actions: list[dict]) -> None:
    """Every action has its one order or its one note, and its one photo."""
    effects = dict(
        server.query(
            """
            SELECT substring(text FROM 'Lần thử [0-9]+, việc [0-9]+\\.') AS sentence, count(*)
            FROM (
                SELECT description AS text FROM maintenance_request
                UNION ALL
                SELECT body FROM mail_message WHERE model = 'maintenance.equipment'
            ) AS written
            WHERE text LIKE '%%Lần thử %%' GROUP BY sentence
            """
        )
    )
    expected = {action["text"]: 1 for action in actions}
    assert {text: effects.get(text, 0) for text in expected} == expected
    photos = dict(
        server.query(
            """
            SELECT substring(description FROM 'Lần thử [0-9]+, việc [0-9]+\\.'), count(*)
            FROM maintenance_request WHERE description LIKE '%%Lần thử %%'
            AND id IN (SELECT res_id FROM ir_attachment WHERE mimetype = 'image/jpeg'
                       AND res_model = 'maintenance.request')
            GROUP BY 1
            """
        )
    )
    assert photos == {action["text"]: 1 for action in actions if action["pictured"]}
    [(attached,)] = server.query(
        """
        SELECT count(*) FROM ir_attachment JOIN maintenance_request order_ ON order_.id = res_id
        WHERE mimetype = 'image/jpeg' AND res_model = 'maintenance.request'
        AND order_.description LIKE '%%Lần thử %%'
        """
    )
    assert attached == len(photos)


def assert_it_failed_enough(met: dict, requests: int) -> None:
    """A run over a good network proves nothing."""
    failed = sum(met["faults"].values())
    assert failed + met["passed"] >= requests
    assert failed >= 0.2 * (failed + met["passed"])
    assert set(met["faults"]) == set(FAULTS)
