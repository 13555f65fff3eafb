/** One asset: how it is, what was done to it, what can be done now. */

import { button, element, field, notify, showView } from "../../../ttcs_base/static/light/dom.js";
import { locate } from "../../../ttcs_base/static/light/position.js";
import { formatDay, formatNumber, t } from "../../../ttcs_base/static/light/text.js";
import { spokenInGroups } from "./kt-code.js";
import { handOver } from "./kt-handover.js";
import { conditionBadge, orderItem, wayThere } from "./kt-items.js";
import { dayInWords, serverTime } from "./kt-words.js";

/** @param {import("./kt-app.js").FieldApp} app @param {string} id */
export async function showAsset(app, id) {
    const isHere = app.stay();
    const asset = await findAsset(app, Number(id));
    const pending = await app.pendingOrders();
    if (!isHere()) {
        return;
    }
    if (!asset) {
        showView(
            t("This asset"),
            element("p", {}, t("It is not on this phone. Try again with a network."))
        );
        return;
    }
    const history = element("div", {});
    const open = [...app.area.orders.values()].filter((one) => one.equipment_id === asset.id);
    showView(
        asset.name,
        element("p", {}, [app.area.kindOf(asset), placeOf(app, asset)].join(" · ")),
        element("p", {}, conditionBadge(app.area, asset), " ", seenOn(asset)),
        asset.site_note ? element("p", {}, asset.site_note) : [],
        element(
            "div",
            { class: "buttons" },
            element("a", { class: "button primary", href: `#fault/${asset.id}` }, t("Report a fault")),
            asset.latitude ? wayThere(asset) : null,
            button(t("Hand over"), () => handOver(app, asset))
        ),
        open.length
            ? [
                  element("h2", {}, t("Open work orders")),
                  element(
                      "ul",
                      { class: "items" },
                      open.map((order) => orderItem(app.area, order, pending.has(order.id)))
                  ),
              ]
            : [],
        conditionForm(app, asset),
        positionSection(app, asset),
        tagSection(app, asset),
        history
    );
    await showHistory(app, asset, history);
}

/** From the phone or, when it was not taken along, from the server. */
async function findAsset(app, id) {
    const kept = app.area?.assets.get(id);
    if (kept || !app.area) {
        return kept;
    }
    return app.net.get(`/kt/api/asset/${id}`).then(
        ({ data }) => data.asset,
        () => null
    );
}

function placeOf(app, asset) {
    return asset.place ?? app.area.placeOf(asset);
}

function seenOn({ condition_date }) {
    return condition_date ? t("seen on %(day)s", { day: dayInWords(condition_date) }) : "";
}

function conditionForm(app, asset) {
    const choices = app.area.choices("condition").map(([value, name]) =>
        element("option", { value, selected: value === asset.condition }, name)
    );
    const condition = element("select", {}, choices);
    const note = element("input", { type: "text", maxlength: 500 });
    const problem = element("p", { class: "error", role: "alert" });
    const keep = async (event) => {
        event.preventDefault();
        const payload = { asset: asset.id, condition: condition.value };
        try {
            await app.keep("set_condition", { ...payload, note: note.value.trim() || null });
            app.refresh();
        } catch (error) {
            problem.textContent = error.message;
        }
    };
    return element(
        "details",
        {},
        element("summary", {}, t("Record its condition")),
        element(
            "form",
            { onsubmit: keep },
            field(t("Condition seen now"), condition),
            field(t("Note (not required)"), note),
            problem,
            element("button", { type: "submit" }, t("Save"))
        )
    );
}

function positionSection(app, asset) {
    const status = element("p", { class: "hint", role: "status" }, positionInWords(asset));
    const measure = button(t("Measure the position here"), async () => {
        measure.disabled = true;
        status.textContent = t("Stand beside it. Looking for the position…");
        try {
            const { latitude, longitude, accuracy } = await locate({ enough: 8 });
            const position = { latitude, longitude, accuracy };
            const before = app.measuring?.payload.asset === asset.id ? app.measuring : undefined;
            const better = position.accuracy <= (asset.position_accuracy || Infinity);
            const force = !better && confirm(lessExact(asset, position));
            if (!better && !force) {
                status.textContent = positionInWords(asset);
                return;
            }
            await app.keep("set_position", { asset: asset.id, position, force }, [], before);
            app.measuring = null;
            status.textContent = t("Measured, exact to %(accuracy)s m.", {
                accuracy: formatNumber(accuracy),
            });
        } catch (error) {
            status.textContent = error.message;
        } finally {
            measure.disabled = false;
        }
    });
    const open = app.measuring?.payload.asset === asset.id;
    return element("details", { open }, element("summary", {}, t("Position")), status, measure);
}

function lessExact(asset, position) {
    return t("The recorded position is more exact (%(stored)s m) than this one (%(accuracy)s m). Replace it all the same?", {
        stored: formatNumber(asset.position_accuracy),
        accuracy: formatNumber(position.accuracy),
    });
}

function positionInWords({ latitude, longitude, position_accuracy }) {
    if (!latitude) {
        return t("No position recorded");
    }
    const place = `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`;
    const accuracy = formatNumber(position_accuracy);
    return position_accuracy ? `${place} (± ${accuracy} m)` : place;
}

function tagSection(app, asset) {
    const tags = app.area.tagsOn(asset);
    const items = tags.map((tag) =>
        element(
            "li",
            {},
            element("strong", {}, spokenInGroups(tag.spoken_code)),
            " ",
            app.area.nameOf("point", tag.point),
            " ",
            element("a", { class: "button", href: `/A/${tag.code}#face` }, t("What citizens see"))
        )
    );
    return element(
        "details",
        {},
        element("summary", {}, t("Tags (%(count)s)", { count: tags.length })),
        items.length
            ? element("ul", {}, items)
            : element("p", { class: "hint" }, t("No tag is on it yet.")),
        button(t("Put a tag on it"), () => {
            app.claimFor = asset.id;
            notify(t("Scan the blank tag."));
            app.go("scan");
        })
    );
}

async function showHistory(app, asset, place) {
    let data;
    try {
        ({ data } = await app.net.get(`/kt/api/asset/${asset.id}`));
    } catch {
        place.append(element("p", { class: "hint" }, t("Its history shows with a network.")));
        return;
    }
    const { orders, placements } = data.asset;
    const closed = orders.filter((order) => order.closed_at);
    place.append(
        element("h2", {}, t("History")),
        closed.length
            ? element("ul", { class: "history" }, closed.map((order) => closedItem(app, order)))
            : element("p", { class: "hint" }, t("No work has been done on it yet.")),
        ...formerPlaces(placements)
    );
}

function closedItem(app, order) {
    const day = formatDay(serverTime(order.closed_at));
    return element(
        "li",
        {},
        element("time", { datetime: serverTime(order.closed_at).toISOString() }, day),
        " ",
        element("strong", {}, order.name),
        element("p", {}, [app.area.nameOf("result", order.result), order.resolution]
            .filter(Boolean)
            .join(": "))
    );
}

function formerPlaces(placements) {
    const former = placements.filter((placement) => placement.valid_to);
    if (!former.length) {
        return [];
    }
    const items = former.map(({ place, agency, valid_to }) => {
        const until = t("until %(day)s", { day: dayInWords(valid_to) });
        return element("li", {}, [place, agency, until].filter(Boolean).join(" · "));
    });
    return [element("h2", {}, t("Former places")), element("ul", {}, items)];
}
