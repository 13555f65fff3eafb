/** The assets, tags, work orders and places that the phone has taken along. */

import { Store } from "../../../ttcs_base/static/light/store.js";
import { readCode } from "./kt-code.js";
import { middle } from "./kt-route.js";

const TABLE = "kept";
const EMPTY = { columns: [], rows: [] };
const MIGRATIONS = [(database) => database.createObjectStore(TABLE)];

/** Where the area of a user is kept; it can be loaded again, unlike the outbox. */
export class AreaStore {
    #store;

    /** @param {number} userId */
    constructor(userId) {
        this.#store = new Store(`ttcs-kt-area-${userId}`, MIGRATIONS);
    }

    /** @returns {Promise<Area | null>} what was loaded last, with or without a network */
    async read() {
        const kept = await this.#store.get(TABLE, "area");
        return kept ? new Area(kept.data, kept.loaded_at, kept.server_time ?? 0) : null;
    }

    /**
     * Ask the server for the area and keep it.
     * @param {import("../../../ttcs_base/static/light/net.js").Net} net
     * @param {number} waiting how many actions this phone has not sent
     * @returns {Promise<Area>}
     */
    async load(net, waiting) {
        const communes = await this.communes();
        const query = communes ? `&communes=${communes.join(",")}` : "";
        const { data } = await net.get(`/kt/api/area?waiting=${waiting}${query}`);
        const loaded_at = new Date().toISOString();
        // The area itself tells no time: then an unchanged one would be sent again.
        const server_time = net.skew === null ? 0 : Date.now() + net.skew;
        await this.#store.put(TABLE, { data, loaded_at, server_time }, "area");
        return new Area(data, loaded_at, server_time);
    }

    /**
     * Where the person stood when he last looked.
     * @returns {Promise<{latitude: number, longitude: number, at: string} | undefined>}
     */
    here() {
        return this.#store.get(TABLE, "here");
    }

    /** @param {import("../../../ttcs_base/static/light/position.js").Position} position */
    noteHere(position) {
        return this.#store.put(TABLE, position, "here");
    }

    /** The communes that the person chose. @returns {Promise<number[] | undefined>} */
    communes() {
        return this.#store.get(TABLE, "communes");
    }

    /** @param {number[]} communes */
    choose(communes) {
        return this.#store.put(TABLE, communes, "communes");
    }

    /** Delete all that was loaded, when a person signs out. */
    async forget() {
        await this.#store.write([TABLE], (tables) => tables[TABLE].clear());
        await this.#store.close();
    }
}

export class Area {
    /** @type {Map<number, any>} */
    assets;
    /** @type {Map<number, any>} */
    orders;
    /** @type {any[]} */
    tags;
    /** Who may receive assets. @type {Map<number, any>} */
    persons;
    /** The catalogue of spare parts. @type {Map<number, any>} */
    parts;
    /** Sheets of inventories. @type {Map<number, any>} */
    sheets;
    #lines = new Map();
    #meters;
    #checklists;
    #checklistLines;
    #answers;
    #units;
    #byCode = new Map();
    #data;
    /** The middle of the assets of each hamlet and commune. @type {Map<number, any> | null} */
    #middles = null;

    constructor(data, loadedAt, serverTime) {
        this.#data = data;
        this.loadedAt = loadedAt;
        /** The server's time when it was loaded, in milliseconds; 0 where nobody knows. */
        this.serverTime = serverTime;
        this.assets = byId(rows(data.assets));
        this.orders = byId(rows(data.orders));
        this.tags = rows(data.tags);
        // What was loaded before this page knew of inventories has none.
        this.sheets = byId(rows(data.inventory_sheets ?? EMPTY));
        for (const line of rows(data.inventory_lines ?? EMPTY).sort(byPlace)) {
            const known = this.#lines.get(line.sheet_id);
            known ? known.push(line) : this.#lines.set(line.sheet_id, [line]);
        }
        this.#checklists = new Map(
            rows(data.order_checklists ?? EMPTY).map((held) => [held.order_id, held.checklist_id])
        );
        this.#checklistLines = rows(data.checklist_lines ?? EMPTY);
        this.#answers = rows(data.checklist_answers ?? EMPTY);
        // What was loaded before this page knew of parts and meters has none.
        this.parts = byId(rows(data.parts ?? EMPTY));
        this.#meters = new Map(
            rows(data.meters ?? EMPTY).map(({ equipment_id, hours }) => [equipment_id, hours])
        );
        this.persons = byId(data.persons ? rows(data.persons) : []);
        this.#units = byId([...rows(data.units), ...data.communes]);
        for (const tag of this.tags) {
            this.#byCode.set(tag.code, tag);
            this.#byCode.set(tag.spoken_code, tag);
        }
    }

    /** Whether communes must be chosen first. */
    get mustChoose() {
        return this.#data.choose;
    }

    get hosts() {
        return this.#data.hosts;
    }

    get communes() {
        return this.#data.communes;
    }

    /** Whether an order is in a commune that this phone carries. */
    isCarried({ commune_id }) {
        return !commune_id || this.communes.some(({ id }) => id === commune_id);
    }

    /** The choices of a field. @returns {[string | number, string][]} value and name */
    choices(field) {
        return this.#data.choices[field];
    }

    /** The name of a choice, or nothing. */
    nameOf(field, value) {
        return this.choices(field).find(([key]) => key === value)?.[1] ?? "";
    }

    kindOf(asset) {
        return this.nameOf("category", asset.category_id);
    }

    /** "Ấp 3, Xã Mỹ An" */
    placeOf({ unit_id, commune_id }) {
        const ids = [...new Set([unit_id, commune_id])];
        return ids
            .map((id) => this.#units.get(id))
            .filter(Boolean)
            .map((unit) => unit.full_name ?? unit.name)
            .join(", ");
    }

    /**
     * Where a work order is to be done: at its asset or, when nobody has measured that, about
     * the middle of what stands in its hamlet or commune.
     * @returns {{point: import("./kt-route.js").Point | null, rough: boolean, place: string}}
     */
    whereIs(order) {
        const place = this.placeOf(order);
        const asset = this.assets.get(order.equipment_id);
        if (asset?.latitude) {
            return { point: pointOf(asset), rough: false, place };
        }
        this.#middles ??= middles([...this.assets.values()]);
        const about = this.#middles.get(order.unit_id) ?? this.#middles.get(order.commune_id);
        return { point: about ?? null, rough: Boolean(about), place };
    }

    tagsOn(asset) {
        return this.tags.filter((tag) => tag.equipment_id === asset.id && tag.state === "assigned");
    }

    /** What a sheet expects, in the order of places. @param {number} sheetId */
    linesOf(sheetId) {
        return this.#lines.get(sheetId) ?? [];
    }

    /** What an asset is called that any sheet on this phone expects. @param {number} assetId */
    expectedName(assetId) {
        const lines = [...this.#lines.values()].flat();
        return lines.find((line) => line.equipment_id === assetId)?.name;
    }

    /** @param {number} sheetId @param {number} assetId */
    lineOf(sheetId, assetId) {
        return this.linesOf(sheetId).find((line) => line.equipment_id === assetId);
    }

    /**
     * The checklist of an order, with what was answered before the area was loaded.
     * @param {number} orderId
     * @returns {{id: number, lines: any[], answers: any[], hours: number | undefined} | null}
     *     the hours are what the meter of the asset showed last
     */
    checklistOf(orderId) {
        const id = this.#checklists.get(orderId);
        return id
            ? {
                  id,
                  lines: this.#checklistLines.filter((line) => line.checklist_id === id),
                  answers: this.#answers.filter((answer) => answer.request_id === orderId),
                  hours: this.#meters.get(this.orders.get(orderId)?.equipment_id),
              }
            : null;
    }

    isMine(order) {
        return order.user_id === this.#data.user.id;
    }

    /**
     * What a scanned or typed text is, as far as this area knows.
     * @param {string} text
     * @returns {{status: string, code: string, tag?: any, asset?: any}} the status is a state of
     *     a tag, `imitation`, `not_here` (a code that only the server can judge) or `other`
     */
    find(text) {
        const reading = readCode(text, this.hosts);
        if (reading.kind === "imitation" || reading.kind === "other") {
            return { status: reading.kind, code: reading.text };
        }
        const tag = this.#byCode.get(reading.text);
        if (!tag) {
            return { status: "not_here", code: reading.text };
        }
        return {
            status: tag.state,
            code: tag.code,
            tag,
            asset: this.assets.get(tag.equipment_id),
        };
    }
}

/** Hamlet by hamlet, and there pole by pole: "Trụ điện, Ấp 3" belongs to Ấp 3. */
function byPlace(one, other) {
    const [place, otherPlace] = [one, other].map((line) =>
        (line.place ?? "").split(", ").reverse().join(", ")
    );
    return place.localeCompare(otherPlace, "vi", { numeric: true });
}

function pointOf({ latitude, longitude }) {
    return { latitude, longitude };
}

function middles(assets) {
    /** @type {Map<number, any[]>} */
    const there = new Map();
    for (const asset of assets.filter(({ latitude }) => latitude)) {
        for (const unit of new Set([asset.unit_id, asset.commune_id])) {
            const points = there.get(unit) ?? [];
            points.push(pointOf(asset));
            there.set(unit, points);
        }
    }
    return new Map([...there].map(([unit, points]) => [unit, middle(points)]));
}

function rows({ columns, rows: lists }) {
    return lists.map((list) =>
        Object.fromEntries(columns.map((column, i) => [column, list[i]]))
    );
}

function byId(records) {
    return new Map(records.map((record) => [record.id, record]));
}
