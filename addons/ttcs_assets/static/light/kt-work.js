/** The work orders on this phone: by the way to go, or by the day they are due. */

import { button, element, showView } from "../../../ttcs_base/static/light/dom.js";
import { locate } from "../../../ttcs_base/static/light/position.js";
import { formatNumber, formatTime, t } from "../../../ttcs_base/static/light/text.js";
import { missingArea, orderItem, wayThere } from "./kt-items.js";
import { flatDistance, lengthOf, middle, planRoute } from "./kt-route.js";

// More than a person visits in a day.
const SHOWN = 20;
// Metres that nobody walks.
const HERE = 10;

/** @param {import("./kt-app.js").FieldApp} app */
export async function showWork(app) {
    const isHere = app.stay();
    const content = element("div", {});
    const update = async () => {
        const pending = await app.pendingOrders();
        content.replaceChildren(...sections(app, pending, measure));
    };
    const measure = async () => {
        try {
            await app.noteHere(await locate());
        } catch (error) {
            app.whyNotHere = error.message;
        }
        await update();
    };
    await update();
    if (!isHere()) {
        return;
    }
    app.whenChanged(update);
    showView(t("My work"), content);
    if (app.area?.orders.size && (await mayLocate())) {
        await measure();
    }
}

/** Whether looking for the position asks the person nothing. */
async function mayLocate() {
    const status = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    return status?.state === "granted";
}

function sections(app, pending, measure) {
    const { area } = app;
    if (!area) {
        return missingArea(area);
    }
    const orders = [...area.orders.values()].sort(byUrgency);
    const mine = orders.filter((order) => area.isMine(order));
    const elsewhere = mine.filter((order) => !area.isCarried(order));
    if (area.mustChoose) {
        return [
            ...countLink(area),
            ...missingArea(area),
            ...list(app, t("Assigned to me"), orders, pending),
            loadedAt(app),
        ];
    }
    const free = orders.filter((order) => !order.user_id);
    const others = orders.filter((order) => order.user_id && !area.isMine(order));
    return [
        ...countLink(area),
        ...(orders.length ? [sorting(app, measure)] : []),
        ...list(app, t("Assigned to me"), mine.filter((order) => area.isCarried(order)), pending),
        folded(app, t("Mine, in other communes"), elsewhere, pending),
        ...list(app, t("Assigned to nobody"), free, pending),
        folded(app, t("Assigned to others"), others, pending),
        loadedAt(app),
    ];
}

/** While sheets of an inventory are being counted, counting is work too. */
function countLink({ sheets }) {
    return sheets.size
        ? [
              element(
                  "a",
                  { class: "button", href: "#count" },
                  t("Inventory (%(count)s sheets)", { count: sheets.size })
              ),
          ]
        : [];
}

/** The choice of the order, and from where the way starts. */
function sorting(app, measure) {
    const choose = (byWay) => {
        app.byWay = byWay;
        app.refresh();
    };
    const choice = (text, byWay) =>
        button(text, () => choose(byWay), { "aria-pressed": String(app.byWay === byWay) });
    return element(
        "div",
        {},
        element(
            "div",
            { class: "buttons", role: "group", "aria-label": t("Sort by") },
            choice(t("Way to go"), true),
            choice(t("Due day"), false)
        ),
        app.byWay
            ? [
                  element("p", { class: "hint", role: "status" }, startInWords(app)),
                  button(t("Start from where I stand"), measure),
              ]
            : []
    );
}

function startInWords(app) {
    const { here, whyNotHere } = app;
    if (here) {
        const time = formatTime(here.at);
        return t("The way starts where you stood at %(time)s; straight lines.", { time });
    }
    return [whyNotHere, t("The way starts in the middle of your orders.")]
        .filter(Boolean)
        .join(" ");
}

function folded(app, heading, orders, pending) {
    if (!orders.length) {
        return "";
    }
    const items = orders.map((order) => orderItem(app.area, order, pending.has(order.id)));
    return element(
        "details",
        {},
        element("summary", {}, `${heading} (${orders.length})`),
        element("ul", { class: "items" }, items)
    );
}

function list(app, heading, orders, pending) {
    const title = element("h2", {}, `${heading} (${orders.length})`);
    if (!orders.length) {
        return [title, element("p", { class: "hint" }, t("No open work order."))];
    }
    if (app.byWay && !app.area.mustChoose) {
        return [title, ...way(app, orders, pending)];
    }
    const item = (order) => orderItem(app.area, order, pending.has(order.id));
    return [title, ...firstOf(orders, item, (items) => element("ul", { class: "items" }, items))];
}

/** A list of the first ones, and a button for the rest: a cheap phone builds them slowly. */
function firstOf(all, itemOf, listOf) {
    const made = listOf(all.slice(0, SHOWN).map(itemOf));
    if (all.length <= SHOWN) {
        return [made];
    }
    const more = button(t("Show %(count)s more", { count: all.length - SHOWN }), () => {
        const rest = all.slice(SHOWN).map((one, i) => itemOf(one, i + SHOWN));
        made.append(...rest);
        more.remove();
        rest[0].querySelector("a")?.focus();
    });
    return [made, more];
}

function way(app, orders, pending) {
    const { area } = app;
    const done = orders.filter((order) => pending.has(order.id));
    const visits = orders.filter((order) => !pending.has(order.id)).map((order) => ({ order, ...area.whereIs(order) }));
    const start = app.here ?? middle(visits.map(({ point }) => point).filter(Boolean));
    const stops = planRoute(visits, start, start && flatDistance(start));
    const total = element(
        "p",
        { class: "hint" },
        t("%(stops)s stops, about %(distance)s km", {
            stops: stops.length,
            distance: formatNumber(lengthOf(stops) / 1000, 1),
        })
    );
    const item = (stop, i) => stopItem(area, stop, i + 1);
    return [
        total,
        ...firstOf(stops, item, (items) => element("ol", { class: "stops" }, items)),
        element("ul", { class: "items" }, done.map((order) => orderItem(area, order, true))),
    ];
}

function stopItem(area, stop, number) {
    const { orders, point, rough, place } = stop;
    return element(
        "li",
        {},
        element(
            "div",
            { class: "stop" },
            element(
                "div",
                {},
                element("strong", {}, `${number}. ${place}`),
                element("span", { class: "distance" }, stepInWords(stop))
            ),
            point && !rough ? wayThere(point) : null
        ),
        element(
            "ul",
            { class: "items" },
            orders.map((order) => orderItem(area, order, false))
        )
    );
}

/** How far it is from the stop before. */
function stepInWords({ metres, point, rough }) {
    if (!point) {
        return t("No position recorded");
    }
    const text = metresInWords(metres);
    return rough ? `${text} · ${t("position not measured")}` : text;
}

function metresInWords(metres) {
    if (metres < HERE) {
        return t("right here");
    }
    return metres >= 1000
        ? t("%(distance)s km on", { distance: formatNumber(metres / 1000, 1) })
        : t("%(distance)s m on", { distance: formatNumber(Math.round(metres / 10) * 10) });
}

function loadedAt(app) {
    const time = formatTime(app.area.loadedAt);
    return element("p", { class: "hint" }, t("Loaded on this phone: %(time)s", { time }));
}

/** The earliest day first, those without one last, then the more urgent. */
function byUrgency(one, other) {
    const never = "9999";
    const [day, otherDay] = [one.due_date ?? never, other.due_date ?? never];
    if (day !== otherDay) {
        return day < otherDay ? -1 : 1;
    }
    return Number(other.priority ?? 0) - Number(one.priority ?? 0);
}
