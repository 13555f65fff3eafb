/** Signing in: once with account and password, later with the password alone. */

import { button, element, field, showView } from "../../../ttcs_base/static/light/dom.js";
import { Refused } from "../../../ttcs_base/static/light/net.js";
import { t } from "../../../ttcs_base/static/light/text.js";
import { keepPhone, phoneName, readPhone } from "./kt-session.js";

const CODE_NEEDED = 428;

/** @param {import("./kt-app.js").FieldApp} app */
export async function showSignIn(app) {
    const isHere = app.stay();
    const phone = readPhone();
    const unsent = app.outbox ? (await app.outbox.counts()).total : 0;
    if (!isHere()) {
        return;
    }
    const form = signInForm(app, phone?.user.login ?? "");
    if (!phone) {
        showView(
            t("Sign in"),
            element("p", {}, t("Once signed in, this phone also works without a network.")),
            form
        );
        return;
    }
    const kept = t("What was not sent yet (%(count)s) stays on this phone.", { count: unsent });
    showView(
        t("Enter your password"),
        element("p", {}, t("The sign-in of this phone has run out.")),
        unsent ? element("p", { class: "summary" }, kept) : [],
        form,
        button(t("Use another account"), () => showView(t("Sign in"), signInForm(app, "")))
    );
}

function signInForm(app, known) {
    const login = element("input", {
        type: "text",
        autocomplete: "username",
        autocapitalize: "none",
        spellcheck: "false",
        required: true,
        value: known,
        readonly: Boolean(known),
    });
    const password = element("input", {
        type: "password",
        autocomplete: "current-password",
        required: true,
    });
    const code = element("input", {
        type: "text",
        inputmode: "numeric",
        autocomplete: "one-time-code",
        maxlength: 7,
    });
    const codeField = field(t("Six-digit code"), code);
    codeField.hidden = true;
    const problem = element("p", { class: "error", role: "alert" });
    const submit = element("button", { type: "submit", class: "primary" }, t("Sign in"));
    const send = async (event) => {
        event.preventDefault();
        problem.textContent = "";
        submit.disabled = true;
        try {
            const { data } = await app.net.post("/kt/api/sign-in", {
                login: login.value.trim(),
                password: password.value,
                code: code.value,
                phone: phoneName(),
            });
            keepPhone(data);
            await app.begin();
        } catch (error) {
            problem.textContent = error.message;
            if (error instanceof Refused && error.status === CODE_NEEDED) {
                codeField.hidden = false;
                code.required = true;
                code.focus();
            }
        } finally {
            submit.disabled = false;
        }
    };
    return element(
        "form",
        { onsubmit: send },
        field(t("Account"), login),
        field(t("Password"), password),
        codeField,
        problem,
        submit
    );
}
