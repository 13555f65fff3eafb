/** The queue: what is not sent yet, why, and what was sent lately. */

import { element, notify, showView } from "../../../ttcs_base/static/light/dom.js";
import { SentMeanwhile } from "../../../ttcs_base/static/light/outbox.js";
import { queueView } from "../../../ttcs_base/static/light/queue.js";
import { formatTime, t } from "../../../ttcs_base/static/light/text.js";
import { showClaim } from "./kt-claim.js";
import { showUnexpected } from "./kt-count.js";
import { showFault } from "./kt-fault.js";
import { correctHandover } from "./kt-handover.js";
import { showOrder } from "./kt-order.js";

const SENT_SHOWN = 20;
const WITH_FORM = ["report_fault", "close_order", "claim_tag", "hand_over", "count_unexpected"];

/** @param {import("./kt-app.js").FieldApp} app */
export async function showQueue(app) {
    const isHere = app.stay();
    const describe = (action) => actionInWords(app, action);
    const correct = ({ uuid }) => app.go(`correct/${uuid}`);
    const sent = element("div", {});
    const update = async () => {
        const latest = (await app.outbox.listSent()).slice(-SENT_SHOWN).reverse();
        sent.replaceChildren(...sentList(latest));
    };
    await update();
    if (!isHere()) {
        return;
    }
    app.whenChanged(update);
    showView(
        t("Queue"),
        queueView(app.outbox, { describe, correct, advise, isFinal, mayCorrect }),
        sent,
        element("p", {}, element("a", { class: "button", href: "#phone" }, t("This phone and its area")))
    );
}

/** The server never judges a conflict again, and has kept what was sent with the record. */
function isFinal({ state }) {
    return state === "conflict";
}

/** Whoever notices a slip before it is sent corrects it in its form. */
function mayCorrect({ kind, state }) {
    return state === "waiting" && WITH_FORM.includes(kind);
}

function advise(action) {
    return isFinal(action)
        ? t("Nothing of the other person was overwritten. Look at the record; what is still to be done needs a new report.")
        : t("Nothing was changed. Correct it and send it again, or delete it.");
}

function sentList(latest) {
    if (!latest.length) {
        return [];
    }
    const items = latest.map(({ kind, result, sent_at }) =>
        element(
            "li",
            {},
            element("time", { datetime: sent_at }, formatTime(sent_at)),
            ` ${sentInWords(kind, result?.name)}`
        )
    );
    return [element("h2", {}, t("Sent lately")), element("ul", { class: "history" }, items)];
}

function sentInWords(kind, name) {
    // The order that a report opens says itself that it is about a fault.
    return name && kind !== "report_fault" ? `${kindInWords(kind)}: ${name}` : name ?? kindInWords(kind);
}

function actionInWords(app, { kind, payload, result }) {
    const order = app.area?.orders.get(payload.order);
    const asset = app.area?.assets.get(payload.asset);
    const named = { count_unexpected: payload.name, hand_over: payload.receiver_name }[kind];
    const subject = order?.name ?? asset?.name ?? result?.name ?? named;
    return subject ? `${kindInWords(kind)}: ${subject}` : kindInWords(kind);
}

function kindInWords(kind) {
    return {
        report_fault: t("Report a fault"),
        close_order: t("Close a work order"),
        claim_tag: t("Put a tag on an asset"),
        set_position: t("Measure a position"),
        set_condition: t("Record a condition"),
        count_asset: t("Count an asset"),
        count_unexpected: t("Count an unexpected object"),
        hand_over: t("Hand over assets"),
    }[kind] ?? kind;
}

/** A position is measured anew beside the asset; the old one goes when the new one is kept. */
function measureAgain(app, loaded) {
    app.measuring = loaded;
    app.go(`asset/${loaded.payload.asset}`);
}

/**
 * Open the form again with what was entered; until the person leaves it, it is not sent.
 * @param {import("./kt-app.js").FieldApp} app
 * @param {string} uuid
 */
export async function showCorrection(app, uuid) {
    const isHere = app.stay();
    const action = (await app.outbox.list()).find((one) => one.uuid === uuid);
    const loaded = action && (await app.outbox.hold(uuid)) && (await app.outbox.load(action));
    if (!isHere()) {
        return;
    }
    if (!loaded) {
        app.go("queue", { replace: true });
        notify(new SentMeanwhile().message, { mood: "bad" });
        return;
    }
    const { kind, payload } = loaded;
    const forms = {
        report_fault: () => showFault(app, payload.asset, loaded),
        close_order: () => showOrder(app, payload.order, loaded),
        claim_tag: () => showClaim(app, payload.code, loaded),
        set_position: () => measureAgain(app, loaded),
        set_condition: () => app.go(`asset/${payload.asset}`),
        count_asset: () => app.go(`count/${payload.sheet}/${payload.asset}`),
        hand_over: () => correctHandover(app, loaded),
        count_unexpected: () => showUnexpected(app, payload.sheet, payload.code, loaded),
    };
    forms[kind]?.();
}
