/** Handing over the custody of assets: scanned one after another, signed by both sides. */

import { button, element, field, notify, showView } from "../../../ttcs_base/static/light/dom.js";
import { SignatureField } from "../../../ttcs_base/static/light/signature.js";
import { t } from "../../../ttcs_base/static/light/text.js";
import { folded } from "./kt-words.js";

const MOST = 200;
// The name of the draft.
const DRAFT = "handover";

/** What is being put together: it outlives going to scan the next asset. */
export class Handing {
    /** Condition by id of the asset. @type {Map<number, string>} */
    assets = new Map();
    receiver = "";
    note = "";
    /** Whether the next code that is scanned belongs to this paper. */
    isScanning = false;
    /** The refused action that this one replaces. */
    before = undefined;

    /** @param {{assets?: [number, string][], receiver?: string, note?: string}} [kept] */
    constructor({ assets = [], receiver = "", note = "" } = {}) {
        this.assets = new Map(assets);
        Object.assign(this, { receiver, note });
    }

    /** What outlives an empty battery; signatures are drawn again. */
    get draft() {
        const { assets, receiver, note } = this;
        return assets.size ? { assets: [...assets], receiver, note } : null;
    }

    add(asset) {
        if (this.assets.size < MOST) {
            this.assets.set(asset.id, asset.condition);
        }
    }
}

/** @param {import("./kt-app.js").FieldApp} app */
export async function showHandover(app) {
    const isHere = app.stay();
    const { area } = app;
    if (!area) {
        showView(
            t("Hand over assets"),
            element("p", {}, t("Nothing is loaded yet. Connect to a network once."))
        );
        return;
    }
    const kept = app.handing ? null : await app.drafts.kept(DRAFT);
    if (!isHere()) {
        return;
    }
    app.handing ??= new Handing(kept ?? {});
    app.handing.isScanning = false;
    new HandoverForm(app, app.handing).show();
    if (kept) {
        notify(t("What you had typed here is back."));
    }
}

/** Start, or go on, with an asset. */
export function handOver(app, asset) {
    app.handing ??= new Handing();
    app.handing.add(asset);
    app.go("handover");
}

/** Open a refused hand-over again; both sign anew what has changed. */
export function correctHandover(app, loaded) {
    const handing = new Handing();
    const { lines, receiver, note } = loaded.payload;
    handing.assets = new Map(lines.map(({ asset, condition }) => [asset, condition]));
    Object.assign(handing, { receiver: String(receiver), note: note ?? "", before: loaded });
    app.handing = handing;
    app.go("handover");
}

class HandoverForm {
    #app;
    #area;
    #handing;
    #list = element("ul", { class: "items" });
    #all = element("div", {});
    #giver = new SignatureField({ label: t("The giver signs") });
    #receiver = new SignatureField({ label: t("The receiver signs") });
    #person = element("select", { onchange: () => this.#chooseReceiver() });
    #search = element("input", {
        type: "search",
        autocomplete: "off",
        oninput: () => this.#showPersons(),
    });
    #note = element("textarea", { rows: 2, oninput: () => this.#noteTyped() });
    #problem = element("p", { class: "error" });

    constructor(app, handing) {
        this.#app = app;
        this.#area = app.area;
        this.#handing = handing;
        this.#note.value = handing.note;
    }

    show() {
        this.#showAssets();
        this.#showPersons();
        this.#chooseReceiver();
        const scan = button(t("Scan an asset"), () => {
            this.#handing.isScanning = true;
            this.#app.go("scan");
        });
        const stop = button(t("Start again"), async () => {
            await this.#forget();
            this.#app.refresh();
        });
        showView(
            t("Hand over assets"),
            element("h2", {}, t("Assets")),
            this.#list,
            element("div", { class: "buttons" }, scan, stop),
            this.#all,
            element(
                "form",
                { onsubmit: (event) => this.#keep(event) },
                field(t("Search the receiver by name"), this.#search),
                field(t("Received by"), this.#person),
                field(t("Note (not required)"), this.#note),
                this.#giver.view,
                this.#receiver.view,
                this.#problem,
                element("button", { type: "submit", class: "primary" }, t("Save the hand-over"))
            )
        );
    }

    #keepDraft() {
        this.#app.drafts.keep(DRAFT, this.#handing.draft);
    }

    #forget() {
        this.#app.handing = null;
        return this.#app.drafts.keep(DRAFT, null);
    }

    get #chosen() {
        return [...this.#handing.assets.keys()]
            .map((id) => this.#area.assets.get(id))
            .filter(Boolean);
    }

    /** Who holds the assets as far as this phone knows; undefined when they are several. */
    get #custodian() {
        const holders = new Set(this.#chosen.map((asset) => asset.custodian_id));
        return holders.size > 1 ? undefined : [...holders][0];
    }

    #showAssets() {
        this.#keepDraft();
        const items = this.#chosen.map((asset) => this.#item(asset));
        const none = element("li", { class: "hint" }, t("No asset yet: scan the first."));
        this.#list.replaceChildren(...(items.length ? items : [none]));
        const holder = this.#area.persons.get(this.#custodian);
        this.#giver.name ||= holder?.name ?? "";
        const more = holder
            ? [...this.#area.assets.values()].filter(
                  ({ id, custodian_id }) =>
                      custodian_id === holder.id && !this.#handing.assets.has(id)
              )
            : [];
        const label = t("Add all others of %(name)s (%(count)s)", {
            name: holder?.name,
            count: more.length,
        });
        const add = () => {
            more.forEach((asset) => this.#handing.add(asset));
            this.#showAssets();
        };
        this.#all.replaceChildren(...(more.length ? [button(label, add)] : []));
    }

    #item(asset) {
        const choices = this.#area.choices("condition").map(([value, name]) =>
            element(
                "option",
                { value, selected: value === this.#handing.assets.get(asset.id) },
                name
            )
        );
        const condition = element(
            "select",
            {
                "aria-label": t("Condition seen now"),
                onchange: () => {
                    this.#handing.assets.set(asset.id, condition.value);
                    this.#keepDraft();
                },
            },
            choices
        );
        const remove = () => {
            this.#handing.assets.delete(asset.id);
            this.#showAssets();
        };
        const label = t("Take out %(name)s", { name: asset.name });
        return element(
            "li",
            { class: "item" },
            element("strong", {}, asset.name),
            element("span", {}, this.#area.placeOf(asset)),
            element(
                "div",
                { class: "buttons nowrap" },
                condition,
                button("×", remove, { "aria-label": label })
            )
        );
    }

    #showPersons() {
        const words = folded(this.#search.value).split(/\s+/).filter(Boolean);
        const options = [...this.#area.persons.values()]
            .filter(({ id, name, agency }) => {
                const about = folded(`${name} ${agency}`);
                return id !== this.#custodian && words.every((word) => about.includes(word));
            })
            .map(({ id, name, agency }) =>
                element(
                    "option",
                    { value: id, selected: String(id) === this.#handing.receiver },
                    `${name} · ${agency}`
                )
            );
        this.#person.replaceChildren(element("option", { value: "" }, "–"), ...options);
    }

    #noteTyped() {
        this.#handing.note = this.#note.value;
        this.#keepDraft();
    }

    #chooseReceiver() {
        this.#handing.receiver = this.#person.value;
        this.#keepDraft();
        const person = this.#area.persons.get(Number(this.#person.value));
        this.#receiver.name = person?.name ?? "";
    }

    #missing() {
        if (!this.#chosen.length) {
            return t("Scan at least one asset.");
        }
        if (this.#custodian === undefined) {
            return t("These assets are with several people. Make a hand-over for each of them.");
        }
        if (!this.#handing.receiver) {
            return t("Choose who receives.");
        }
        if (!this.#giver.name || !this.#receiver.name) {
            return t("Write the names of both sides beside their signatures.");
        }
        return this.#giver.isSigned && this.#receiver.isSigned ? null : t("Both sides sign first.");
    }

    /** Beside the button and on top: what is missing may be far above it. */
    #tell(problem) {
        this.#problem.textContent = problem;
        notify(problem, { mood: "bad" });
    }

    async #keep(event) {
        event.preventDefault();
        const missing = this.#missing();
        if (missing) {
            this.#tell(missing);
            return;
        }
        const { assets, receiver, note, before } = this.#handing;
        const payload = {
            lines: this.#chosen.map(({ id }) => ({ asset: id, condition: assets.get(id) })),
            giver: this.#custodian,
            giver_name: this.#giver.name,
            receiver: Number(receiver),
            receiver_name: this.#receiver.name,
            note: note || null,
        };
        const blobs = [
            { name: "signature-giver.png", blob: await this.#giver.blob() },
            { name: "signature-receiver.png", blob: await this.#receiver.blob() },
        ].filter(({ blob }) => blob);
        try {
            await this.#app.keep("hand_over", payload, blobs, before);
            await this.#forget();
            this.#app.go("work", { replace: true });
        } catch (error) {
            this.#tell(error.message);
        }
    }
}

/** Put a scanned asset on the paper, and say so. @returns {boolean} whether it belongs there */
export function takeScanned(app, assetId) {
    const asset = app.area?.assets.get(assetId);
    if (!app.handing?.isScanning || !asset) {
        return false;
    }
    app.handing.add(asset);
    notify(asset.name, { mood: "good" });
    app.go("handover", { replace: true });
    return true;
}
