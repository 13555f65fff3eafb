/**
 * What a person has done and the server has not yet confirmed.
 *
 * An action is on the phone's disk before the person is told that it is kept, and leaves it only
 * when the server says that it has it.  The server knows each by its uuid, so that sending one
 * twice does no harm: an answer lost on the way costs another round, never a second record.
 *
 * Actions go in the order in which they were made.  One that the server refuses stays, with the
 * reason, for the person to decide; one that makes the server fail again and again lets the
 * others pass.
 *
 * Events: `change` (detail: `Counts`), `done` (detail: `SentAction`), `auth` (sign in again),
 * `full` (no room on the phone), `trouble` (detail: Error; unsent, tried again later).
 */

import { createLeases, runExclusively } from "./exclusive.js";
import { AuthNeeded, Offline, Refused } from "./net.js";
import { StorageFull, Store, settled } from "./store.js";
import { t } from "./text.js";

/**
 * @typedef {"waiting" | "sending" | "refused" | "conflict"} State
 *
 * @typedef {object} Action
 * @property {string} uuid
 * @property {number} sequence order on this phone
 * @property {string} kind the app's name for what was done
 * @property {any} payload plain JSON
 * @property {{name: string, type: string}[]} blobs
 * @property {string} created_at ISO 8601, by the phone's clock
 * @property {number} tries that failed
 * @property {string} last_error
 * @property {State} state
 * @property {any} [result] what the server said besides its reason, of one it declined
 *
 * @typedef {{name: string, type: string, blob: Blob}} LoadedBlob
 * @typedef {Omit<Action, "blobs"> & {blobs: LoadedBlob[]}} LoadedAction
 *
 * @typedef {object} Verdict
 * @property {"done" | "repeated" | "refused" | "conflict"} verdict `repeated`: it had it already
 * @property {string} [message] the reason, for the person
 * @property {any} [result] plain JSON, kept in the list of what was sent
 *
 * @typedef {object} SentAction
 * @property {string} uuid
 * @property {number} sequence
 * @property {string} kind
 * @property {any} result the server's
 * @property {string} sent_at ISO 8601
 *
 * @typedef {Record<State | "total", number>} Counts
 */

const STATES = ["waiting", "sending", "refused", "conflict"];
const SETTLED = ["done", "repeated"];
const DECLINED = ["refused", "conflict"];
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 300_000;
// From this many failures on, an action at which the server fails no longer holds up the others.
const PATIENCE = 5;
// How far back, in actions, the list of what was sent goes.
const SENT_KEPT = 500;

const MIGRATIONS = [
    (database) => {
        const actions = database.createObjectStore("actions", {
            keyPath: "sequence",
            autoIncrement: true,
        });
        actions.createIndex("uuid", "uuid", { unique: true });
        actions.createIndex("state", ["state", "sequence"]);
        database.createObjectStore("contents");
        database.createObjectStore("sent", { keyPath: "sequence" });
        createLeases(database);
    },
];

/** What was to be replaced has been sent, or is being sent. */
export class SentMeanwhile extends Error {
    constructor() {
        super(
            t("This has been sent meanwhile, so it was not saved a second time. Look at the queue and at the record.")
        );
    }
}

export class Outbox extends EventTarget {
    #name;
    #send;
    #batch;
    #store;
    #channel;
    #listening = new AbortController();
    #flushing = /** @type {Promise<void> | null} */ (null);
    #askedAgain = false;
    #timer = 0;
    #retries = 0;

    /**
     * @param {object} options
     * @param {string} options.name unique on the whole site, such as "kt"
     * @param {(actions: LoadedAction[]) => Promise<Record<string, Verdict>>} options.send verdicts
     *     by uuid; throws the errors of net.js
     * @param {number} [options.batch] actions without files sent together at most
     */
    constructor({ name, send, batch = 1 }) {
        super();
        this.#name = `ttcs-outbox-${name}`;
        this.#send = send;
        this.#batch = batch;
        this.#store = new Store(this.#name, MIGRATIONS);
        this.#channel = new BroadcastChannel(this.#name);
        this.#channel.onmessage = ({ data }) => this.#dispatch(data.type, data.detail);
        this.#listen();
        this.flush();
    }

    /**
     * Keep an action and try to send it. When this resolves the action is safe on the phone.
     * @param {string} kind
     * @param {any} payload
     * @param {{name: string, blob: Blob}[]} [blobs]
     * @param {object} [more]
     * @param {string} [more.replaces] uuid of an action that goes
     * @param {number} [more.notBefore] a moment (ms) that has certainly passed, for a clock that
     *     was set back
     * @returns {Promise<Action>}
     * @throws {StorageFull} nothing was kept: leave the form as it is
     * @throws {SentMeanwhile} nothing was kept: what it replaces is on its way, or gone
     */
    async add(kind, payload, blobs = [], { replaces, notBefore = 0 } = {}) {
        const action = {
            uuid: crypto.randomUUID(),
            kind,
            payload: JSON.parse(JSON.stringify(payload)),
            blobs: blobs.map(({ name, blob }) => ({ name, type: blob.type })),
            created_at: new Date(Math.max(Date.now(), notBefore)).toISOString(),
            tries: 0,
            last_error: "",
            state: "waiting",
        };
        // As bytes: Safari now and then fails to store a Blob.
        const contents = await Promise.all(blobs.map(({ blob }) => blob.arrayBuffer()));
        try {
            action.sequence = await this.#store.write(["actions", "contents"], async (tables) => {
                const old = replaces && (await settled(tables.actions.index("uuid").get(replaces)));
                if (replaces && (!old || old.state === "sending")) {
                    throw new SentMeanwhile();
                }
                if (old) {
                    tables.actions.delete(old.sequence);
                    tables.contents.delete(replaces);
                }
                tables.contents.put(contents, action.uuid);
                return settled(tables.actions.add(action));
            });
        } catch (error) {
            if (error instanceof StorageFull) {
                this.#dispatch("full");
            }
            throw error;
        }
        askToPersist();
        wakeWhenOnline();
        await this.#tellCounts();
        this.flush();
        return action;
    }

    /** Everything not yet confirmed, oldest first. @returns {Promise<Action[]>} */
    list() {
        return this.#store.all("actions");
    }

    /** What was confirmed lately, oldest first. @returns {Promise<SentAction[]>} */
    listSent() {
        return this.#store.all("sent");
    }

    /** The files of an action. @param {Action} action @returns {Promise<LoadedAction>} */
    async load(action) {
        const contents = (await this.#store.get("contents", action.uuid)) ?? [];
        const blobs = action.blobs.map(({ name, type }, number) => {
            return { name, type, blob: new Blob([contents[number]], { type }) };
        });
        return { ...action, blobs };
    }

    /** @returns {Promise<Counts>} */
    async counts() {
        const numbers = await this.#store.read(["actions"], ({ actions }) => {
            const index = actions.index("state");
            return Promise.all(STATES.map((state) => settled(index.count(within(state)))));
        });
        const total = numbers.reduce((sum, number) => sum + number, 0);
        return { ...Object.fromEntries(STATES.map((state, i) => [state, numbers[i]])), total };
    }

    /**
     * Send an action again, corrected or not.
     * @param {string} uuid
     * @param {any} [payload] in the place of the old one
     * @returns {Promise<boolean>} false when it is being sent, or gone
     */
    async retry(uuid, payload) {
        const changed = await this.#change(uuid, (actions, action) => {
            const corrected = payload === undefined ? {} : { payload };
            actions.put({
                ...action,
                ...corrected,
                state: "waiting",
                held: false,
                tries: 0,
                last_error: "",
            });
        });
        this.flush();
        return changed;
    }

    /**
     * Keep an action back while the person corrects it; whatever else was kept back may go.
     * @param {string} uuid
     * @returns {Promise<boolean>} false when it is being sent, or gone
     */
    async hold(uuid) {
        return (await this.#keepBack((action) => action.uuid === uuid)).held > 0;
    }

    /** Nobody corrects anything any more: send what was kept back. */
    async release() {
        if ((await this.#keepBack(() => false)).changed) {
            this.flush();
        }
    }

    /**
     * Throw an action away because the person said so.
     * @param {string} uuid
     * @returns {Promise<boolean>} false when it is being sent, or gone
     */
    discard(uuid) {
        return this.#change(uuid, (actions, action, contents) => {
            actions.delete(action.sequence);
            contents.delete(uuid);
        });
    }

    /**
     * Everything unsent with its files as one JSON file, the last resort.
     * @returns {Promise<File>}
     */
    async exportFile() {
        const actions = [];
        for (const action of await this.list()) {
            const { blobs } = await this.load(action);
            actions.push({
                ...action,
                blobs: await Promise.all(
                    blobs.map(async ({ name, type, blob }) => {
                        return { name, type, base64: await toBase64(blob) };
                    })
                ),
            });
        }
        const now = new Date().toISOString();
        const text = JSON.stringify({ outbox: this.#name, exported_at: now, actions }, null, 1);
        const day = now.slice(0, 10);
        return new File([text], `${this.#name}-${day}.json`, { type: "application/json" });
    }

    /** Send what is waiting. @returns {Promise<void>} when there is nothing more to do for now */
    flush() {
        if (this.#flushing) {
            this.#askedAgain = true;
        } else {
            clearTimeout(this.#timer);
            this.#flushing = this.#run().finally(() => (this.#flushing = null));
        }
        return this.#flushing;
    }

    /** Stop; the queue stays on the phone. */
    close() {
        this.#listening.abort();
        clearTimeout(this.#timer);
        this.#channel.close();
        return this.#store.close();
    }

    #listen() {
        const { signal } = this.#listening;
        const flush = () => this.flush();
        addEventListener("online", flush, { signal });
        addEventListener("pageshow", flush, { signal });
        document.addEventListener(
            "visibilitychange",
            () => document.visibilityState === "visible" && flush(),
            { signal }
        );
        navigator.serviceWorker?.addEventListener(
            "message",
            ({ data }) => data === "flush" && flush(),
            { signal }
        );
    }

    async #run() {
        try {
            let goOn;
            do {
                this.#askedAgain = false;
                goOn = await runExclusively(this.#name, this.#store, () => this.#drain());
            } while (goOn && this.#askedAgain);
        } catch (error) {
            this.#tryLater(error);
        }
    }

    /** @returns {Promise<boolean>} whether asking at once for more makes sense */
    async #drain() {
        await this.#reclaim();
        let after = -1;
        let most = this.#batch;
        let spared = null;
        for (;;) {
            const actions = await this.#take(after, most);
            if (!actions.length) {
                break;
            }
            const error = await this.#deliver(actions);
            if (!error) {
                this.#retries = 0;
                after = actions.at(-1).sequence;
            } else if (error instanceof AuthNeeded) {
                this.#tell("auth");
                return false;
            } else if (actions.length > 1 && !(error instanceof Offline)) {
                most = 1;
            } else if (spared || error instanceof Offline || actions[0].tries < PATIENCE) {
                this.#tryLater(error);
                return false;
            } else {
                spared = error;
                after = actions[0].sequence;
            }
        }
        if (spared) {
            this.#tryLater(spared);
        }
        return !spared;
    }

    /** Nobody else sends now: what is marked so was being sent by a page that was killed. */
    async #reclaim() {
        const stranded = await this.#store.read(["actions"], ({ actions }) =>
            settled(actions.index("state").getAll(within("sending")))
        );
        if (stranded.length) {
            await this.#putState(stranded, { state: "waiting" });
        }
    }

    /** The next waiting actions; one with files goes alone, so that no request gets too large. */
    async #take(after, most) {
        const waiting = await this.#store.read(["actions"], (tables) =>
            settled(tables.actions.index("state").getAll(within("waiting", after)))
        );
        const actions = waiting.filter(({ held }) => !held).slice(0, most);
        const large = actions.findIndex((action) => action.blobs.length);
        return large < 0 ? actions : actions.slice(0, Math.max(large, 1));
    }

    /** @returns {Promise<Error | null>} why some of these actions must be sent again */
    async #deliver(actions) {
        await this.#putState(actions, { state: "sending" });
        let verdicts;
        try {
            const loaded = await Promise.all(actions.map((action) => this.load(action)));
            verdicts = (await this.#send(loaded)) ?? {};
        } catch (error) {
            return this.#putBack(actions, error);
        }
        return this.#settle(actions, verdicts);
    }

    async #putBack(actions, error) {
        const last_error = error.message;
        if (error instanceof Refused && actions.length === 1) {
            const state = error.status === 409 ? "conflict" : "refused";
            await this.#putState(actions, { state, last_error });
            return null;
        }
        const failed = error instanceof AuthNeeded ? 0 : 1;
        await this.#putState(actions, { state: "waiting", last_error }, failed);
        return error;
    }

    async #settle(actions, verdicts) {
        const having = (wanted) =>
            actions.filter(({ uuid }) => wanted.includes(verdicts[uuid]?.verdict));
        const sent = having(SETTLED).map(({ uuid, sequence, kind }) => {
            const result = verdicts[uuid].result ?? null;
            return { uuid, sequence, kind, result, sent_at: new Date().toISOString() };
        });
        await this.#remove(sent);
        for (const action of having(DECLINED)) {
            const { verdict, message = "", result = null } = verdicts[action.uuid];
            await this.#putState([action], { state: verdict, last_error: message, result });
        }
        sent.forEach((one) => this.#tell("done", one));
        await this.#tellCounts();
        const known = [...SETTLED, ...DECLINED];
        const left = actions.filter(({ uuid }) => !known.includes(verdicts[uuid]?.verdict));
        const silence = new Error(t("The server did not say whether it has this."));
        return left.length ? this.#putBack(left, silence) : null;
    }

    async #remove(sent) {
        const remove = (list) =>
            this.#store.write(["actions", "contents", "sent"], (tables) => {
                for (const one of sent) {
                    tables.actions.delete(one.sequence);
                    tables.contents.delete(one.uuid);
                }
                list.forEach((one) => {
                    tables.sent.put(one);
                    tables.sent.delete(IDBKeyRange.upperBound(one.sequence - SENT_KEPT));
                });
            });
        await remove(sent).catch(unlessFull(() => remove([])));
    }

    async #putState(actions, values, failed = 0) {
        for (const action of actions) {
            Object.assign(action, values, { tries: action.tries + failed });
        }
        const put = this.#store.write(["actions"], (tables) => {
            actions.forEach((action) => tables.actions.put(action));
        });
        // On a full phone sending goes on all the same: that is what frees room.
        await put.catch(unlessFull(() => {}));
        await this.#tellCounts();
    }

    /** @returns {Promise<{held: number, changed: number}>} how many are kept back now */
    #keepBack(isHeld) {
        return this.#store.write(["actions"], async ({ actions }) => {
            const all = await settled(actions.getAll());
            const held = all.filter((action) => action.state !== "sending" && isHeld(action));
            const changed = all.filter((action) => Boolean(action.held) !== held.includes(action));
            changed.forEach((action) => actions.put({ ...action, held: held.includes(action) }));
            return { held: held.length, changed: changed.length };
        });
    }

    async #change(uuid, work) {
        const changed = await this.#store.write(["actions", "contents"], async (tables) => {
            const action = await settled(tables.actions.index("uuid").get(uuid));
            if (!action || action.state === "sending") {
                return false;
            }
            work(tables.actions, action, tables.contents);
            return true;
        });
        await this.#tellCounts();
        return changed;
    }

    #tryLater(error) {
        const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#retries);
        const wait = Math.max(error.wait ?? 0, pause * (1 + Math.random()));
        clearTimeout(this.#timer);
        if (!this.#listening.signal.aborted) {
            this.#timer = setTimeout(() => this.#tryAgain(), wait);
        }
        this.#tell("trouble", { message: error.message });
    }

    /** Only tries of its own accord make the pauses longer, not what the person adds meanwhile. */
    #tryAgain() {
        this.#retries++;
        this.flush();
    }

    async #tellCounts() {
        this.#tell("change", await this.counts());
    }

    /** Dispatch an event here and in the other tabs. */
    #tell(type, detail) {
        this.#dispatch(type, detail);
        if (!this.#listening.signal.aborted) {
            this.#channel.postMessage({ type, detail });
        }
    }

    #dispatch(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

/** The keys of the index `state` with one state and a later sequence. */
function within(state, after = -1) {
    return IDBKeyRange.bound([state, after], [state, Infinity], true);
}

function unlessFull(instead) {
    return (error) => {
        if (!(error instanceof StorageFull)) {
            throw error;
        }
        return instead();
    };
}

let askedToPersist = false;

/** Ask the browser not to evict the queue; some ask the person, hence only once. */
async function askToPersist() {
    if (!askedToPersist && navigator.storage?.persist) {
        askedToPersist = true;
        (await navigator.storage.persisted()) || (await navigator.storage.persist());
    }
}

/** Where Background Sync exists, have the worker call the open pages when a network comes. */
async function wakeWhenOnline() {
    try {
        const registration = await navigator.serviceWorker?.getRegistration();
        await registration?.sync?.register("outbox");
    } catch {
        // Not in private windows, for instance; the other occasions to flush remain.
    }
}

function toBase64(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1] ?? "");
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}
