/** Keeping the page on the phone, and bringing it up to date when the person says so. */

import { notify } from "./dom.js";
import { readPage, t } from "./text.js";

const CHECK_EVERY = 3_600_000;

/**
 * Install the service worker and offer new versions as they appear. A version is never changed
 * under the hands of a person: the page reloads on a tap.
 * @returns {Promise<boolean>} whether the page will open without a network
 */
export async function keepUpdated() {
    const workers = navigator.serviceWorker;
    if (!workers) {
        return false;
    }
    const { scope } = readPage();
    const ownedBefore = Boolean(workers.controller);
    let registration;
    let tapped = false;
    let offered = false;
    const update = () => {
        tapped = true;
        if (registration.waiting) {
            registration.waiting.postMessage("update");
        } else {
            // Another tab was quicker.
            location.reload();
        }
    };
    const offer = () => {
        if (!offered) {
            offered = true;
            notify(t("A new version is ready."), { action: [t("Tap to update"), update] });
        }
    };
    workers.addEventListener("controllerchange", () => {
        if (tapped) {
            location.reload();
        } else if (ownedBefore) {
            // Another tab has updated: this one runs on, with old code and old files.
            offer();
        }
    });
    try {
        const address = trusted(`${scope}worker.js`);
        registration = await workers.register(address, { scope, updateViaCache: "none" });
    } catch {
        return false;
    }
    const offerWaiting = () => registration.waiting && workers.controller && offer();
    registration.addEventListener("updatefound", () => {
        registration.installing?.addEventListener("statechange", offerWaiting);
    });
    offerWaiting();
    checkNowAndThen(registration);
    return true;
}

/** Forget the server's answers kept on this phone, when a person signs out. */
export async function forgetAnswers() {
    await globalThis.caches?.delete(`light ${readPage().scope} answers`);
}

function checkNowAndThen(registration) {
    let checked = Date.now();
    const check = () => {
        if (document.visibilityState === "visible" && Date.now() - checked > CHECK_EVERY) {
            checked = Date.now();
            registration.update().catch(() => {});
        }
    };
    document.addEventListener("visibilitychange", check);
    addEventListener("online", check);
}

/** The page's security policy admits no script address but by this policy, made only once. */
function trusted(address) {
    const policy = globalThis.trustedTypes?.createPolicy("light", {
        createScriptURL: (text) => text,
    });
    return policy?.createScriptURL(address) ?? address;
}
