/**
 * Texts, numbers and times in the language of the page.
 *
 * Sources are English.  The server puts the translations into the page, so that the add-on's
 * `i18n` folder stays the only place that has them, offline too.
 */

/**
 * @typedef {object} Page
 * @property {string} scope path of the app, such as "/kt/"
 * @property {Record<string, string>} files addresses of the app's other files by name
 * @property {Record<string, string>} terms translations by their English text
 */

/** @type {Page | undefined} */
let page;

/** What the server says about this page. @returns {Page} */
export function readPage() {
    page ??= JSON.parse(document.getElementById("light-page").textContent);
    return page;
}

/**
 * Translate a text. `t("%(count)s photos", {count: 2})`; write the text in place, so that the
 * server's tests find it.
 * @param {string} source English text
 * @param {Record<string, string | number>} [values] for its `%(name)s`
 * @returns {string}
 */
export function t(source, values = {}) {
    const text = readPage().terms[source] ?? source;
    return text.replace(/%\((\w+)\)s/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * @param {number} value
 * @param {number} [digits] decimals at most
 * @returns {string} as the language writes it: 1.234,5
 */
export function formatNumber(value, digits = 0) {
    const options = { maximumFractionDigits: digits };
    return new Intl.NumberFormat(document.documentElement.lang, options).format(value);
}

const DAY = { day: "2-digit", month: "2-digit", year: "numeric" };

/** @param {string | number | Date} moment @returns {string} day and time, without seconds */
export function formatTime(moment) {
    const time = { hour: "2-digit", minute: "2-digit" };
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { ...DAY, ...time });
    return format.format(new Date(moment));
}

/** @param {Date} day @returns {string} as official documents write it */
export function formatDay(day) {
    return new Intl.DateTimeFormat(document.documentElement.lang, DAY).format(day);
}
