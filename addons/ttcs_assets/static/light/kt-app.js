/** The field app: one page whose views follow the part of the address after "#". */

import { element, forgetMistakes, notify, showView } from "../../../ttcs_base/static/light/dom.js";
import { AuthNeeded, Net, sendActions } from "../../../ttcs_base/static/light/net.js";
import { Outbox } from "../../../ttcs_base/static/light/outbox.js";
import { prepareScanner } from "../../../ttcs_base/static/light/scan.js";
import { formatNumber, t } from "../../../ttcs_base/static/light/text.js";
import { forgetAnswers, keepUpdated } from "../../../ttcs_base/static/light/update.js";
import { AreaStore } from "./kt-area.js";
import { showAsset } from "./kt-asset.js";
import { showClaim } from "./kt-claim.js";
import { showCount, showUnexpected } from "./kt-count.js";
import { Drafts } from "./kt-drafts.js";
import { showFault } from "./kt-fault.js";
import { showHandover } from "./kt-handover.js";
import { showNear } from "./kt-near.js";
import { showOrder } from "./kt-order.js";
import { showCommunes, showPhone } from "./kt-phone.js";
import { showCorrection, showQueue } from "./kt-queue.js";
import { showCode, showScan } from "./kt-scan.js";
import { forgetPhone, noteExpired, readPhone } from "./kt-session.js";
import { showSignIn } from "./kt-sign-in.js";
import { showWork } from "./kt-work.js";

// Actions without photos travel together; the server takes 200 at most.
const BATCH = 100;
// The area is loaded again when it is older, and after what was sent has changed it.
const AREA_AGE = 15 * 60_000;
// Whoever closes an inventory waits for the phones that count it.
const COUNTING_AGE = 60_000;
const SETTLING = 1_500;
// Minutes by which a phone's clock may be wrong.
const CLOCK_TOLERANCE = 10;
// Milliseconds within which the same thing again is the second tap of one press.
const SECOND_TAP = 2_000;

const VIEWS = {
    work: showWork,
    near: showNear,
    scan: showScan,
    queue: showQueue,
    correct: showCorrection,
    asset: showAsset,
    order: showOrder,
    fault: showFault,
    claim: showClaim,
    count: showCount,
    handover: showHandover,
    unexpected: showUnexpected,
    phone: showPhone,
    communes: showCommunes,
    "sign-in": showSignIn,
};

export class FieldApp {
    net = new Net({ token: () => readPhone()?.token ?? null });
    /** @type {Outbox | null} */
    outbox = null;
    /** @type {import("./kt-area.js").Area | null} */
    area = null;
    /** @type {AreaStore | null} */
    areaStore = null;
    /** @type {Drafts | null} */
    drafts = null;
    /** The asset that the next blank tag is for. @type {number | null} */
    claimFor = null;
    /** Where the person stood when he last looked. */
    here = null;
    whyNotHere = "";
    /** What was kept last. @type {{key: string, at: number, promise: Promise<void>} | null} */
    #kept = null;
    /** Whether work orders are shown by the way to go, not by the day they are due. */
    byWay = true;
    /** The refused position that is being measured anew. @type {any} */
    measuring = null;
    /** The hand-over that is being put together. @type {import("./kt-handover.js").Handing | null} */
    handing = null;
    #bar = new Bar();
    #update = null;
    #reloading = 0;
    #asked = false;
    #isBeginning = false;
    /** Takes away what tells of declined actions. @type {() => void} */
    #forgetDeclined = () => {};
    #toldOfClock = false;
    /** How many views were asked for. */
    #views = 0;

    async start() {
        addEventListener("hashchange", () => this.refresh());
        addEventListener("online", () => this.#loadIfOld());
        document.addEventListener("visibilitychange", () => {
            document.visibilityState === "visible" && this.#loadIfOld();
        });
        try {
            await (readPhone() ? this.begin() : this.refresh());
        } catch (error) {
            showView(t("This phone"), element("p", { class: "error", role: "alert" }, error.message));
        }
        await this.#prepareOffline();
    }

    /** Keep the page on the phone, and with it what scanning needs. */
    async #prepareOffline() {
        const workers = navigator.serviceWorker;
        if ((await keepUpdated()) && !workers.controller) {
            // Only what passes through the worker is kept by it.
            await new Promise((resolve) => {
                workers.addEventListener("controllerchange", resolve, { once: true });
            });
        }
        await prepareScanner().catch(() => {});
    }

    /** After signing in, or when the page opens on a phone that is. */
    async begin() {
        // What is drawn before the area is there would be drawn again, over what is typed.
        this.#isBeginning = true;
        try {
            await this.#openStores();
        } finally {
            this.#isBeginning = false;
        }
        location.hash === "#sign-in" ? this.go("work", { replace: true }) : this.refresh();
    }

    async #openStores() {
        const { user, expired } = readPhone();
        if (this.outbox && this.userId !== user.id) {
            await this.#leave();
        }
        if (!this.outbox) {
            this.userId = user.id;
            this.#openOutbox(user.id);
            this.areaStore = new AreaStore(user.id);
            this.drafts = new Drafts(user.id);
            this.area = await this.areaStore.read();
            this.here = (await this.areaStore.here()) ?? null;
        }
        this.#asked = false;
        this.outbox.flush();
        if (!expired) {
            const loading = this.#loadIfOld();
            // Without anything to show, the first view waits for the area.
            await (this.area ? null : loading);
        }
    }

    /** Each person has a queue of his own: nobody sends in the name of another. */
    #openOutbox(userId) {
        this.outbox = new Outbox({
            name: `kt-${userId}`,
            batch: BATCH,
            send: async (actions) => {
                const waiting = (await this.#waiting()) - actions.length;
                return sendActions(this.net, "/kt/api/actions", actions, { waiting });
            },
        });
        this.outbox.addEventListener("auth", () => this.#askPassword());
        let declined = Infinity;
        this.outbox.addEventListener("change", ({ detail }) => {
            this.#bar.showCount(detail.total);
            const now = detail.refused + detail.conflict;
            if (now > declined && !location.hash.startsWith("#queue")) {
                this.#tellOfDeclined(now);
            } else if (now < declined) {
                this.#forgetDeclined();
            }
            declined = now;
            this.#update?.();
        });
        this.outbox.addEventListener("done", () => this.#loadSoon());
        this.outbox.counts().then(({ total, refused, conflict }) => {
            this.#bar.showCount(total);
            declined = Math.min(declined, refused + conflict);
        });
    }

    async #leave() {
        await this.outbox.close();
        await this.drafts.close();
        this.outbox = this.areaStore = this.drafts = this.area = this.here = null;
    }

    /** Show the view that the address names. */
    refresh() {
        if (this.#isBeginning) {
            return;
        }
        this.#views += 1;
        this.#update = null;
        forgetMistakes();
        const phone = readPhone();
        this.#bar.show(Boolean(phone), location.hash);
        if (!phone) {
            showSignIn(this);
            return;
        }
        const hash = location.hash.slice(1);
        if (hash.startsWith("a=")) {
            showCode(this, decodeURIComponent(hash.slice(2)));
            return;
        }
        const [name, ...rest] = hash.split("/");
        if (!this.#isCorrecting(name)) {
            this.outbox?.release().catch(() => {});
        }
        const show = VIEWS[name] ?? showWork;
        show(this, ...rest.map(decodeURIComponent));
    }

    /** Whether the view is a form in which something that waits is corrected. */
    #isCorrecting(name) {
        return name === "correct" || (name === "handover" && Boolean(this.handing?.before));
    }

    /** @param {string} hash @param {{replace?: boolean}} [options] without a step to go back to */
    go(hash, { replace = false } = {}) {
        if (replace) {
            history.replaceState(null, "", `#${hash}`);
            this.refresh();
        } else if (location.hash === `#${hash}`) {
            this.refresh();
        } else {
            location.hash = hash;
        }
    }

    /**
     * A view that takes its time must not take the place of one the person went to since.
     * @returns {() => boolean} whether the person is still where he is now
     */
    stay() {
        const here = this.#views;
        return () => here === this.#views;
    }

    /** Have the view that is being shown brought up to date. @param {() => void} update */
    whenChanged(update) {
        this.#update = update;
    }

    /**
     * Keep what the person did. When this resolves it is safe on the phone.  A second tap on the
     * same button keeps nothing more: whoever does the same thing twice takes longer.
     * @param {string} kind
     * @param {any} payload
     * @param {{name: string, blob: Blob}[]} [photos]
     * @param {{uuid: string}} [before] the action, refused or not sent yet, that this one replaces
     */
    keep(kind, payload, photos = [], before) {
        // Where the person stood may have been measured anew between two taps.
        const key = JSON.stringify([kind, { ...payload, position: null }]);
        const now = performance.now();
        if (this.#kept?.key !== key || now - this.#kept.at > SECOND_TAP) {
            const promise = this.#keepNow(kind, payload, photos, before);
            this.#kept = { key, at: now, promise };
            promise.catch(() => (this.#kept = null));
        }
        return this.#kept.promise;
    }

    async #keepNow(kind, payload, photos, before) {
        await this.outbox.add(kind, payload, photos, {
            replaces: before?.uuid,
            notBefore: this.area?.serverTime,
        });
        // It is safe now: a draft that cannot be deleted does no harm.
        await this.drafts.forget().catch(() => {});
        const remove = notify(t("Saved on this phone."), { mood: "good" });
        // Once it has arrived, the page says so.
        this.outbox.addEventListener("done", remove, { once: true });
    }

    /** @param {import("../../../ttcs_base/static/light/position.js").Position} position */
    async noteHere(position) {
        this.here = position;
        this.whyNotHere = "";
        await this.areaStore.noteHere(position);
    }

    /** The orders closed on this phone whose closing is still to be sent. */
    async pendingOrders() {
        const actions = (await this.outbox?.list()) ?? [];
        return new Set(
            actions
                .filter(({ kind, state }) => kind === "close_order" && state !== "refused")
                .map(({ payload }) => payload.order)
        );
    }

    /** How many actions the server has not got yet; refused ones it has seen. */
    async #waiting() {
        const { waiting, sending } = await this.outbox.counts();
        return waiting + sending;
    }

    /**
     * What was counted on this phone of a sheet as it was loaded.
     * @param {number} sheetId
     * @returns {Promise<{waiting: Set<number>, sent: Set<number>}>} ids of assets: those that
     *     are not sent yet, and those that were since the area was loaded
     */
    async countedHere(sheetId) {
        const unsent = (await this.outbox.list()).filter(
            ({ kind, state, payload }) =>
                kind === "count_asset" && state !== "refused" && payload.sheet === sheetId
        );
        const sent = (await this.outbox.listSent()).filter(
            ({ kind, sent_at }) => kind === "count_asset" && sent_at >= this.area.loadedAt
        );
        return {
            waiting: new Set(unsent.map(({ payload }) => payload.asset)),
            sent: new Set(sent.map(({ result }) => result?.asset)),
        };
    }

    async loadArea() {
        try {
            this.area = await this.areaStore.load(this.net, await this.#waiting());
        } catch (error) {
            if (error instanceof AuthNeeded) {
                this.#askPassword();
            }
            throw error;
        }
        this.#tellOfClock();
        this.#update?.();
    }

    /** A wrong clock does no harm to what is sent; days and deadlines on the screen follow it. */
    #tellOfClock() {
        const { serverTime, loadedAt } = this.area;
        const minutes = Math.round((Date.parse(loadedAt) - serverTime) / 60_000);
        if (serverTime && Math.abs(minutes) > CLOCK_TOLERANCE && !this.#toldOfClock) {
            this.#toldOfClock = true;
            const off = minutes > 0 ? t("fast") : t("slow");
            const length = formatNumber(Math.abs(minutes));
            notify(
                t("The clock of this phone is %(minutes)s minutes %(off)s. Set it right: what is due or late is shown by it.", { minutes: length, off }),
                { mood: "bad" }
            );
        }
    }

    async #loadIfOld() {
        const age = this.area ? Date.now() - Date.parse(this.area.loadedAt) : Infinity;
        const limit = this.area?.sheets.size ? COUNTING_AGE : AREA_AGE;
        if (this.areaStore && age > limit) {
            await this.loadArea().catch(() => {});
        }
    }

    #loadSoon() {
        clearTimeout(this.#reloading);
        this.#reloading = setTimeout(() => this.loadArea().catch(() => {}), SETTLING);
    }

    /** One notice that counts up, until it was followed or read. */
    #tellOfDeclined(count) {
        this.#forgetDeclined();
        this.#forgetDeclined = notify(t("%(count)s that you sent were not carried out.", { count }), {
            mood: "bad",
            action: [t("See why"), () => this.go("queue")],
        });
    }

    #askPassword() {
        noteExpired();
        if (this.#asked) {
            return;
        }
        this.#asked = true;
        notify(t("The sign-in of this phone has run out. Nothing is lost."), {
            mood: "bad",
            action: [t("Enter your password"), () => this.go("sign-in")],
        });
    }

    /** Forget the token and what was loaded; what is not sent yet stays for its owner. */
    async signOut() {
        await this.net.post("/kt/api/sign-out", {}).catch(() => {});
        forgetPhone();
        await this.areaStore.forget();
        await forgetAnswers();
        await this.#leave();
        this.go("", { replace: true });
    }
}

/** The bar at the foot of the page. */
class Bar {
    #count = element("span", { class: "count", hidden: true });
    #links = {
        work: element("a", { href: "#work" }, t("Work")),
        near: element("a", { href: "#near" }, t("Near me")),
        scan: element("a", { href: "#scan" }, t("Scan")),
        queue: element("a", { href: "#queue" }, t("Queue"), this.#count),
    };
    #nav = element(
        "nav",
        { class: "bar", "aria-label": t("Main pages"), hidden: true },
        Object.values(this.#links)
    );

    constructor() {
        document.body.append(this.#nav);
    }

    show(visible, hash) {
        this.#nav.hidden = !visible;
        const current = hash.slice(1).split("/")[0] || "work";
        for (const [name, link] of Object.entries(this.#links)) {
            name === current
                ? link.setAttribute("aria-current", "page")
                : link.removeAttribute("aria-current");
        }
    }

    showCount(total) {
        this.#count.hidden = !total;
        this.#count.textContent = String(total);
        this.#links.queue.setAttribute(
            "aria-label",
            total ? t("Queue, %(count)s not sent yet", { count: total }) : t("Queue")
        );
    }
}

new FieldApp().start();
