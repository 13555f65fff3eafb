/** The photos of a form: taken or chosen, shown small, taken out again. */

import { announce, button, element } from "../../../ttcs_base/static/light/dom.js";
import { pickPhoto, shrinkPhoto } from "../../../ttcs_base/static/light/photo.js";
import { t } from "../../../ttcs_base/static/light/text.js";

const MOST = 5;

export class PhotoField {
    /** @type {{name: string, blob: Blob}[]} */
    photos = [];
    #list = element("ul", { class: "photos" });
    #problem = element("p", { class: "error", role: "alert" });
    #take = button(t("Take a photo"), () => this.#add(true));
    #choose = button(t("Choose a picture"), () => this.#add(false));

    /** @type {HTMLElement} */
    view;

    /** @param {{name: string, blob: Blob}[]} [photos] from before, when a form opens again */
    constructor(photos = []) {
        this.photos = [...photos];
        this.view = element(
            "fieldset",
            { class: "field" },
            element("legend", {}, t("Photos")),
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
            this.photos.push({ name: `${this.photos.length + 1}.jpg`, blob });
            this.#show();
            announce(t("%(count)s photos", { count: this.photos.length }));
        } catch (error) {
            this.#problem.textContent = error.message;
        }
    }

    #show() {
        this.#list.replaceChildren(...this.photos.map((photo, i) => this.#item(photo, i + 1)));
        const full = this.photos.length >= MOST;
        this.#take.disabled = this.#choose.disabled = full;
    }

    #item(photo, number) {
        const address = URL.createObjectURL(photo.blob);
        const release = () => URL.revokeObjectURL(address);
        const picture = element("img", {
            src: address,
            alt: t("Photo %(number)s", { number }),
            onload: release,
            onerror: release,
        });
        const remove = () => {
            this.photos = this.photos.filter((one) => one !== photo);
            this.#show();
            this.#take.focus();
        };
        const label = t("Take out photo %(number)s", { number });
        return element("li", {}, picture, button("×", remove, { "aria-label": label }));
    }
}
