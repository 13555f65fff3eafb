/** This phone: whose it is, which communes it carries, signing out. */

import { button, element, field, notify, showView } from "../../../ttcs_base/static/light/dom.js";
import { formatTime, t } from "../../../ttcs_base/static/light/text.js";
import { readPhone } from "./kt-session.js";
import { folded, serverTime } from "./kt-words.js";

// From this many communes on a person would rather search than scroll.
const MANY = 8;

/** @param {import("./kt-app.js").FieldApp} app */
export function showPhone(app) {
    const { user, expires_at } = readPhone();
    const names = app.area?.communes.map((commune) => commune.name).join(", ");
    const reload = button(t("Load the area again"), async () => {
        reload.disabled = true;
        try {
            await app.loadArea();
            notify(t("The area is loaded."), { mood: "good" });
            app.refresh();
        } catch (error) {
            notify(error.message, { mood: "bad" });
        } finally {
            reload.disabled = false;
        }
    });
    showView(
        t("This phone"),
        element(
            "dl",
            {},
            fact(t("Signed in as"), user.name),
            fact(t("Until"), formatTime(serverTime(expires_at))),
            app.area ? fact(t("Area loaded"), formatTime(app.area.loadedAt)) : [],
            app.area ? fact(t("Assets"), String(app.area.assets.size)) : [],
            names ? fact(t("Communes"), names) : []
        ),
        element(
            "div",
            { class: "buttons" },
            reload,
            element("a", { class: "button", href: "#communes" }, t("Choose communes")),
            button(t("Sign out"), () => signOut(app))
        )
    );
}

function fact(name, value) {
    return element("div", {}, element("dt", {}, name), element("dd", {}, value));
}

async function signOut(app) {
    const { total } = await app.outbox.counts();
    const question = total
        ? t("%(count)s not sent yet stay on this phone until you sign in again. Sign out?", {
              count: total,
          })
        : t("Sign out of this phone?");
    if (confirm(question)) {
        await app.signOut();
    }
}

/** @param {import("./kt-app.js").FieldApp} app */
export async function showCommunes(app) {
    const isHere = app.stay();
    const carried = app.area?.communes.map((commune) => commune.id);
    const chosen = new Set((await app.areaStore.communes()) ?? carried ?? []);
    let communes;
    let problem;
    try {
        ({ communes } = (await app.net.get("/kt/api/communes")).data);
    } catch (error) {
        problem = error.message;
    }
    if (!isHere()) {
        return;
    }
    if (problem) {
        showView(t("Choose communes"), element("p", { class: "error" }, problem));
        return;
    }
    const boxes = communes.map(({ id, name, assets }) =>
        element(
            "label",
            { class: "choice" },
            element("input", { type: "checkbox", value: id, checked: chosen.has(id) }),
            element("span", {}, name),
            element("span", { class: "hint" }, t("%(count)s assets", { count: assets }))
        )
    );
    const list = element("div", { class: "picker" }, boxes);
    const search = element("input", { type: "search", autocomplete: "off" });
    search.addEventListener("input", () => {
        const words = folded(search.value.trim());
        communes.forEach(({ name }, number) => {
            boxes[number].hidden = !folded(name).includes(words);
        });
    });
    const keep = async (event) => {
        event.preventDefault();
        const checked = [...list.querySelectorAll("input:checked")];
        await app.areaStore.choose(checked.map((input) => Number(input.value)));
        try {
            await app.loadArea();
            isHere() && app.go("work", { replace: true });
        } catch (error) {
            notify(error.message, { mood: "bad" });
        }
    };
    showView(
        t("Choose communes"),
        element("p", {}, t("The phone takes along the assets and work orders of these communes.")),
        element(
            "form",
            { onsubmit: keep },
            communes.length > MANY ? field(t("Search by name"), search) : [],
            list,
            element("button", { type: "submit", class: "primary" }, t("Load"))
        )
    );
}
