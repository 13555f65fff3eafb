/** The checklist of an order: things to tap with a thumb, and the verdict at once. */

import { button, element } from "../../../ttcs_base/static/light/dom.js";
import { formatNumber, t } from "../../../ttcs_base/static/light/text.js";
import { PhotoField } from "./kt-photos.js";
import { figureInWords, figureProblem, markWrong, readFigure } from "./kt-words.js";

const MEASURED = ["number", "meter"];
// What the server takes: a meter of hours only runs forward from nought.
const LARGEST_FIGURE = 1e9;
const LARGEST_METER = 1e7;
// More than a century of operation.
const DOUBTFUL_HOURS = 1e6;

function isPossible({ kind }, figure) {
    return kind === "meter"
        ? figure >= 0 && figure < LARGEST_METER
        : Math.abs(figure) < LARGEST_FIGURE;
}

/** What makes a reading of a meter doubtful, though it is taken. */
function doubtOf(line, value, last) {
    if (line.kind !== "meter" || typeof value !== "number") {
        return "";
    }
    if (value > DOUBTFUL_HOURS) {
        return t("More than %(hours)s hours: check the figure.", {
            hours: formatNumber(DOUBTFUL_HOURS),
        });
    }
    return value < last
        ? t("Lower than last time (%(hours)s): check it, or note that the meter was exchanged.", {
              hours: formatNumber(last, 1),
          })
        : "";
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
    // A ratio such as 1,5:1 is written in one piece.
    const unit = line.uom?.startsWith(":") ? line.uom : line.uom ? ` ${line.uom}` : "";
    const [lowest, highest] = [line.lowest, line.highest].map((n) => formatNumber(n, 3) + unit);
    if (line.has_lowest && line.has_highest && line.lowest === line.highest) {
        return t("must be %(figure)s", { figure: lowest });
    }
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
     * @param {Map<number, string>} options.typed what was typed and is no answer, by line
     * @param {number | undefined} options.hours what the meter of the asset showed last
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
        return this.#lines.filter(
            (line) => line.asked.required && !line.isAnswered && !line.isWrong
        );
    }

    /** Lines with a figure that is none. @returns {{asked: any, focus: () => void}[]} */
    get wrong() {
        return this.#lines.filter((line) => line.isWrong);
    }

    /** What was typed there, for a draft. @returns {[number, string][]} by the ids of lines */
    get typed() {
        return this.wrong.map((line) => [line.asked.id, line.typed]);
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
    /** @type {HTMLInputElement | undefined} */
    #figure;
    #problem = element("p", { class: "error", role: "status" });
    #doubt = element("p", { class: "verdict wait doubt", role: "status" });
    #last;

    constructor(asked, { known, typed, hours, photosOf, where, changed }) {
        this.asked = asked;
        this.#last = hours;
        this.#answer = typed.has(asked.id) ? null : known.get(asked.id) ?? null;
        this.#isMine = Boolean(this.#answer && !this.#answer.person);
        this.#changed = changed;
        this.#hasPhotoAlready = asked.kind === "photo" && Boolean(this.#answer?.person);
        this.#note.value = this.#answer?.note ?? "";
        this.#note.addEventListener("input", () => this.#set(this.#answer?.value));
        const input = this.#input(where, photosOf, typed.get(asked.id));
        this.view = element(
            "fieldset",
            { class: "line" },
            element("legend", {}, asked.name, asked.required ? " *" : ""),
            this.#hint(),
            input,
            MEASURED.includes(asked.kind) ? [this.#problem, this.#doubt] : null,
            this.#verdict,
            asked.kind === "photo" ? null : this.#note
        );
        this.#show();
    }

    get photos() {
        return this.#photos?.photos ?? [];
    }

    /** As it was typed into the box of a figure. */
    get typed() {
        return this.#figure?.value.trim() ?? "";
    }

    /** Whether what was typed is no figure that can be recorded. */
    get isWrong() {
        return Boolean(this.typed) && this.#value === null;
    }

    /** The figure in its box. @returns {number | null} */
    get #value() {
        const value = readFigure(this.typed);
        return value !== null && isPossible(this.asked, value) ? value : null;
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

    #input(where, photosOf, typed) {
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
        this.#figure = element("input", {
            type: "text",
            inputmode: keypad,
            autocomplete: "off",
            "aria-label": name,
            class: "figure",
            value: typed ?? (known === "" ? "" : figureInWords(known)),
        });
        this.#figure.addEventListener("input", () => this.#set(this.#value ?? undefined));
        return this.#figure;
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
        this.#figure && this.#showFigure();
    }

    #showFigure() {
        markWrong(this.#figure, this.isWrong);
        const isNumber = readFigure(this.typed) !== null;
        const problem = isNumber
            ? t("This figure is not possible.")
            : figureProblem(this.typed);
        this.#problem.textContent = this.isWrong ? problem : "";
        this.#doubt.textContent = doubtOf(this.asked, this.#answer?.value, this.#last);
        this.#doubt.hidden = !this.#doubt.textContent;
    }
}
