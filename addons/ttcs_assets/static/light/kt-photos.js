/** The photos of a form: taken or chosen, shown small, taken out again. */

import { announce, button, element } from "../../../ttcs_base/static/light/dom.js";
import { pickPhoto, shrinkPhoto } from "../../../ttcs_base/static/light/photo.js";
import { t } from "../../../ttcs_base/static/light/text.js";

const MOST = 5;

/** @typedef {{name: string, blob: Blob, at?: string, position?: any}} TakenPhoto */

export class PhotoField {
    /** @type {TakenPhoto[]} */
    photos = [];
    #options;
    #list = element("ul", { class: "photos" });
    #problem = element("p", { class: "error", role: "alert" });
    #take = button(t("Take a photo"), () => this.#add(true));
    #choose = button(t("Choose a picture"), () => this.#add(false));

    /** @type {HTMLElement} */
    view;

    /**
     * @param {TakenPhoto[]} [photos] from before, when a form opens again
     * @param {object} [options]
     * @param {string} [options.label]
     * @param {string} [options.prefix] of the names of the files, which are numbered after it
     * @param {import("./kt-where.js").Whereabouts} [options.where] where they are taken
     * @param {() => void} [options.changed]
     */
    constructor(photos = [], options = {}) {
        this.photos = [...photos];
        this.#options = options;
        this.view = element(
            "fieldset",
            { class: "field" },
            element("legend", {}, options.label ?? t("Photos")),
            this.#list,
            this.#problem,
            element("div", { class: "buttons" }, this.#take, this.#choose)
        );
        this.#show();
    }

    async #add(camera) {
        this.#problem.textContent = "";
        const file = await pickPhoto({ camera });
        if (!file) {
            return;
        }
        try {
            const { blob } = await shrinkPhoto(file);
            const { where, prefix = "" } = this.#options;
            this.photos.push({
                name: `${prefix}${this.#nextNumber()}.jpg`,
                blob,
                at: new Date().toISOString(),
                position: where?.position ?? null,
            });
            this.#show();
            this.#options.changed?.();
            announce(t("%(count)s photos", { count: this.photos.length }));
        } catch (error) {
            this.#problem.textContent = error.message;
        }
    }

    /** One more than any so far, so that no two files have one name. */
    #nextNumber() {
        const numbers = this.photos.map(({ name }) => Number(/(\d+)\.jpg$/.exec(name)?.[1] ?? 0));
        return Math.max(0, ...numbers) + 1;
    }

    #show() {
        this.#list.replaceChildren(...this.photos.map((photo, i) => this.#item(photo, i + 1)));
        const full = this.photos.length >= MOST;
        this.#take.disabled = this.#choose.disabled = full;
    }

    #item(photo, number) {
        const picture = pictureOf(photo, number);
        const enlarge = button("", () => enlarged(photo, number), {
            class: "thumbnail",
            "aria-label": t("Look at photo %(number)s", { number }),
        });
        enlarge.append(picture);
        const remove = () => {
            this.photos = this.photos.filter((one) => one !== photo);
            this.#show();
            this.#options.changed?.();
            this.#take.focus();
        };
        const label = t("Take out photo %(number)s", { number });
        return element("li", {}, enlarge, button("×", remove, { class: "remove", "aria-label": label }));
    }
}

function pictureOf({ blob }, number) {
    const address = URL.createObjectURL(blob);
    const release = () => URL.revokeObjectURL(address);
    return element("img", {
        src: address,
        alt: t("Photo %(number)s", { number }),
        onload: release,
        onerror: release,
    });
}

/** The photo as large as the screen; a tap closes it. */
function enlarged(photo, number) {
    const dialog = element("dialog", { class: "enlarged", onclose: () => dialog.remove() });
    dialog.append(pictureOf(photo, number), button(t("Close"), () => dialog.close()));
    dialog.addEventListener("click", () => dialog.close());
    document.body.append(dialog);
    dialog.showModal();
}
