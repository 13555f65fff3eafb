/** One tab at a time: by Web Locks or, where a browser has none, by a lease in IndexedDB. */

import { settled } from "./store.js";

const LEASE = 15_000;
const LOOK_AGAIN = 1_000;
const TABLE = "leases";

/** The migration for a store that keeps leases. @param {IDBDatabase} database */
export function createLeases(database) {
    database.createObjectStore(TABLE);
}

/**
 * Run `work` while no other tab runs work of the same name; wait for it otherwise.
 * @template Result
 * @param {string} name
 * @param {import("./store.js").Store} store with the table of `createLeases`
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export function runExclusively(name, store, work) {
    return navigator.locks?.request(name, work) ?? runUnderLease(name, store, work);
}

async function runUnderLease(name, store, work) {
    const holder = String(Math.random());
    while (!(await hold(name, store, holder))) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
    // A tab that is killed stops renewing, so its lease runs out. A renewal that fails is no
    // harm: should two tabs then work at once, the server still knows each action by its uuid.
    const renewal = setInterval(() => hold(name, store, holder).catch(() => {}), LEASE / 3);
    try {
        return await work();
    } finally {
        clearInterval(renewal);
        await store.remove(TABLE, name);
    }
}

/** Take or renew the lease. @returns {Promise<boolean>} false while another tab holds it */
function hold(name, store, holder) {
    return store.write([TABLE], async (tables) => {
        const lease = await settled(tables[TABLE].get(name));
        const now = Date.now();
        // A lease from the far future was written under a wrong clock.
        if (lease && lease.holder !== holder && lease.until > now && lease.until <= now + LEASE) {
            return false;
        }
        tables[TABLE].put({ holder, until: now + LEASE }, name);
        return true;
    });
}
