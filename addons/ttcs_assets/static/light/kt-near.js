/** "Near me": assets by their distance, or by their name. */

import { announce, button, element, field, showView } from "../../../ttcs_base/static/light/dom.js";
import {
    distance,
    distanceInWords,
    locate,
} from "../../../ttcs_base/static/light/position.js";
import { formatNumber, t } from "../../../ttcs_base/static/light/text.js";
import { assetItem, missingArea } from "./kt-items.js";
import { bearingInWords, folded } from "./kt-words.js";

const SHOWN = 30;
// Metres within which no direction means anything.
const HERE = 5;

/** @param {import("./kt-app.js").FieldApp} app */
export function showNear(app) {
    let here = null;
    const status = element("p", { class: "hint", role: "status" });
    const list = element("ul", { class: "items" });
    const search = element("input", { type: "search", autocomplete: "off" });
    let count = 0;
    const show = () => {
        const found = chosen(app.area, search.value);
        count = found.length;
        const sorted = here ? byDistance(found, here) : found;
        list.replaceChildren(
            ...sorted
                .slice(0, SHOWN)
                .map((asset) => assetItem(app.area, asset, here && howFar(here, asset)))
        );
    };
    const measure = async () => {
        status.textContent = t("Looking for the position…");
        try {
            here = await locate();
            const accuracy = formatNumber(here.accuracy);
            status.textContent = t("Sorted by distance; position exact to %(accuracy)s m.", {
                accuracy,
            });
        } catch (error) {
            status.textContent = error.message;
        }
        show();
    };
    search.addEventListener("input", () => {
        show();
        announce(t("%(count)s found", { count }));
    });
    showView(
        t("Near me"),
        ...missingArea(app.area),
        field(t("Search by name, code or place"), search),
        status,
        button(t("Measure again"), measure),
        list
    );
    show();
    measure();
}

function chosen(area, text) {
    const words = folded(text).split(/\s+/).filter(Boolean);
    const assets = [...(area?.assets.values() ?? [])];
    if (!words.length) {
        return assets.filter((asset) => asset.family !== "component");
    }
    return assets.filter((asset) => {
        const about = [asset.name, asset.code, area.kindOf(asset), area.placeOf(asset)];
        const haystack = folded(about.filter(Boolean).join(" "));
        return words.every((word) => haystack.includes(word));
    });
}

/** Those without a position come last. */
function byDistance(assets, here) {
    const metres = new Map(
        assets.map((asset) => [asset, asset.latitude ? distance(here, asset) : Infinity])
    );
    return [...assets].sort((one, other) => metres.get(one) - metres.get(other) || 0);
}

function howFar(here, asset) {
    if (!asset.latitude) {
        return t("No position recorded");
    }
    const metres = distance(here, asset);
    if (metres < HERE) {
        return t("right here");
    }
    return `${distanceInWords(metres)} ${bearingInWords(here, asset)}`;
}
