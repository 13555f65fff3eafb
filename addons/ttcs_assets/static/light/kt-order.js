/** One work order: its checklist, and closing it. */

import { element, field, notify, showView } from "../../../ttcs_base/static/light/dom.js";
import { SignatureField } from "../../../ttcs_base/static/light/signature.js";
import { formatTime, t } from "../../../ttcs_base/static/light/text.js";
import { Checklist } from "./kt-checklist.js";
import { Draft } from "./kt-draft.js";
import { MinutesField } from "./kt-minutes.js";
import { UsedParts } from "./kt-parts.js";
import { PhotoField } from "./kt-photos.js";
import { Whereabouts } from "./kt-where.js";
import { dayInWords, serverTime } from "./kt-words.js";

// Work that is done answers its checklist first.
const DONE = ["repaired", "maintained", "no_fault"];
// Results that one kind of work does not have.
const NOT_OF = { preventive: ["repaired"], corrective: ["maintained"] };
const MOST_PHOTOS = 20;
const MOST_NAMED = 3;

/**
 * @param {import("./kt-app.js").FieldApp} app
 * @param {string} id
 * @param {any} [before] a refused closing that is being corrected, with its files
 */
export async function showOrder(app, id, before) {
    const isHere = app.stay();
    const order = app.area?.orders.get(Number(id));
    const draft = new Draft(app.userId, Number(id));
    // What was filled in is sent even when a colleague has closed the order meanwhile.
    const kept = before ? fromAction(before) : await draft.read();
    const pending = await app.pendingOrders();
    if (!isHere()) {
        return;
    }
    if (!order && !kept) {
        showView(
            t("Work order"),
            element("p", {}, t("It is closed, or not on this phone.")),
            element("a", { class: "button", href: "#work" }, t("My work"))
        );
        return;
    }
    const isPending = pending.has(Number(id)) && !before;
    showView(
        order?.name ?? t("Work order"),
        order ? facts(app, order) : [],
        isPending
            ? element("p", { class: "summary" }, t("Closed, waiting to be sent"))
            : new ClosingForm(app, Number(id), { draft, kept, before }).view
    );
    if (kept && !before && !isPending) {
        notify(t("What you had typed here is back."));
    }
}

function facts(app, order) {
    const { area } = app;
    const asset = area.assets.get(order.equipment_id);
    const rows = [
        [t("Asset"), asset && element("a", { href: `#asset/${asset.id}` }, asset.name)],
        [t("Place"), area.placeOf(order)],
        [t("Kind of work"), area.nameOf("maintenance_type", order.maintenance_type)],
        [t("Reported"), order.reported_at && formatTime(serverTime(order.reported_at))],
        [t("Due"), order.due_date && dayInWords(order.due_date)],
    ].filter(([, value]) => value);
    return [
        element(
            "dl",
            {},
            rows.map(([name, value]) =>
                element("div", {}, element("dt", {}, name), element("dd", {}, value))
            )
        ),
        order.description ? element("p", { class: "quote" }, order.description) : [],
    ];
}

/** A refused closing in the form of a draft. */
function fromAction({ payload, blobs }) {
    const taken = new Map((payload.taken ?? []).map((photo) => [photo.name, photo]));
    return {
        ...payload,
        checklist: payload.checklist ? { id: payload.checklist, lines: [] } : null,
        photos: blobs
            .filter(({ name }) => !name.startsWith("signature-"))
            .map((file) => ({ ...taken.get(file.name), ...file })),
    };
}

class ClosingForm {
    /** @type {HTMLFormElement} */
    view;
    #app;
    #id;
    #before;
    #draft;
    #kept;
    #checklist;
    /** @type {Checklist | null} */
    #lines = null;
    #where = new Whereabouts();
    #photosBefore;
    #photosAfter;
    #text;
    #parts;
    #minutes;
    #signature;
    #problem = element("p", { class: "error" });

    constructor(app, id, { draft, kept = {}, before }) {
        this.#app = app;
        this.#id = id;
        this.#before = before;
        this.#draft = draft;
        this.#kept = kept;
        this.#checklist = app.area?.checklistOf(id) ?? kept.checklist ?? null;
        this.#photosBefore = this.#photoField(t("Photos before the work"), "before-");
        this.#photosAfter = this.#photoField(t("Photos after the work"), "after-");
        this.#text = element("textarea", { rows: 3, maxlength: 4000 }, kept.note ?? "");
        this.#parts = new UsedParts(app.area?.parts ?? new Map(), kept.parts ?? [], () =>
            this.#draft.save()
        );
        this.#minutes = new MinutesField(kept.minutes ?? "");
        this.#signature = new SignatureField({
            label: t("Who is on site confirms the work (not required)"),
            name: kept.confirmed_by ?? "",
        });
        if (this.#checklist?.lines.length) {
            this.#lines = new Checklist(this.#checklist.lines, {
                known: this.#known(),
                typed: new Map(kept.typed ?? []),
                hours: this.#checklist.hours,
                photosOf: (prefix) => this.#photosOf(prefix),
                where: this.#where,
                changed: () => this.#draft.save(),
            });
        }
        this.view = element(
            "form",
            { onsubmit: (event) => this.#keep(event), novalidate: true },
            this.#photosBefore.view,
            this.#lines?.view,
            element("h2", {}, t("Close this work order")),
            this.#results(),
            field(t("What was found and done"), this.#text),
            this.#parts.view,
            this.#minutes.view,
            this.#photosAfter.view,
            element(
                "details",
                { open: Boolean(kept.confirmed_by) },
                element("summary", {}, t("Signature")),
                this.#signature.view
            ),
            this.#where.view,
            this.#problem,
            element("button", { type: "submit", class: "primary" }, t("Save and close"))
        );
        if (!before) {
            draft.follow(this.view, () => this.#collected());
        }
    }

    /** Answers by line: the server's, and over them those of this phone. */
    #known() {
        const answers = this.#checklist.answers ?? [];
        return new Map([
            ...answers.map(({ line_id, value, note, answered_at, person }) => [
                line_id,
                { value, note, at: answered_at, person },
            ]),
            ...(this.#kept.answers ?? []).map((answer) => [answer.line, answer]),
        ]);
    }

    #photosOf(prefix) {
        return (this.#kept.photos ?? []).filter(({ name }) => name.startsWith(prefix));
    }

    #photoField(label, prefix) {
        const others = prefix === "after-" ? this.#kept.photos?.filter(isOfNoMoment) ?? [] : [];
        return new PhotoField([...this.#photosOf(prefix), ...others], {
            label,
            prefix,
            where: this.#where,
            changed: () => this.#draft.save(),
        });
    }

    #results() {
        const kind = this.#app.area.orders.get(this.#id)?.maintenance_type;
        const offered = this.#app.area
            .choices("result")
            .filter(([value]) => !NOT_OF[kind]?.includes(value));
        const choices = offered.map(([value, name]) =>
            element(
                "label",
                { class: "choice" },
                element("input", {
                    type: "radio",
                    name: "result",
                    value,
                    required: true,
                    checked: value === this.#kept.result,
                }),
                name
            )
        );
        return element("fieldset", { class: "field" }, element("legend", {}, t("Result")), choices);
    }

    get #result() {
        return new FormData(this.view).get("result");
    }

    get #photos() {
        const ofLines = this.#lines?.photos ?? [];
        return [...this.#photosBefore.photos, ...ofLines, ...this.#photosAfter.photos];
    }

    /** What was filled in so far. */
    #collected() {
        const { id, lines } = this.#checklist ?? {};
        return {
            checklist: id ? { id, lines } : null,
            answers: this.#lines ? this.#lines.answers : this.#kept.answers ?? [],
            typed: this.#lines?.typed ?? [],
            result: this.#result,
            note: this.#text.value,
            parts: this.#parts.typed,
            minutes: this.#minutes.typed,
            confirmed_by: this.#signature.name,
            photos: this.#photos,
        };
    }

    /** What stands in the way of closing; the first of it gets the focus. */
    #problemOf() {
        if (!this.#result) {
            this.view.querySelector("[name=result]").focus();
            return t("Choose the result first.");
        }
        const wrong = this.#lines?.wrong ?? [];
        if (wrong.length) {
            wrong[0].focus();
            return t("This is not a figure that can be recorded: %(lines)s", {
                lines: namesOf(wrong),
            });
        }
        const missing = DONE.includes(this.#result) ? this.#lines?.missing ?? [] : [];
        if (missing.length) {
            missing[0].focus();
            return t("%(count)s lines of the checklist are not answered: %(lines)s", {
                count: missing.length,
                lines: namesOf(missing),
            });
        }
        const problem = this.#parts.problem ?? this.#minutes.problem;
        if (problem) {
            return problem;
        }
        if (this.#photos.length > MOST_PHOTOS) {
            return t("There are more than %(most)s photos. Leave some out.", { most: MOST_PHOTOS });
        }
        if (this.#signature.name && !this.#signature.isSigned) {
            return t("Have it signed, or clear the name beside the signature.");
        }
        return null;
    }

    /** Beside the button and on top: what is wrong may be far above it. */
    #tell(problem) {
        this.#problem.textContent = problem;
        notify(problem, { mood: "bad" });
    }

    async #keep(event) {
        event.preventDefault();
        const problem = this.#problemOf();
        this.#problem.textContent = "";
        if (problem) {
            this.#tell(problem);
            return;
        }
        const { checklist, answers, result, note, confirmed_by, photos } = this.#collected();
        const payload = {
            order: this.#id,
            result,
            note: note.trim() || null,
            position: this.#where.position,
            checklist: checklist?.id ?? null,
            answers,
            parts: this.#parts.used,
            minutes: this.#minutes.minutes,
            taken: photos.map(({ name, at, position }) => ({ name, at, position })),
            confirmed_by: confirmed_by || null,
        };
        const drawn = confirmed_by ? await this.#signature.blob() : null;
        const files = photos.map(({ name, blob }) => ({ name, blob }));
        const signed = drawn ? [{ name: "signature-confirmer.png", blob: drawn }] : [];
        try {
            await this.#app.keep("close_order", payload, [...files, ...signed], this.#before);
            await this.#draft.remove();
            this.#app.go("work", { replace: true });
        } catch (error) {
            this.#tell(error.message);
        }
    }
}

/** What lines ask, as far as a sentence can name it. @param {{asked: any}[]} lines */
function namesOf(lines) {
    const names = lines.slice(0, MOST_NAMED).map(({ asked }) => asked.name);
    return names.join("; ") + (lines.length > MOST_NAMED ? " …" : "");
}

/** A photo of an older version of this page, which did not say when it was taken. */
function isOfNoMoment({ name }) {
    return !/^(before|after|line)-/.test(name);
}
