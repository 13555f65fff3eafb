/** Counting an inventory: what a sheet expects, what is left of it, and what nobody expected. */

import { button, element, field, showView } from "../../../ttcs_base/static/light/dom.js";
import { Scanner } from "../../../ttcs_base/static/light/scan.js";
import { formatNumber, t } from "../../../ttcs_base/static/light/text.js";
import { missingArea } from "./kt-items.js";
import { PhotoField } from "./kt-photos.js";
import { Whereabouts } from "./kt-where.js";
import { dayInWords, folded } from "./kt-words.js";

const SHOWN = 60;

/**
 * The sheets, one sheet, or one asset of it.
 * @param {import("./kt-app.js").FieldApp} app
 * @param {string} [sheetId]
 * @param {string} [assetId]
 * @param {string} [how] a scan, a typed code, or from the list
 */
export function showCount(app, sheetId, assetId, how = "list") {
    const sheet = app.area?.sheets.get(Number(sheetId));
    if (!sheet) {
        showSheets(app);
    } else if (assetId) {
        showCounting(app, sheet, Number(assetId), how);
    } else {
        showSheet(app, sheet);
    }
}

function showSheets(app) {
    const sheets = [...(app.area?.sheets.values() ?? [])];
    const items = sheets.map((sheet) =>
        element(
            "li",
            {},
            element(
                "a",
                { class: "item", href: `#count/${sheet.id}` },
                element("strong", {}, sheet.title),
                element("span", {}, sheet.inventory),
                element(
                    "span",
                    { class: "badge" },
                    t("Count until %(day)s", { day: dayInWords(sheet.due_date) })
                )
            )
        )
    );
    showView(
        t("Inventory"),
        ...missingArea(app.area),
        items.length
            ? element("ul", { class: "items" }, items)
            : element("p", { class: "hint" }, t("No sheet is being counted in your area."))
    );
}

async function showSheet(app, sheet) {
    const isHere = app.stay();
    const status = element("p", { role: "status" });
    const bar = element("progress", { "aria-label": t("Progress") });
    const list = element("ul", { class: "items" });
    const search = element("input", { type: "search", autocomplete: "off" });
    const update = async () => {
        const done = await app.countedHere(sheet.id);
        const lines = app.area.linesOf(sheet.id);
        const left = lines.filter((line) => !isCounted(line, done));
        const total = lines.length;
        bar.max = total || 1;
        bar.value = total - left.length;
        const waiting = done.waiting.size;
        const text = t("%(counted)s of %(total)s counted", {
            counted: formatNumber(total - left.length),
            total: formatNumber(total),
        });
        status.textContent = waiting
            ? `${text} · ${t("%(count)s waiting to be sent", { count: waiting })}`
            : text;
        const words = folded(search.value).split(/\s+/).filter(Boolean);
        const shown = left.filter((line) => {
            const haystack = folded([line.name, line.code, line.place].join(" "));
            return words.every((word) => haystack.includes(word));
        });
        list.replaceChildren(...shown.slice(0, SHOWN).map((line) => leftItem(sheet, line)));
    };
    search.addEventListener("input", update);
    const scanner = new Scanner({
        label: t("Call code or code under the QR"),
        onCode: (text, typed) => openCounted(app, sheet, text, typed),
    });
    await update();
    if (!isHere()) {
        return;
    }
    app.whenChanged(update);
    showView(
        sheet.title,
        element("p", { class: "hint" }, sheet.inventory),
        sheet.is_closing
            ? element("p", { class: "error" }, t("The counting is being closed. Send what you have."))
            : [],
        status,
        bar,
        scanner.view,
        element(
            "a",
            { class: "button", href: `#unexpected/${sheet.id}` },
            t("Something that is not on the list")
        ),
        element("h2", {}, t("Left, by place")),
        field(t("Search by name, code or place"), search),
        list
    );
    await scanner.start();
}

function isCounted(line, { waiting, sent }) {
    const id = line.equipment_id;
    return line.state !== "pending" || waiting.has(id) || sent.has(id);
}

function leftItem(sheet, line) {
    return element(
        "li",
        {},
        element(
            "a",
            { class: "item", href: `#count/${sheet.id}/${line.equipment_id}` },
            element("strong", {}, line.name),
            element("span", {}, [line.place, line.code].filter(Boolean).join(" · "))
        )
    );
}

/** @returns {string | undefined} why a code leads nowhere */
function openCounted(app, sheet, text, typed) {
    const { status, code, tag } = app.area.find(text);
    if (status === "imitation") {
        return t("Not genuine: this tag leads to a foreign address. Report it.");
    }
    if (status === "other") {
        return t("This is not a tag of the network.");
    }
    if (status === "not_here" && typed) {
        return t("No asset on this phone has this code. Check each digit. Is it right, choose “Something that is not on the list”.");
    }
    const id = tag?.equipment_id;
    const expected = id && app.area.lineOf(sheet.id, id);
    // What this sheet does not expect is found here all the same: the server knows whose it is.
    const next = expected
        ? `count/${sheet.id}/${id}/${typed ? "code" : "scan"}`
        : `unexpected/${sheet.id}/${encodeURIComponent(code)}`;
    app.go(next);
    return undefined;
}

/** One asset before the person: a tap on its condition counts it. */
async function showCounting(app, sheet, assetId, how) {
    const isHere = app.stay();
    const line = app.area.lineOf(sheet.id, assetId);
    if (!line) {
        showSheet(app, sheet);
        return;
    }
    const note = element("input", { type: "text", maxlength: 500 });
    const where = new Whereabouts();
    const problem = element("p", { class: "error", role: "alert" });
    const count = async (condition) => {
        const payload = {
            sheet: sheet.id,
            asset: assetId,
            condition,
            how,
            note: note.value.trim() || null,
            position: where.position,
        };
        try {
            await app.keep("count_asset", payload);
            app.go(`count/${sheet.id}`, { replace: true });
        } catch (error) {
            problem.textContent = error.message;
        }
    };
    const done = await app.countedHere(sheet.id);
    if (!isHere()) {
        return;
    }
    showView(
        line.name,
        element("p", {}, [line.place, line.code].filter(Boolean).join(" · ")),
        !isCounted(line, done) ? [] : element("p", { class: "hint" }, t("Counted before.")),
        field(t("Note (not required)"), note),
        element("h2", {}, t("It is here. How is it?")),
        element(
            "div",
            { class: "buttons" },
            app.area.choices("condition").map(([value, name]) =>
                button(name, () => count(value), value === line.condition ? { class: "primary" } : {})
            )
        ),
        problem,
        where.view
    );
}

/**
 * The form of an object that the sheet does not expect.
 * @param {import("./kt-app.js").FieldApp} app
 * @param {string} sheetId
 * @param {string} [code] that was scanned on it
 * @param {any} [before] a refused one that is being corrected, with its files
 */
export function showUnexpected(app, sheetId, code, before) {
    const given = before?.payload ?? {};
    const found = app.area?.find(code ?? "");
    const known = found?.asset?.name ?? app.area?.expectedName(found?.tag?.equipment_id);
    const text = (value, more = {}) =>
        element("input", { type: "text", maxlength: 200, value: value ?? "", ...more });
    const inputs = {
        name: text(given.name ?? known, { required: true }),
        object_kind: text(given.object_kind),
        place: text(given.place),
        serial: text(given.serial),
        note: text(given.note, { maxlength: 500 }),
    };
    const condition = element(
        "select",
        {},
        (app.area?.choices("condition") ?? []).map(([value, name]) =>
            element("option", { value, selected: value === given.condition }, name)
        )
    );
    const photos = new PhotoField(before?.blobs);
    const where = new Whereabouts();
    const problem = element("p", { class: "error", role: "alert" });
    const keep = async (event) => {
        event.preventDefault();
        const entered = Object.entries(inputs).map(([name, { value }]) => [name, value.trim() || null]);
        const payload = {
            ...Object.fromEntries(entered),
            sheet: Number(sheetId),
            code: code ?? given.code ?? null,
            condition: condition.value,
            position: where.position,
        };
        if (!payload.name) {
            problem.textContent = t("Say what it is first.");
            inputs.name.focus();
            return;
        }
        try {
            await app.keep("count_unexpected", payload, photos.photos, before);
            app.go(`count/${sheetId}`, { replace: true });
        } catch (error) {
            problem.textContent = error.message;
        }
    };
    showView(
        t("Something that is not on the list"),
        code ? element("p", { class: "call-code" }, known ?? code) : [],
        known ? element("p", { class: "hint" }, t("It is expected on another sheet: the server finds out whose it is.")) : [],
        element(
            "form",
            { onsubmit: keep, novalidate: true },
            field(t("What it is"), inputs.name),
            field(t("Kind of object"), inputs.object_kind),
            field(t("Where exactly"), inputs.place),
            field(t("Serial number"), inputs.serial),
            field(t("Condition seen now"), condition),
            field(t("Note (not required)"), inputs.note),
            photos.view,
            where.view,
            problem,
            element("button", { type: "submit", class: "primary" }, t("Save"))
        )
    );
}
