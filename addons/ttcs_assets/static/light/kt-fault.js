/** Reporting a fault of an asset. */

import { element, field, showView } from "../../../ttcs_base/static/light/dom.js";
import { t } from "../../../ttcs_base/static/light/text.js";
import { PhotoField } from "./kt-photos.js";
import { Whereabouts } from "./kt-where.js";

/**
 * @param {import("./kt-app.js").FieldApp} app
 * @param {string} id of the asset
 * @param {any} [before] a refused report that is being corrected, with its files
 */
export function showFault(app, id, before) {
    const asset = app.area?.assets.get(Number(id));
    const { text = "", severity = "major" } = before?.payload ?? {};
    const description = element("textarea", { rows: 4, maxlength: 4000, required: true }, text);
    const severities = severityField(severity);
    const photos = new PhotoField(before?.blobs);
    const where = new Whereabouts();
    const problem = element("p", { class: "error", role: "alert" });
    const keep = async (event) => {
        event.preventDefault();
        if (!description.value.trim()) {
            problem.textContent = t("Say what is wrong first.");
            description.focus();
            return;
        }
        const chosen = new FormData(event.target).get("severity");
        const payload = {
            asset: Number(id),
            text: description.value.trim(),
            severity: chosen,
            position: where.position,
        };
        try {
            await app.keep("report_fault", payload, photos.photos, before);
            app.go(`asset/${id}`, { replace: true });
        } catch (error) {
            problem.textContent = error.message;
        }
    };
    showView(
        t("Report a fault"),
        asset ? element("p", { class: "summary" }, asset.name) : [],
        element(
            "form",
            { onsubmit: keep, novalidate: true },
            severities,
            field(t("What is wrong"), description),
            photos.view,
            where.view,
            problem,
            element("button", { type: "submit", class: "primary" }, t("Save the report"))
        )
    );
}

function severityField(chosen) {
    const choices = [
        ["minor", t("It works badly")],
        ["major", t("It does not work")],
        ["danger", t("It is a danger to people")],
    ];
    return element(
        "fieldset",
        { class: "field" },
        element("legend", {}, t("How bad is it")),
        choices.map(([value, name]) =>
            element(
                "label",
                { class: "choice" },
                element("input", {
                    type: "radio",
                    name: "severity",
                    value,
                    checked: value === chosen,
                }),
                name
            )
        )
    );
}
