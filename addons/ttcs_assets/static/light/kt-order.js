/** One work order, and closing it. */

import { element, field, showView } from "../../../ttcs_base/static/light/dom.js";
import { formatTime, t } from "../../../ttcs_base/static/light/text.js";
import { PhotoField } from "./kt-photos.js";
import { Whereabouts } from "./kt-where.js";
import { dayInWords, serverTime } from "./kt-words.js";

/**
 * @param {import("./kt-app.js").FieldApp} app
 * @param {string} id
 * @param {any} [before] a refused closing that is being corrected, with its files
 */
export async function showOrder(app, id, before) {
    const order = app.area?.orders.get(Number(id));
    if (!order && !before) {
        showView(
            t("Work order"),
            element("p", {}, t("It is closed, or not on this phone.")),
            element("a", { class: "button", href: "#work" }, t("My work"))
        );
        return;
    }
    const pending = await app.pendingOrders();
    showView(
        order?.name ?? t("Work order"),
        order ? facts(app, order) : [],
        pending.has(Number(id)) && !before
            ? element("p", { class: "summary" }, t("Closed, waiting to be sent"))
            : closingForm(app, Number(id), before)
    );
}

function facts(app, order) {
    const { area } = app;
    const asset = area.assets.get(order.equipment_id);
    const rows = [
        [t("Asset"), asset && element("a", { href: `#asset/${asset.id}` }, asset.name)],
        [t("Place"), area.placeOf(order)],
        [t("Kind of work"), area.nameOf("maintenance_type", order.maintenance_type)],
        [t("Reported"), order.reported_at && formatTime(serverTime(order.reported_at))],
        [t("Due"), order.due_date && dayInWords(order.due_date)],
    ].filter(([, value]) => value);
    return [
        element(
            "dl",
            {},
            rows.map(([name, value]) =>
                element("div", {}, element("dt", {}, name), element("dd", {}, value))
            )
        ),
        order.description ? element("p", { class: "quote" }, order.description) : [],
    ];
}

function closingForm(app, id, before) {
    const { result = "", note = "" } = before?.payload ?? {};
    const choices = app.area.choices("result").map(([value, name]) =>
        element(
            "label",
            { class: "choice" },
            element("input", {
                type: "radio",
                name: "result",
                value,
                required: true,
                checked: value === result,
            }),
            name
        )
    );
    const text = element("textarea", { rows: 3, maxlength: 4000 }, note ?? "");
    const photos = new PhotoField(before?.blobs);
    const where = new Whereabouts();
    const problem = element("p", { class: "error", role: "alert" });
    const keep = async (event) => {
        event.preventDefault();
        const result = new FormData(event.target).get("result");
        if (!result) {
            problem.textContent = t("Choose the result first.");
            event.target.querySelector("input").focus();
            return;
        }
        const payload = {
            order: id,
            result,
            note: text.value.trim() || null,
            position: where.position,
        };
        try {
            await app.keep("close_order", payload, photos.photos, before);
            app.go("work", { replace: true });
        } catch (error) {
            problem.textContent = error.message;
        }
    };
    return element(
        "form",
        { onsubmit: keep, novalidate: true },
        element("h2", {}, t("Close this work order")),
        element("fieldset", { class: "field" }, element("legend", {}, t("Result")), choices),
        field(t("What was found and done"), text),
        photos.view,
        where.view,
        problem,
        element("button", { type: "submit", class: "primary" }, t("Save and close"))
    );
}
