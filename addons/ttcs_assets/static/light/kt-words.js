/** Days, figures, directions and other small words of the field app. */

import { formatDay, t } from "../../../ttcs_base/static/light/text.js";

/** A moment of the server, which writes UTC without saying so. @param {string} text */
export function serverTime(text) {
    return new Date(`${text}Z`);
}

/** @param {string} text YYYY-MM-DD @returns {string} the day as the language writes it */
export function dayInWords(text) {
    const [year, month, day] = text.split("-").map(Number);
    return formatDay(new Date(year, month - 1, day));
}

/** Today on this phone. @returns {string} YYYY-MM-DD */
export function today() {
    const now = new Date();
    const parts = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"));
    return [now.getFullYear(), ...parts].join("-");
}

/**
 * The direction from one place to another, as one would point.
 * @param {{latitude: number, longitude: number}} from
 * @param {{latitude: number, longitude: number}} to
 * @returns {string}
 */
export function bearingInWords(from, to) {
    const radians = (degrees) => (degrees * Math.PI) / 180;
    // Over a few kilometres the earth is flat.
    const east = (to.longitude - from.longitude) * Math.cos(radians(from.latitude));
    const angle = Math.atan2(east, to.latitude - from.latitude);
    return [
        t("to the north"),
        t("to the north-east"),
        t("to the east"),
        t("to the south-east"),
        t("to the south"),
        t("to the south-west"),
        t("to the west"),
        t("to the north-west"),
    ][(Math.round(angle / (Math.PI / 4)) + 8) % 8];
}

// Digits with at most one comma or point: what else a program reads as a number, nobody means.
const FIGURE = /^[-+]?(\d+[.,]?\d*|[.,]\d+)$/;

// 12.500 is twelve thousand five hundred to one and twelve and a half to another.
const AMBIGUOUS = /^[-+]?\d{1,3}([.,]\d{3})+$/;
const SPACES = /(\d)[ \u00a0](?=\d{3}(\D|$))/g;

/** Whether a figure may be meant a thousand times as large. @param {string} text */
export function isAmbiguous(text) {
    return AMBIGUOUS.test(text.trim());
}

/** A figure as people type it. @param {string} text @returns {number | null} null for none */
export function readFigure(text) {
    const typed = text.trim().replace(SPACES, "$1");
    return FIGURE.test(typed) && !isAmbiguous(typed) ? Number(typed.replace(",", ".")) : null;
}

/** What is wrong with a text that is no figure. @param {string} text */
export function figureProblem(text) {
    return isAmbiguous(text)
        ? t("Thousand or decimal? Write 12500 or 12,5, without a point.")
        : t("This is not a number. Write only the figure, such as 12,5.");
}

/** A figure as people type it in. @param {number} figure */
export function figureInWords(figure) {
    return String(figure).replace(".", ",");
}

/** @param {HTMLElement} input @param {boolean} isWrong */
export function markWrong(input, isWrong) {
    isWrong ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
}

/** Letters without accents and case, to search by. @param {string} text */
export function folded(text) {
    const letters = text.normalize("NFD").replace(/\p{Mark}/gu, "");
    return letters.toLowerCase().replace(/đ/g, "d");
}
