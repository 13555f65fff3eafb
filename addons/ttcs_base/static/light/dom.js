/**
 * Building the page, without markup in strings: a text can never become an element.
 *
 * The page has four places of its own: notices, the main part, and one live region each for
 * polite and urgent announcements to screen readers.
 */

import { t } from "./text.js";

const NOTICE_TIME = 8_000;

/**
 * Make an element. Attributes: a function under `onclick` and the like listens, `true` sets an
 * attribute without value, `false`, `null` and `undefined` leave it out.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | number | null | undefined | any[])} children
 * @returns {any}
 */
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") {
            made.addEventListener(name.slice(2), value);
        } else if (value !== false && value !== null && value !== undefined) {
            made.setAttribute(name, value === true ? "" : String(value));
        }
    }
    made.append(...children.flat(Infinity).filter((child) => (child ?? null) !== null));
    return made;
}

/**
 * A button that does something.
 * @param {string} label
 * @param {() => void} act
 * @param {Record<string, any>} [more] attributes
 * @returns {HTMLButtonElement}
 */
export function button(label, act, more = {}) {
    return element("button", { type: "button", onclick: act, ...more }, label);
}

/**
 * A field with its label and, when given, a hint.
 * @param {string} label
 * @param {HTMLElement} input gets an id if it has none
 * @param {string} [hint]
 */
export function field(label, input, hint) {
    input.id ||= `field-${crypto.randomUUID()}`;
    const parts = [element("label", { for: input.id }, label), input];
    if (hint) {
        input.setAttribute("aria-describedby", `${input.id}-hint`);
        parts.splice(1, 0, element("p", { id: `${input.id}-hint`, class: "hint" }, hint));
    }
    return element("div", { class: "field" }, parts);
}

/**
 * Show a view in the main part and move the focus to its heading, as a new page would.
 * @param {string} heading
 * @param {...(Node | string | any[])} children
 */
export function showView(heading, ...children) {
    const title = element("h1", { tabindex: -1 }, heading);
    document.getElementById("light-main").replaceChildren(title, ...children.flat(Infinity));
    document.title = heading;
    scrollTo(0, 0);
    title.focus();
    document.dispatchEvent(new Event("light-view"));
}

/**
 * Have a screen reader say something.
 * @param {string} text
 * @param {boolean} [urgent] at once, interrupting
 */
export function announce(text, urgent = false) {
    const region = document.getElementById(urgent ? "light-urgent" : "light-polite");
    region.textContent = "";
    // The same words twice in a row are only said when the region changes in between.
    requestAnimationFrame(() => (region.textContent = text));
}

/**
 * Show a notice, and say it. It goes by itself unless there is something to tap.
 * @param {string} text
 * @param {object} [options]
 * @param {"good" | "bad" | ""} [options.mood]
 * @param {[string, () => void]} [options.action] what to tap and what it does
 * @returns {() => void} takes it away
 */
export function notify(text, { mood = "", action } = {}) {
    const remove = () => notice.remove();
    const act = action && button(action[0], () => (remove(), action[1]()));
    const close = button("×", remove, { class: "close", "aria-label": t("Close") });
    // What is wrong in a form is told once: the next word on it takes the place of the last.
    const passing = mood === "bad" && !action;
    passing && forgetMistakes();
    const notice = element(
        "div",
        { class: `notice ${mood}`, "data-passing": passing },
        element("p", {}, text),
        act,
        close
    );
    document.getElementById("light-notices").append(notice);
    announce(text, mood === "bad");
    if (!action) {
        setTimeout(remove, NOTICE_TIME);
    }
    return remove;
}

/** Take away what was told of a form that has been corrected or left. */
export function forgetMistakes() {
    document.querySelectorAll("#light-notices [data-passing]").forEach((notice) => notice.remove());
}

/** Let the person save a file on the phone. @param {File} file */
export function saveFile(file) {
    const address = URL.createObjectURL(file);
    element("a", { href: address, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
