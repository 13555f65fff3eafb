/**
 * Asking the server, with an error class for each thing a person must be told apart.
 *
 * Answers are JSON; a refusal is `{"message": "…"}` with a 4xx status.  Anything else, such as
 * the sign-in page of a public network or of a proxy, is trouble on the way and never an answer.
 */

import { t } from "./text.js";

const PASSING_STATUSES = [408, 425, 429];
const TIMEOUT = 60_000;

/** The server cannot be reached. */
export class Offline extends Error {
    constructor() {
        super(t("No connection."));
    }
}

/** The server does not know this phone, or no longer: the person signs in again. */
export class AuthNeeded extends Error {
    constructor() {
        super(t("Sign in again to send."));
    }
}

/** The server understood and said no; trying again unchanged is no use. */
export class Refused extends Error {
    /** @param {string} message @param {number} status */
    constructor(message, status) {
        super(message);
        this.status = status;
    }
}

/** The server failed, was too slow, or something on the way answered in its place. */
export class ServerTrouble extends Error {
    /** @param {string} message @param {number} [wait] milliseconds it asks to be left alone */
    constructor(message, wait = 0) {
        super(message);
        this.wait = wait;
    }
}

/**
 * @typedef {object} Answer
 * @property {any} data the JSON
 * @property {Date | null} kept when the phone kept it, for an old answer shown offline
 */

export class Net {
    #token;
    #timeout;

    /** Milliseconds that the server's clock is ahead of the phone's, once it has answered. */
    skew = /** @type {number | null} */ (null);

    /**
     * @param {object} [options]
     * @param {() => string | null} [options.token] sent as a bearer token
     * @param {number} [options.timeout] milliseconds for a whole answer
     */
    constructor({ token = () => null, timeout = TIMEOUT } = {}) {
        this.#token = token;
        this.#timeout = timeout;
    }

    /** @param {string} address @returns {Promise<Answer>} */
    get(address) {
        return this.#ask(address, { cache: "no-cache" });
    }

    /** @param {string} address @param {FormData | object} body @returns {Promise<Answer>} */
    post(address, body) {
        if (body instanceof FormData) {
            return this.#ask(address, { method: "POST", body });
        }
        const headers = { "Content-Type": "application/json" };
        return this.#ask(address, { method: "POST", body: JSON.stringify(body), headers });
    }

    async #ask(address, options) {
        const aborter = new AbortController();
        const timer = setTimeout(() => aborter.abort(), this.#timeout);
        try {
            return await this.#exchange(address, { ...options, signal: aborter.signal });
        } catch (error) {
            if (aborter.signal.aborted) {
                throw new ServerTrouble(t("The server did not answer in time."));
            }
            throw error instanceof TypeError ? new Offline() : error;
        } finally {
            clearTimeout(timer);
        }
    }

    async #exchange(address, { headers = {}, ...options }) {
        const token = this.#token();
        const asked = Date.now();
        const response = await fetch(address, {
            ...options,
            headers: {
                Accept: "application/json",
                ...headers,
                ...(token ? { Authorization: `Bearer ${token}` } : {}),
            },
            credentials: "omit",
            redirect: "error",
        });
        const kept = response.headers.get("Light-Kept");
        if (!kept) {
            this.#measureSkew(response.headers.get("Date"), asked);
        }
        if (response.status === 401) {
            throw new AuthNeeded();
        }
        const data = await readJson(response);
        if (response.ok && data !== undefined) {
            return { data, kept: kept ? new Date(kept) : null };
        }
        throw failure(response, data);
    }

    #measureSkew(date, asked) {
        // The header has whole seconds: half of one is its mean rounding.
        const server = Date.parse(date ?? "") + 500;
        if (!Number.isNaN(server)) {
            this.skew = Math.round(server - (asked + Date.now()) / 2);
        }
    }
}

/**
 * Send actions of the outbox as one form: a field `actions` with their JSON, and a field
 * `<uuid>.<number>` for each of their files. The answer is `{"verdicts": {"<uuid>": …}}`.
 * @param {Net} net
 * @param {string} address
 * @param {import("./outbox.js").LoadedAction[]} actions
 * @param {Record<string, any>} [more] other fields of the form
 * @returns {Promise<Record<string, import("./outbox.js").Verdict>>}
 */
export async function sendActions(net, address, actions, more = {}) {
    const form = new FormData();
    const described = actions.map(({ uuid, kind, payload, blobs, created_at, sequence }) => {
        const files = blobs.map(({ name, type, blob }, number) => {
            form.append(`${uuid}.${number}`, blob, name);
            return { field: `${uuid}.${number}`, name, type };
        });
        return { uuid, kind, payload, files, created_at, sequence };
    });
    form.append("actions", JSON.stringify(described));
    form.append("sent_at", new Date().toISOString());
    Object.entries(more).forEach(([name, value]) => form.append(name, value));
    return (await net.post(address, form)).data.verdicts;
}

async function readJson(response) {
    if (!(response.headers.get("Content-Type") ?? "").includes("json")) {
        return undefined;
    }
    try {
        return await response.json();
    } catch (error) {
        if (error instanceof SyntaxError) {
            return undefined;
        }
        throw error;
    }
}

function failure(response, data) {
    const { status } = response;
    const refused = status >= 400 && status < 500 && !PASSING_STATUSES.includes(status);
    if (refused && data !== undefined) {
        return new Refused(data.message ?? t("The server refused this."), status);
    }
    const wait = 1000 * (Number(response.headers.get("Retry-After")) || 0);
    return new ServerTrouble(t("The server is in trouble (%(status)s).", { status }), wait);
}
