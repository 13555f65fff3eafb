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

const DAY = { day: "2-digit", month: "2-digit", year: "numeric" };
const TIME = { ...DAY, hour: "2-digit", minute: "2-digit" };
const formatters = new Map();

/** The formatter of these options in the page's language, made once. */
function formatter(Format, options) {
    const key = Format.name + JSON.stringify(options);
    if (!formatters.has(key)) {
        formatters.set(key, new Format(document.documentElement.lang, options));
    }
    return formatters.get(key);
}

/**
 * Vietnamese is written here by hand: on a cheap phone the browser takes a tenth of a second to
 * make its first formatters, of the one second in which a page should open.
 */
function isVietnamese() {
    return document.documentElement.lang === "vi";
}

function twoDigits(number) {
    return String(number).padStart(2, "0");
}

/**
 * @param {number} value
 * @param {number} [digits] decimals at most
 * @returns {string} as the language writes it: 1.234,5
 */
export function formatNumber(value, digits = 0) {
    if (!isVietnamese()) {
        return formatter(Intl.NumberFormat, { maximumFractionDigits: digits }).format(value);
    }
    const rounded = Math.round(value * 10 ** digits) / 10 ** digits;
    const [whole, decimals] = String(rounded).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
    return decimals ? `${grouped},${decimals}` : grouped;
}

/** @param {string | number | Date} moment @returns {string} day and time, without seconds */
export function formatTime(moment) {
    const time = new Date(moment);
    if (!isVietnamese()) {
        return formatter(Intl.DateTimeFormat, TIME).format(time);
    }
    const clock = `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
    return `${clock} ${formatDay(time)}`;
}

/** @param {Date} day @returns {string} as official documents write it */
export function formatDay(day) {
    if (!isVietnamese()) {
        return formatter(Intl.DateTimeFormat, DAY).format(day);
    }
    return [twoDigits(day.getDate()), twoDigits(day.getMonth() + 1), day.getFullYear()].join("/");
}
