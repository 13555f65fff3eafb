/**
 * The service worker of a light page.
 *
 * The server puts a line before it: `self.light`, with the build, the scope, the files `kept`
 * from the start, those kept `later` at first use, and the path prefixes that must be `fresh`.
 * It keeps files and answers, nothing else: the queue of unsent actions in IndexedDB is never
 * touched, whatever version comes and goes.
 */

const { build, scope, kept, later, fresh } = self.light;
const PREFIX = `light ${scope} `;
const FILES = PREFIX + build;
const ANSWERS = `${PREFIX}answers`;
const PATIENCE = 3_000;
const ANY_HEADERS = { ignoreVary: true };
const INSTALLED = new Set([...kept, ...later]);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("message", (event) => {
    if (event.data === "update") {
        self.skipWaiting();
    }
});

// Background Sync: the pages send, this only wakes them.
self.addEventListener("sync", (event) => event.waitUntil(wakePages()));

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== "GET" || origin !== self.location.origin) {
        return;
    }
    if (request.mode === "navigate") {
        event.respondWith(page(request));
    } else if (INSTALLED.has(pathname)) {
        event.respondWith(file(request));
    } else if (fresh.some((prefix) => pathname.startsWith(prefix))) {
        event.respondWith(freshAnswer(event));
    }
});

async function install() {
    const cache = await caches.open(FILES);
    const response = await fetch(scope, { cache: "no-store", credentials: "omit" });
    // During an upgrade the page may already, or still, be of another build: try again later.
    if (!response.ok || response.headers.get("Light-Build") !== build) {
        throw new Error("The page does not belong to this worker.");
    }
    await Promise.all([cache.put(scope, response), cache.addAll(kept), keepEarlier(cache)]);
}

/** Files that this phone has needed before come along, unless they have changed. */
async function keepEarlier(cache) {
    for (const address of later) {
        const response = await caches.match(address, ANY_HEADERS);
        if (response) {
            await cache.put(address, response);
        }
    }
}

async function activate() {
    const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    const old = names.filter((name) => ![FILES, ANSWERS].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
}

async function page(request) {
    const { pathname } = new URL(request.url);
    const cache = await caches.open(FILES);
    return (pathname === scope && (await cache.match(scope, ANY_HEADERS))) || fetch(request);
}

async function file(request) {
    const cache = await caches.open(FILES);
    const found = await cache.match(request, ANY_HEADERS);
    if (found) {
        return found;
    }
    const response = await fetch(request);
    if (response.ok) {
        await cache.put(request, response.clone());
    }
    return response;
}

async function freshAnswer(event) {
    const cache = await caches.open(ANSWERS);
    const asked = fetch(event.request).then(async (response) => {
        if (response.ok) {
            await cache.put(event.request, await stamped(response.clone()));
        }
        return response;
    });
    event.waitUntil(asked.catch(() => {}));
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    const first = await Promise.race([asked.catch(() => null), patience]);
    return first ?? (await cache.match(event.request, ANY_HEADERS)) ?? asked;
}

/** The answer with the time at which it was kept, which the page shows. */
async function stamped(response) {
    const headers = new Headers(response.headers);
    headers.set("Light-Kept", new Date().toISOString());
    return new Response(await response.blob(), { status: response.status, headers });
}

async function wakePages() {
    const pages = await self.clients.matchAll({ type: "window" });
    pages.filter(({ url }) => new URL(url).pathname.startsWith(scope)).forEach((one) => {
        one.postMessage("flush");
    });
}
