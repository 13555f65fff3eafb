/** The parts that a work order used: chosen from the catalogue or named freely. */

import { announce, button, element, field } from "../../../ttcs_base/static/light/dom.js";
import { formatNumber, t } from "../../../ttcs_base/static/light/text.js";
import { figureInWords, figureProblem, folded, isAmbiguous, markWrong, readFigure } from "./kt-words.js";

// What the server takes at most, and how exact it keeps a quantity.
const MOST_LINES = 50;
const MOST_OF_A_PART = 1_000_000;
const CENTS = 100;
const LONGEST_NAME = 200;
// As many as a thumb reaches without scrolling.
const OFFERED = 6;

export class UsedParts {
    /** @type {HTMLDetailsElement} */
    view;
    #catalogue;
    #changed;
    /** @type {Line[]} */
    #lines = [];
    #list = element("ul", { class: "parts" });
    #offers = element("ul", { class: "offers" });
    #search = element("input", { type: "search", autocomplete: "off", maxlength: LONGEST_NAME });
    #searching;
    #title = element("span", {});

    /**
     * @param {Map<number, {id: number, name: string, uom: string}>} catalogue
     * @param {{part: number | null, name: string, quantity: string | number}[]} kept from before;
     *     a quantity is the text that was typed, or a figure
     * @param {() => void} changed
     */
    constructor(catalogue, kept, changed) {
        this.#catalogue = catalogue;
        this.#changed = changed;
        this.#search.addEventListener("input", (event) => {
            // What is only looked for is not filled in yet.
            event.stopPropagation();
            this.#offer();
        });
        this.#search.addEventListener("keydown", (event) => this.#pressed(event));
        this.#searching = element(
            "div",
            {},
            field(
                t("Add a part"),
                this.#search,
                t("Type some letters of its name. What is not in the catalogue can be named freely.")
            ),
            this.#offers
        );
        this.view = element(
            "details",
            { open: kept.length > 0 },
            element("summary", {}, this.#title),
            this.#list,
            this.#searching
        );
        kept.forEach((used) => this.#append(used));
        this.#show();
    }

    /** What a draft keeps: quantities as they were typed. */
    get typed() {
        return this.#lines.map((line) => line.typed);
    }

    /** What is sent; ask `problem` first. */
    get used() {
        return this.#lines.map((line) => line.used);
    }

    /** What stands in the way of sending, which then gets the focus. @returns {string | null} */
    get problem() {
        const wrong = this.#lines.find((line) => line.quantity === null);
        const sought = this.#search.value.trim();
        if (!wrong && !sought) {
            return null;
        }
        this.view.open = true;
        (wrong ?? this.#search).focus();
        return wrong
            ? t("The quantity of “%(part)s” is not right.", { part: wrong.name })
            : t("“%(part)s” is not added yet: tap it in the list, or clear the box.", {
                  part: sought,
              });
    }

    #append(used) {
        const line = new Line(used, this.#catalogue.get(used.part)?.uom, () => {
            this.#lines = this.#lines.filter((one) => one !== line);
            line.view.remove();
            this.#show();
            (this.#searching.hidden ? this.view.querySelector("summary") : this.#search).focus();
            announce(t("%(part)s was taken out", { part: line.name }));
            this.#changed();
        });
        this.#lines.push(line);
        this.#list.append(line.view);
        return line;
    }

    /** The same part again is more of it, not another line. */
    #add(part, name) {
        const same = this.#lines.find((line) => line.isOf(part, name));
        const line = same ?? this.#append({ part, name, quantity: 1 });
        this.#search.value = "";
        this.#show();
        line.focus();
        this.#changed();
    }

    #show() {
        const count = this.#lines.length;
        this.#title.textContent = count
            ? t("Parts used (%(count)s)", { count })
            : t("Parts used");
        this.#searching.hidden = count >= MOST_LINES;
        this.#offer();
    }

    #offer() {
        const name = this.#search.value.trim();
        const words = folded(name).split(/\s+/).filter(Boolean);
        const found = words.length ? this.#found(words) : [];
        const offers = found.slice(0, OFFERED).map((part) => {
            const label = part.uom ? `${part.name} (${part.uom})` : part.name;
            return button(label, () => this.#add(part.id, part.name));
        });
        if (words.length && !found.some((part) => folded(part.name) === folded(name))) {
            const label = t("“%(part)s”, not in the catalogue", { part: name });
            offers.push(button(label, () => this.#add(null, name), { class: "free" }));
        }
        const more = found.length - OFFERED;
        const rest = t("%(count)s more: type more of the name.", { count: more });
        this.#offers.replaceChildren(
            ...offers.map((offer) => element("li", {}, offer)),
            ...(more > 0 ? [element("li", { class: "hint" }, rest)] : [])
        );
    }

    /** Names that begin with what was typed come first. */
    #found(words) {
        const names = [...this.#catalogue.values()].map((part) => [part, folded(part.name)]);
        const found = names.filter(([, name]) => words.every((word) => name.includes(word)));
        const begins = ([, name]) => (name.startsWith(words[0]) ? 0 : 1);
        return found.sort((one, other) => begins(one) - begins(other)).map(([part]) => part);
    }

    /** "Enter" takes the only offer; it never sends the form. */
    #pressed(event) {
        if (event.key === "Enter") {
            event.preventDefault();
            const offers = this.#offers.querySelectorAll("button");
            offers.length === 1 && offers[0].click();
        }
    }
}

class Line {
    #part;
    #quantity;
    #problem = element("p", { class: "error", role: "status" });

    constructor({ part, name, quantity }, uom, remove) {
        this.#part = part ?? null;
        this.name = name;
        const id = `field-${crypto.randomUUID()}`;
        this.#quantity = element("input", {
            type: "text",
            inputmode: "decimal",
            autocomplete: "off",
            "aria-label": t("Quantity of %(part)s", { part: name }),
            "aria-describedby": id,
            value: typeof quantity === "number" ? figureInWords(quantity) : quantity,
        });
        this.#problem.id = id;
        this.#quantity.addEventListener("input", () => this.#show());
        const label = t("Take out %(name)s", { name });
        this.view = element(
            "li",
            { class: "item" },
            element("strong", {}, name),
            part ? null : element("span", { class: "hint" }, t("Not in the catalogue")),
            element(
                "div",
                { class: "amount" },
                this.#quantity,
                element("span", {}, uom ?? ""),
                button("×", remove, { "aria-label": label })
            ),
            this.#problem
        );
        this.#show();
    }

    get typed() {
        return { part: this.#part, name: this.name, quantity: this.#quantity.value };
    }

    get used() {
        return { part: this.#part, name: this.name, quantity: this.quantity };
    }

    /** As exact as the server keeps it. @returns {number | null} null when it is not possible */
    get quantity() {
        const figure = readFigure(this.#quantity.value);
        const rounded = figure === null ? 0 : Math.round(figure * CENTS) / CENTS;
        return rounded > 0 && rounded <= MOST_OF_A_PART ? rounded : null;
    }

    isOf(part, name) {
        return part ? part === this.#part : !this.#part && folded(name) === folded(this.name);
    }

    focus() {
        this.#quantity.focus();
        this.#quantity.select();
    }

    #show() {
        const isWrong = this.quantity === null;
        markWrong(this.#quantity, isWrong);
        const most = formatNumber(MOST_OF_A_PART);
        this.#problem.textContent = isAmbiguous(this.#quantity.value)
            ? figureProblem(this.#quantity.value)
            : isWrong
              ? t("A figure above 0, at most %(most)s, such as 2 or 1,5.", { most })
              : "";
    }
}
