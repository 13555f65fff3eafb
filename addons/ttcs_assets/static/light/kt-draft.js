/** What is half filled in for an order: it outlives closing the app, until it is kept. */

import { Store } from "../../../ttcs_base/static/light/store.js";

const TABLE = "drafts";
const MIGRATIONS = [(database) => database.createObjectStore(TABLE)];
// While somebody types.
const SETTLING = 400;

export class Draft {
    #store;
    #order;
    #collect;
    #timer = 0;
    #isOver = false;
    #saving = Promise.resolve();

    /** @param {number} userId @param {number} orderId */
    constructor(userId, orderId) {
        this.#store = new Store(`ttcs-kt-order-drafts-${userId}`, MIGRATIONS);
        this.#order = orderId;
    }

    /** What was filled in, with its photos. @returns {Promise<any>} or undefined */
    async read() {
        const kept = await this.#store.get(TABLE, this.#order);
        return kept && { ...kept, photos: kept.photos.map(asBlob) };
    }

    /** Keep what `collect` gives from now on, soon after each change of the form. */
    follow(form, collect) {
        this.#collect = collect;
        form.addEventListener("input", () => this.saveSoon());
        form.addEventListener("change", () => this.save());
        // A phone kills what is not seen without a word.
        const leave = () => {
            if (!form.isConnected) {
                document.removeEventListener("visibilitychange", leave);
            } else if (document.visibilityState === "hidden") {
                this.save();
            }
        };
        document.addEventListener("visibilitychange", leave);
    }

    saveSoon() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.save(), SETTLING);
    }

    /** One write after the other, so that an older state never follows a newer one. */
    save() {
        clearTimeout(this.#timer);
        this.#saving = this.#saving.then(() => this.#write()).catch(() => {});
        return this.#saving;
    }

    /** Forget it: it was kept as an action. */
    async remove() {
        this.#isOver = true;
        clearTimeout(this.#timer);
        await this.#saving;
        await this.#store.remove(TABLE, this.#order);
        await this.#store.close();
    }

    async #write() {
        if (this.#isOver || !this.#collect) {
            return;
        }
        const { photos, ...rest } = this.#collect();
        // As bytes: Safari now and then fails to store a Blob.
        const kept = await Promise.all(
            photos.map(async ({ blob, ...about }) => {
                return { ...about, type: blob.type, bytes: await blob.arrayBuffer() };
            })
        );
        await this.#store.put(TABLE, { ...rest, photos: kept }, this.#order);
    }
}

function asBlob({ bytes, type, ...about }) {
    return { ...about, blob: new Blob([bytes], { type }) };
}
