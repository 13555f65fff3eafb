/** An app that uses the whole kit, as small as one can be; the tests reach it as `demo`. */

import { button, element, field, notify, showView } from "../ttcs_base/static/light/dom.js";
import { Net, sendActions } from "../ttcs_base/static/light/net.js";
import { Outbox } from "../ttcs_base/static/light/outbox.js";
import { pickPhoto, shrinkPhoto } from "../ttcs_base/static/light/photo.js";
import { distance, distanceInWords, locate } from "../ttcs_base/static/light/position.js";
import { queueView } from "../ttcs_base/static/light/queue.js";
import { Store } from "../ttcs_base/static/light/store.js";
import { forgetAnswers, keepUpdated } from "../ttcs_base/static/light/update.js";

const VERSION = "version one";
const POLE = { latitude: 10.4602, longitude: 105.6329 };
const net = new Net();
const outbox = new Outbox({
    name: "demo",
    batch: 20,
    send: (actions) => sendActions(net, "/demo/api/actions", actions),
});
let photos = [];

outbox.addEventListener("auth", () => notify("Sign in again.", { mood: "bad" }));
outbox.addEventListener("done", ({ detail }) => notify(`Sent as ${detail.result.number}.`));

function showReading() {
    const asset = element("input", { type: "text", name: "asset", required: true });
    const value = element("input", { type: "number", name: "value", required: true });
    const problem = element("p", { class: "error", role: "alert" });
    const form = element(
        "form",
        {
            onsubmit: async (event) => {
                event.preventDefault();
                try {
                    const payload = { asset: asset.value, value: Number(value.value) };
                    await outbox.add("reading", payload, photos);
                    photos = [];
                    form.reset();
                } catch (error) {
                    problem.textContent = error.message;
                }
            },
        },
        field("Asset", asset, "As it stands on the plate"),
        field("Reading", value),
        problem,
        element("div", { class: "buttons" }, [
            button("Take a photo", () => takePhoto(problem)),
            button("How far is it", () => measure(problem)),
            button("Scan", showScanner),
            element("button", { type: "submit", class: "primary" }, "Keep"),
        ])
    );
    const describe = ({ payload }) => `Reading of ${payload.asset}`;
    const correct = ({ uuid, payload }) =>
        outbox.retry(uuid, { ...payload, value: Math.abs(payload.value) });
    const queue = queueView(outbox, { describe, correct });
    showView("Readings", element("p", {}, VERSION), form, queue);
}

async function takePhoto(problem) {
    const file = await pickPhoto();
    try {
        const photo = await shrinkPhoto(file);
        photos.push({ name: "photo.jpg", blob: photo.blob });
        demo.photo = photo;
        problem.textContent = `Photo ${photo.width} × ${photo.height}`;
    } catch (error) {
        problem.textContent = error.message;
    }
}

async function measure(problem) {
    try {
        const here = await locate({ patience: 3000 });
        problem.textContent = distanceInWords(distance(here, POLE));
    } catch (error) {
        problem.textContent = error.message;
    }
}

async function showScanner() {
    const { Scanner } = await import("../ttcs_base/static/light/scan.js");
    const codes = element("ul", {});
    const scanner = new Scanner({
        hint: "Ten digits",
        onCode: (text) => {
            codes.append(element("li", {}, text));
            return text.startsWith("HTTPS://TTCS.EXAMPLE/") ? undefined : "Not one of our codes.";
        },
    });
    const back = button("Back", () => (scanner.stop(), showReading()));
    showView("Scan", scanner.view, codes, back);
    await scanner.start();
}

const demo = { outbox, net, sendActions, Store, forgetAnswers, photo: null, kept: false };
globalThis.demo = demo;
showReading();
demo.kept = await keepUpdated();
