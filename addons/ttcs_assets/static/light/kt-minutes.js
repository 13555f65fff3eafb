/** The time that whoever closes an order worked on it. */

import { element, field } from "../../../ttcs_base/static/light/dom.js";
import { formatNumber, t } from "../../../ttcs_base/static/light/text.js";
import { markWrong } from "./kt-words.js";

// A month, as the server has it.
const MOST_MINUTES = 31 * 24 * 60;

export class MinutesField {
    /** @type {HTMLElement} */
    view;
    #input;
    #problem = element("p", { class: "error", role: "status" });

    /** @param {string | number} kept what was typed before, or a figure */
    constructor(kept) {
        this.#input = element("input", {
            type: "text",
            inputmode: "numeric",
            autocomplete: "off",
            class: "minutes",
            value: kept,
        });
        this.#input.addEventListener("input", () => this.#show());
        this.view = field(t("Time worked, in minutes (not required)"), this.#input);
        this.view.append(this.#problem);
        this.#show();
    }

    /** As it was typed. */
    get typed() {
        return this.#input.value;
    }

    /** @returns {number | null} null for none */
    get minutes() {
        return this.typed.trim() ? Number(this.typed) : null;
    }

    /** What stands in the way of sending, which then gets the focus. @returns {string | null} */
    get problem() {
        if (!this.#isWrong) {
            return null;
        }
        this.#input.focus();
        return t("The time worked is not right.");
    }

    get #isWrong() {
        const text = this.typed.trim();
        const isWhole = /^\d+$/.test(text) && Number(text) > 0 && Number(text) <= MOST_MINUTES;
        return Boolean(text) && !isWhole;
    }

    #show() {
        const isWrong = this.#isWrong;
        markWrong(this.#input, isWrong);
        this.#problem.textContent = isWrong
            ? t("Whole minutes, from 1 to %(most)s (31 days).", { most: formatNumber(MOST_MINUTES) })
            : "";
    }
}
