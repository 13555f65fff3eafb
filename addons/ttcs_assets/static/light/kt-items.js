/** Assets and work orders as items of a list. */

import { element } from "../../../ttcs_base/static/light/dom.js";
import { t } from "../../../ttcs_base/static/light/text.js";
import { dayInWords, today } from "./kt-words.js";

/**
 * What to do while the phone has no assets along.
 * @param {import("./kt-area.js").Area | null} area
 * @returns {HTMLElement[]} nothing when it has some
 */
export function missingArea(area) {
    if (!area) {
        return [element("p", {}, t("Nothing is loaded yet. Connect to a network once."))];
    }
    if (area.mustChoose) {
        return [
            element("p", {}, t("You look after many communes. Choose the ones you are going to.")),
            element("a", { class: "button primary", href: "#communes" }, t("Choose communes")),
        ];
    }
    return [];
}

/**
 * @param {import("./kt-area.js").Area} area
 * @param {any} asset
 * @param {string} [note] such as how far away it is
 */
export function assetItem(area, asset, note) {
    return element(
        "li",
        {},
        element(
            "a",
            { class: "item", href: `#asset/${asset.id}` },
            element("strong", {}, asset.name),
            element("span", {}, [area.kindOf(asset), area.placeOf(asset)].join(" · ")),
            note ? element("span", { class: "distance" }, note) : null,
            conditionBadge(area, asset)
        )
    );
}

/** Opens the phone's own map. @param {{latitude: number, longitude: number}} point */
export function wayThere({ latitude, longitude }) {
    const place = `${latitude},${longitude}`;
    return element("a", { class: "button", href: `geo:${place}?q=${place}` }, t("Show the way"));
}

/** @param {import("./kt-area.js").Area} area @param {{condition: string}} asset */
export function conditionBadge(area, { condition }) {
    const name = area.nameOf("condition", condition);
    return element("span", { class: `badge ${condition}` }, name);
}

/**
 * @param {import("./kt-area.js").Area} area
 * @param {any} order
 * @param {boolean} isPending closed on this phone, not sent yet
 */
export function orderItem(area, order, isPending) {
    const name = area.assets.get(order.equipment_id)?.name;
    // Most orders bear the name of their asset already.
    const about = [name && !order.name.includes(name) ? name : "", area.placeOf(order)];
    return element(
        "li",
        {},
        element(
            "a",
            { class: "item", href: `#order/${order.id}` },
            element("strong", {}, order.name),
            element("span", {}, about.filter(Boolean).join(" · ")),
            isPending
                ? element("span", { class: "badge pending" }, t("Closed, waiting to be sent"))
                : dueBadge(order)
        )
    );
}

function dueBadge({ due_date }) {
    if (!due_date) {
        return null;
    }
    const day = dayInWords(due_date);
    return due_date < today()
        ? element("span", { class: "badge broken" }, t("Late, due %(day)s", { day }))
        : element("span", { class: "badge" }, t("Due %(day)s", { day }));
}
