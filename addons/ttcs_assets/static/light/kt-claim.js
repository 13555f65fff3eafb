/** Putting a blank tag on an asset. */

import { element, field, showView } from "../../../ttcs_base/static/light/dom.js";
import { distance, distanceInWords, locate } from "../../../ttcs_base/static/light/position.js";
import { t } from "../../../ttcs_base/static/light/text.js";
import { PhotoField } from "./kt-photos.js";
import { spokenInGroups } from "./kt-code.js";
import { folded } from "./kt-words.js";

const OFFERED = 50;

/**
 * @param {import("./kt-app.js").FieldApp} app
 * @param {string} text the code of the tag
 * @param {any} [before] a refused claim that is being corrected
 */
export function showClaim(app, text, before) {
    if (!app.area) {
        showView(t("This tag"), element("p", {}, t("Nothing is loaded yet. Connect to a network once.")));
        return;
    }
    const { tag } = app.area.find(text);
    const wanted = before?.payload.asset ?? app.claimFor;
    app.claimFor = null;
    const picker = new AssetPicker(app.area, wanted);
    const points = app.area.choices("point").map(([value, name]) =>
        element("option", { value, selected: value === before?.payload.point }, name)
    );
    const point = element("select", {}, element("option", { value: "" }, "–"), points);
    const photos = new PhotoField(before?.blobs);
    const problem = element("p", { class: "error", role: "alert" });
    const keep = async (event) => {
        event.preventDefault();
        if (!picker.chosen) {
            problem.textContent = t("Choose the asset that the tag is on.");
            return;
        }
        const payload = {
            code: tag?.code ?? text,
            asset: picker.chosen,
            point: point.value || null,
            position: picker.here,
        };
        try {
            await app.keep("claim_tag", payload, photos.photos, before);
            app.go(`asset/${picker.chosen}`, { replace: true });
        } catch (error) {
            problem.textContent = error.message;
        }
    };
    const unsure = t(
        "This phone does not know the tag. It is checked when it is sent; see the queue then."
    );
    showView(
        t("Put a tag on an asset"),
        element("p", { class: "call-code" }, tag ? spokenInGroups(tag.spoken_code) : text),
        tag ? [] : element("p", { class: "hint" }, unsure),
        element(
            "form",
            { onsubmit: keep },
            picker.view,
            field(t("Stuck on"), point),
            photos.view,
            problem,
            element("button", { type: "submit", class: "primary" }, t("Save"))
        )
    );
}

/** A search that offers the nearest assets first. */
class AssetPicker {
    here = null;
    #area;
    #list = element("div", { class: "picker" });
    #search = element("input", { type: "search", autocomplete: "off", oninput: () => this.#show() });

    constructor(area, chosen) {
        this.#area = area;
        this.chosen = area.assets.has(chosen) ? chosen : null;
        this.view = element(
            "fieldset",
            { class: "field" },
            element("legend", {}, t("Asset")),
            field(t("Search by name, code or place"), this.#search),
            this.#list
        );
        this.#show();
        this.#measure();
    }

    async #measure() {
        try {
            const { latitude, longitude, accuracy } = await locate();
            this.here = { latitude, longitude, accuracy };
            this.#show();
        } catch {
            // Without a position the list is in order of names.
        }
    }

    #show() {
        const words = folded(this.#search.value).split(/\s+/).filter(Boolean);
        const matches = [...this.#area.assets.values()].filter((asset) => {
            const about = [asset.name, asset.code, this.#area.placeOf(asset)];
            const haystack = folded(about.filter(Boolean).join(" "));
            return words.every((word) => haystack.includes(word));
        });
        const shown = matches
            .map((asset) => ({ asset, metres: this.#metres(asset) }))
            .sort(
                (one, other) =>
                    Number(other.asset.id === this.chosen) - Number(one.asset.id === this.chosen) ||
                    one.metres - other.metres ||
                    one.asset.name.localeCompare(other.asset.name)
            )
            .slice(0, OFFERED);
        this.#list.replaceChildren(...shown.map((one) => this.#choice(one)));
    }

    #metres(asset) {
        const known = this.here && asset.latitude;
        return known ? distance(this.here, asset) : Number.MAX_SAFE_INTEGER;
    }

    #choice({ asset, metres }) {
        const input = element("input", {
            type: "radio",
            name: "asset",
            checked: asset.id === this.chosen,
            onchange: () => (this.chosen = asset.id),
        });
        const far = metres < Number.MAX_SAFE_INTEGER ? distanceInWords(metres) : "";
        const about = [this.#area.placeOf(asset), far].filter(Boolean).join(" · ");
        return element(
            "label",
            { class: "choice" },
            input,
            element("span", {}, asset.name, element("span", { class: "hint" }, about))
        );
    }
}
