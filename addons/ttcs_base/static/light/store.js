/**
 * A versioned IndexedDB database behind promises: tables, keys and whole transactions.
 *
 * Each migration runs once on each phone, in order; the version is their number.  Never change
 * one that was released: add another.  Keep the queue of unsent actions and what can be fetched
 * again in separate stores, so that the second may be deleted freely.
 */

import { t } from "./text.js";

/** The phone has no room left; nothing of the transaction was written. */
export class StorageFull extends Error {
    constructor() {
        super(
            t("The phone's storage is full. Nothing was saved: free some space, then try again.")
        );
    }
}

/** The database cannot be opened; the text says what to do. */
export class StoreUnavailable extends Error {}

/**
 * @param {IDBRequest} request
 * @returns {Promise<any>} its result
 */
export function settled(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

export class Store {
    #name;
    #migrations;
    /** @type {Promise<IDBDatabase> | null} */
    #opening = null;

    /**
     * @param {string} name of the database, unique on the whole site
     * @param {((database: IDBDatabase, transaction: IDBTransaction) => void)[]} migrations
     */
    constructor(name, migrations) {
        this.#name = name;
        this.#migrations = migrations;
    }

    /**
     * Run a transaction that reads. `work` gets its tables by name and may only wait for their
     * requests.
     * @template Result
     * @param {string[]} tables
     * @param {(tables: Record<string, IDBObjectStore>) => Result | Promise<Result>} work
     * @returns {Promise<Result>}
     */
    read(tables, work) {
        return this.#run("readonly", tables, work);
    }

    /**
     * Run a transaction that writes: all of it or, when anything fails, nothing. It has reached
     * the disk when the promise resolves.
     * @template Result
     * @param {string[]} tables
     * @param {(tables: Record<string, IDBObjectStore>) => Result | Promise<Result>} work
     * @returns {Promise<Result>}
     * @throws {StorageFull}
     */
    write(tables, work) {
        return this.#run("readwrite", tables, work);
    }

    /** @param {string} table @param {IDBValidKey} key @returns {Promise<any>} or undefined */
    get(table, key) {
        return this.read([table], (tables) => settled(tables[table].get(key)));
    }

    /** @param {string} table @returns {Promise<any[]>} in the order of their keys */
    all(table) {
        return this.read([table], (tables) => settled(tables[table].getAll()));
    }

    /** @param {string} table @param {any} value @param {IDBValidKey} [key] */
    put(table, value, key) {
        return this.write([table], (tables) => settled(tables[table].put(value, key)));
    }

    /** @param {string} table @param {IDBValidKey} key */
    remove(table, key) {
        return this.write([table], (tables) => settled(tables[table].delete(key)));
    }

    /**
     * Put these rows in the place of all rows of a table.
     * @param {string} table
     * @param {any[]} rows
     */
    replaceAll(table, rows) {
        return this.write([table], (tables) => {
            tables[table].clear();
            rows.forEach((row) => tables[table].put(row));
        });
    }

    /** Close the database; the next call opens it again. */
    async close() {
        const opening = this.#opening;
        this.#opening = null;
        (await opening)?.close();
    }

    async #run(mode, names, work) {
        const transaction = await this.#begin(mode, names);
        const finished = outcome(transaction);
        const tables = Object.fromEntries(
            names.map((name) => [name, transaction.objectStore(name)])
        );
        let result;
        try {
            result = await work(tables);
        } catch (error) {
            abort(transaction);
            await finished.catch(() => {});
            throw readable(transaction.error ?? error);
        }
        await finished;
        return result;
    }

    async #begin(mode, names) {
        // Browsers otherwise report success while the data is still in memory.
        const options = { durability: mode === "readwrite" ? "strict" : "default" };
        try {
            return (await this.#open()).transaction(names, mode, options);
        } catch (error) {
            if (error.name !== "InvalidStateError") {
                throw error;
            }
            // The browser closed the connection, for instance to clean up: open another.
            this.#opening = null;
            return (await this.#open()).transaction(names, mode, options);
        }
    }

    #open() {
        this.#opening ??= this.#connect().catch((error) => {
            this.#opening = null;
            throw error;
        });
        return this.#opening;
    }

    #connect() {
        return new Promise((resolve, reject) => {
            const request = indexedDB.open(this.#name, this.#migrations.length);
            request.onupgradeneeded = ({ oldVersion }) => {
                this.#migrations
                    .slice(oldVersion)
                    .forEach((migrate) => migrate(request.result, request.transaction));
            };
            request.onsuccess = () => {
                const database = request.result;
                database.onclose = () => (this.#opening = null);
                // Another tab has a newer version of the app: let it migrate.
                database.onversionchange = () => {
                    this.#opening = null;
                    database.close();
                };
                resolve(database);
            };
            request.onerror = () => reject(readable(request.error));
            request.onblocked = () => {
                const advice = t("Close the other tabs of this page, then reload it.");
                reject(new StoreUnavailable(advice));
            };
        });
    }
}

/** Resolves when the transaction is on the disk, rejects when none of it is. */
function outcome(transaction) {
    const finished = new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(readable(transaction.error));
    });
    // A failing `work` reports the same failure itself.
    finished.catch(() => {});
    return finished;
}

function abort(transaction) {
    try {
        transaction.abort();
    } catch {
        // It has ended already.
    }
}

function readable(error) {
    if (error?.name === "QuotaExceededError") {
        return new StorageFull();
    }
    if (error?.name === "VersionError") {
        return new StoreUnavailable(t("This page is out of date. Reload it."));
    }
    return error ?? new StoreUnavailable(t("The phone could not save this. Try again."));
}
