/** The checklist of an order: things to tap with a thumb, and the verdict at once. */

import { button, element } from "../../../ttcs_base/static/light/dom.js";
import { formatNumber, t } from "../../../ttcs_base/static/light/text.js";
import { PhotoField } from "./kt-photos.js";

const MEASURED = ["number", "meter"];

/** A figure as people type it. @param {string} text @returns {number | null} null for none */
export function readFigure(text) {
    const figure = Number(text.trim().replace(",", ".") || NaN);
    return Number.isFinite(figure) && Math.abs(figure) < 1e9 ? figure : null;
}

/** Whether an answer passes, by the rules of the server. */
export function passes(line, value) {
    if (line.kind === "yes_no") {
        return line.expected === "any" || value === line.expected;
    }
    if (MEASURED.includes(line.kind)) {
        const tooLow = line.has_lowest && value < line.lowest;
        return !tooLow && !(line.has_highest && value > line.highest);
    }
    return true;
}

function limitsInWords(line) {
    const unit = line.uom ? ` ${line.uom}` : "";
    const [lowest, highest] = [line.lowest, line.highest].map((n) => formatNumber(n, 3) + unit);
    if (line.has_lowest && line.has_highest) {
        return t("%(lowest)s to %(highest)s", { lowest, highest });
    }
    if (line.has_lowest) {
        return t("at least %(lowest)s", { lowest });
    }
    return line.has_highest ? t("at most %(highest)s", { highest }) : line.uom ?? "";
}

export class Checklist {
    /** @type {HTMLElement} */
    view;
    #lines;

    /**
     * @param {any[]} lines as the area has them
     * @param {object} options
     * @param {Map<number, {value: any, note?: string, at?: string, person?: string}>} options.known
     *     answers by the id of their line; those with a person are known to the server
     * @param {(prefix: string) => any[]} options.photosOf photos from before, by their names
     * @param {import("./kt-where.js").Whereabouts} options.where
     * @param {() => void} options.changed
     */
    constructor(lines, options) {
        this.#lines = lines.map((line) => new Line(line, options));
        const sections = new Map();
        for (const line of this.#lines) {
            const { section } = line.asked;
            sections.set(section, [...(sections.get(section) ?? []), line.view]);
        }
        this.view = element(
            "div",
            { class: "checklist" },
            [...sections].map(([section, views]) => [
                element("h2", {}, section || t("Checklist")),
                ...views,
            ])
        );
    }

    /** What was answered here, as the server reads it. */
    get answers() {
        return this.#lines.map((line) => line.answer).filter(Boolean);
    }

    get photos() {
        return this.#lines.flatMap((line) => line.photos);
    }

    /** Required lines without an answer. @returns {{asked: any, focus: () => void}[]} */
    get missing() {
        return this.#lines.filter((line) => line.asked.required && !line.isAnswered);
    }
}

class Line {
    #answer;
    #isMine;
    #changed;
    #verdict = element("p", { class: "verdict", role: "status" });
    #note = element("input", {
        type: "text",
        maxlength: 2000,
        "aria-label": t("Note (not required)"),
        placeholder: t("Note (not required)"),
    });
    /** @type {PhotoField | undefined} */
    #photos;
    #hasPhotoAlready;

    constructor(asked, { known, photosOf, where, changed }) {
        this.asked = asked;
        this.#answer = known.get(asked.id) ?? null;
        this.#isMine = Boolean(this.#answer && !this.#answer.person);
        this.#changed = changed;
        this.#hasPhotoAlready = asked.kind === "photo" && Boolean(this.#answer?.person);
        this.#note.value = this.#answer?.note ?? "";
        this.#note.addEventListener("input", () => this.#set(this.#answer?.value));
        const input = this.#input(where, photosOf);
        this.view = element(
            "fieldset",
            { class: "line" },
            element("legend", {}, asked.name, asked.required ? " *" : ""),
            this.#hint(),
            input,
            this.#verdict,
            asked.kind === "photo" ? null : this.#note
        );
        this.#show();
    }

    get photos() {
        return this.#photos?.photos ?? [];
    }

    get isAnswered() {
        if (this.asked.kind === "photo") {
            return this.#hasPhotoAlready || this.photos.length > 0;
        }
        return this.#answer !== null;
    }

    get answer() {
        const { id, kind } = this.asked;
        if (kind === "photo") {
            const at = this.photos[0]?.at;
            return this.photos.length ? { line: id, value: null, note: null, at } : null;
        }
        if (!this.#isMine || !this.#answer) {
            return null;
        }
        const { value, note, at } = this.#answer;
        return { line: id, value, note: note || null, at };
    }

    focus() {
        this.view.scrollIntoView({ block: "center" });
        this.view.querySelector("button, input, textarea").focus();
    }

    #hint() {
        const { kind } = this.asked;
        const limits = MEASURED.includes(kind) ? limitsInWords(this.asked) : "";
        const person = this.#answer?.person;
        const parts = [limits, person && t("Answered by %(person)s", { person })];
        const text = parts.filter(Boolean).join(" · ");
        return text ? element("p", { class: "hint" }, text) : null;
    }

    #input(where, photosOf) {
        const { id, kind, name } = this.asked;
        if (kind === "yes_no") {
            return this.#yesNo();
        }
        if (kind === "photo") {
            const prefix = `line-${id}-`;
            this.#photos = new PhotoField(photosOf(prefix), {
                label: t("Photos"),
                prefix,
                where,
                changed: () => (this.#show(), this.#changed()),
            });
            return this.#photos.view;
        }
        const known = this.#answer?.value ?? "";
        if (kind === "text") {
            const text = element("textarea", { rows: 2, maxlength: 2000, "aria-label": name }, known);
            text.addEventListener("input", () => this.#set(text.value.trim() || undefined));
            return text;
        }
        // The keypad of some phones has no minus.
        const keypad = this.asked.has_lowest && this.asked.lowest < 0 ? "text" : "decimal";
        const figure = element("input", {
            type: "text",
            inputmode: keypad,
            autocomplete: "off",
            "aria-label": name,
            class: "figure",
            value: String(known).replace(".", ","),
        });
        figure.addEventListener("input", () => {
            const value = readFigure(figure.value);
            const isWrong = Boolean(figure.value.trim()) && value === null;
            isWrong ? figure.setAttribute("aria-invalid", "true") : figure.removeAttribute("aria-invalid");
            this.#set(value ?? undefined);
        });
        return figure;
    }

    #yesNo() {
        const choose = (value) => {
            this.#set(value);
            buttons.forEach((one, i) => {
                one.setAttribute("aria-pressed", String(["yes", "no"][i] === value));
            });
            this.#changed();
        };
        const buttons = [
            ["yes", t("Yes")],
            ["no", t("No")],
        ].map(([value, name]) =>
            button(name, () => choose(value), {
                "aria-pressed": String(this.#answer?.value === value),
                "aria-label": `${this.asked.name}: ${name}`,
            })
        );
        return element("div", { class: "yes-no" }, buttons);
    }

    /** @param {any} value undefined for none */
    #set(value) {
        this.#isMine = true;
        const note = this.#note.value.trim();
        this.#answer = value === undefined ? null : { value, note, at: new Date().toISOString() };
        this.#show();
    }

    #show() {
        const { kind, opens_corrective: opens, advice } = this.asked;
        const judged = this.#answer && kind !== "text" && kind !== "photo";
        const good = judged && passes(this.asked, this.#answer.value);
        const mood = !judged ? "" : good ? "good" : opens ? "bad" : "wait";
        this.#verdict.className = `verdict ${mood}`;
        const said = { good: t("Passes"), bad: t("Fails: a repair is opened"), wait: t("Fails") }[mood];
        this.#verdict.textContent = [said, judged && !good && advice].filter(Boolean).join(". ");
        this.#verdict.hidden = !judged;
        this.#note.hidden = !this.#answer;
    }
}
