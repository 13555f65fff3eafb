/**
 * What was typed into a form and not saved yet: it outlives an update of the app, a phone call
 * and an empty battery.  Photos are not kept here; a form that is saved has no draft any more.
 */

import { notify } from "../../../ttcs_base/static/light/dom.js";
import { Store } from "../../../ttcs_base/static/light/store.js";
import { t } from "../../../ttcs_base/static/light/text.js";

const TABLE = "drafts";
const MIGRATIONS = [(database) => database.createObjectStore(TABLE)];
// The views in which a person records something.  An order keeps its own draft, with photos.
const RECORDING = ["asset", "fault", "claim", "correct", "count", "unexpected"];
const NEVER_KEPT = ["file", "hidden", "password", "search", "submit", "button"];

export class Drafts {
    #store;
    #saving = false;
    #dirty = false;
    #listening = new AbortController();

    /** @param {number} userId whose drafts */
    constructor(userId) {
        this.#store = new Store(`ttcs-kt-drafts-${userId}`, MIGRATIONS);
        const { signal } = this.#listening;
        const main = document.getElementById("light-main");
        main.addEventListener("input", () => this.#save(), { signal });
        main.addEventListener("change", () => this.#save(), { signal });
        document.addEventListener("light-view", () => this.restore(), { signal });
    }

    /** Fill the forms of this view with what was typed there before. */
    async restore() {
        const key = keyOfView();
        const draft = key && (await this.#store.get(TABLE, key));
        const fields = typedFields();
        // A form that has changed meanwhile is not filled with what belonged elsewhere.
        if (!draft || key !== keyOfView() || !matches(draft, fields)) {
            return;
        }
        const changed = fields.filter((field, i) => fill(field, draft[i]));
        if (changed.length) {
            notify(t("What you had typed here is back."));
        }
    }

    /** The form of this view has been saved. */
    async forget() {
        const key = keyOfView();
        this.#dirty = false;
        key && (await this.#store.remove(TABLE, key));
    }

    /** What was put together step by step, such as a hand-over. @param {string} name */
    kept(name) {
        return this.#store.get(TABLE, name);
    }

    /** @param {string} name @param {any} value plain JSON, null to forget it */
    async keep(name, value) {
        // A full phone says so when the form is saved.
        await (value ? this.#store.put(TABLE, value, name) : this.#store.remove(TABLE, name)).catch(
            () => {}
        );
    }

    /** Stop; the drafts stay on the phone for their owner. */
    close() {
        this.#listening.abort();
        return this.#store.close();
    }

    /** One write at a time, the last one with the last letter. */
    async #save() {
        this.#dirty = true;
        if (this.#saving || !keyOfView()) {
            return;
        }
        this.#saving = true;
        try {
            while (this.#dirty) {
                this.#dirty = false;
                await this.#store.put(TABLE, typedFields().map(valueOf), keyOfView());
            }
        } catch {
            // A full phone says so when the form is saved; what is typed is still on the screen.
        } finally {
            this.#saving = false;
        }
    }
}

/** The address of a view in which something is recorded. */
function keyOfView() {
    const key = location.hash.slice(1);
    return RECORDING.includes(key.split("/")[0]) ? key : null;
}

function typedFields() {
    const forms = document.querySelectorAll("#light-main form");
    return [...forms]
        .flatMap((form) => [...form.elements])
        .filter(({ type, tagName }) => tagName !== "FIELDSET" && !NEVER_KEPT.includes(type))
        // A code that is looked up is done with.
        .filter(({ dataset }) => !("passing" in dataset));
}

function valueOf({ type, checked, value }) {
    return isTicked(type) ? { type, checked, value } : { type, value };
}

function isTicked(type) {
    return type === "radio" || type === "checkbox";
}

function matches(draft, fields) {
    return (
        draft.length === fields.length &&
        fields.every(
            ({ type, value }, i) =>
                type === draft[i].type && (!isTicked(type) || value === draft[i].value)
        )
    );
}

/** Set a field as the person would, so that the form follows. @returns {boolean} if it changed */
function fill(field, { checked, value }) {
    const name = isTicked(field.type) ? "checked" : "value";
    const wanted = isTicked(field.type) ? checked : value;
    if (field[name] === wanted) {
        return false;
    }
    field[name] = wanted;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
}
