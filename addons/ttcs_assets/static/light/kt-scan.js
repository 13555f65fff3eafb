/** Scanning a tag or typing its code, and what comes of it. */

import { element, showView } from "../../../ttcs_base/static/light/dom.js";
import { Offline, ServerTrouble } from "../../../ttcs_base/static/light/net.js";
import { Scanner } from "../../../ttcs_base/static/light/scan.js";
import { t } from "../../../ttcs_base/static/light/text.js";
import { takeScanned } from "./kt-handover.js";

/** @param {import("./kt-app.js").FieldApp} app */
export async function showScan(app) {
    const scanner = new Scanner({
        label: t("Call code or code under the QR"),
        hint: t("Eight digits, painted on the pole or printed on the tag."),
        onCode: (text) => openCode(app, text),
    });
    showView(t("Scan"), scanner.view);
    await scanner.start();
}

/**
 * The page of a code that came with the address, from the public face of a tag.
 * @param {import("./kt-app.js").FieldApp} app
 * @param {string} text
 */
export async function showCode(app, text) {
    const refusal = await openCode(app, text, { replace: true });
    if (refusal) {
        showView(
            t("This tag"),
            element("p", { class: "error" }, refusal),
            element("a", { class: "button", href: "#scan" }, t("Scan another"))
        );
    }
}

/**
 * Go where a code leads.
 * @returns {Promise<string | undefined>} why it leads nowhere
 */
async function openCode(app, text, { replace = false } = {}) {
    const isHere = app.stay();
    const { status, code, assetId } = await lookUp(app, text);
    if (!isHere()) {
        return undefined;
    }
    if (assetId && takeScanned(app, assetId)) {
        return undefined;
    }
    if (assetId) {
        app.go(`asset/${assetId}`, { replace });
        return undefined;
    }
    if (status === "blank" || status === "unsure") {
        app.go(`claim/${encodeURIComponent(code)}`, { replace });
        return undefined;
    }
    return {
        void: t("This tag was taken out of use and is on nothing."),
        revoked: t("This tag was taken out of use. Scan the new one beside it."),
        imitation: t("Not genuine: this tag leads to a foreign address. Report it."),
        forged: t("Not genuine: nobody issued this code. Report it, or check the typing."),
        out_of_reach: t("This tag belongs to an area that is not yours."),
        offline: t("This phone does not know the code. Try again with a network."),
    }[status] ?? t("This is not a tag of the network.");
}

/** On the phone first, then at the server. */
async function lookUp(app, text) {
    const here = app.area?.find(text) ?? { status: "not_here", code: text.trim() };
    if (here.asset || here.status === "blank" || here.status === "imitation") {
        return { status: here.status, code: here.code, assetId: here.asset?.id };
    }
    try {
        const { data } = await app.net.get(`/kt/api/tag?text=${encodeURIComponent(text)}`);
        const { status, tag, asset } = data;
        return { status, code: tag?.code ?? here.code, assetId: asset?.id };
    } catch (error) {
        if (!(error instanceof Offline || error instanceof ServerTrouble)) {
            return { status: "offline" };
        }
        // A whole code may be of a roll issued yesterday: the server judges it when it is sent.
        const isWhole = here.status === "not_here" && here.code.length === 18;
        return { status: isWhole ? "unsure" : "offline", code: here.code };
    }
}
