/** "My work": the open work orders, the person's own first. */

import { element, showView } from "../../../ttcs_base/static/light/dom.js";
import { formatTime, t } from "../../../ttcs_base/static/light/text.js";
import { missingArea, orderItem } from "./kt-items.js";

/** @param {import("./kt-app.js").FieldApp} app */
export async function showWork(app) {
    const content = element("div", {});
    const update = async () => {
        const pending = await app.pendingOrders();
        content.replaceChildren(...sections(app, pending));
    };
    await update();
    app.whenChanged(update);
    showView(t("My work"), content);
}

function sections(app, pending) {
    const { area } = app;
    if (!area) {
        return missingArea(area);
    }
    if (area.mustChoose) {
        return [
            ...countLink(area),
            ...missingArea(area),
            ...list(app, t("Assigned to me"), [...area.orders.values()], pending),
            loadedAt(app),
        ];
    }
    const orders = [...area.orders.values()].sort(byUrgency);
    const mine = orders.filter((order) => area.isMine(order));
    const free = orders.filter((order) => !order.user_id);
    const others = orders.filter((order) => order.user_id && !area.isMine(order));
    return [
        ...countLink(area),
        ...list(app, t("Assigned to me"), mine, pending),
        ...list(app, t("Assigned to nobody"), free, pending),
        others.length ? folded(app, others, pending) : "",
        loadedAt(app),
    ];
}

/** While sheets of an inventory are being counted, counting is work too. */
function countLink({ sheets }) {
    return sheets.size
        ? [element("a", { class: "button", href: "#count" }, t("Inventory (%(count)s sheets)", { count: sheets.size }))]
        : [];
}

function folded(app, orders, pending) {
    const heading = t("Assigned to others (%(count)s)", { count: orders.length });
    const items = orders.map((order) => orderItem(app.area, order, pending.has(order.id)));
    return element(
        "details",
        {},
        element("summary", {}, heading),
        element("ul", { class: "items" }, items)
    );
}

function list(app, heading, orders, pending) {
    const items = orders.map((order) => orderItem(app.area, order, pending.has(order.id)));
    return [
        element("h2", {}, `${heading} (${orders.length})`),
        items.length
            ? element("ul", { class: "items" }, items)
            : element("p", { class: "hint" }, t("No open work order.")),
    ];
}

function loadedAt(app) {
    const time = formatTime(app.area.loadedAt);
    return element("p", { class: "hint" }, t("Loaded on this phone: %(time)s", { time }));
}

/** The earliest day first, those without one last, then the more urgent. */
function byUrgency(one, other) {
    const never = "9999";
    const days = (one.due_date ?? never).localeCompare(other.due_date ?? never);
    return days || Number(other.priority ?? 0) - Number(one.priority ?? 0);
}
