/** Where the person stands while filling in a form: evidence, never a condition. */

import { element } from "../../../ttcs_base/static/light/dom.js";
import { locate } from "../../../ttcs_base/static/light/position.js";
import { formatNumber, t } from "../../../ttcs_base/static/light/text.js";

export class Whereabouts {
    /** @type {import("../../../ttcs_base/static/light/position.js").Position | null} */
    position = null;
    view = element("p", { class: "hint" }, t("Looking for the position…"));

    constructor() {
        this.#look();
    }

    async #look() {
        try {
            this.position = await locate();
            const accuracy = formatNumber(this.position.accuracy);
            this.view.textContent = t("Position found, exact to %(accuracy)s m.", { accuracy });
        } catch {
            this.view.textContent = t("No position. This can be sent without one.");
        }
    }
}
