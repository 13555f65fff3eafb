/** What is not sent yet: every item with its state in words, the reason, and a choice. */

import { announce, button, element, saveFile } from "./dom.js";
import { formatTime, t } from "./text.js";

/** @typedef {import("./outbox.js").Action} Action */

/** @param {Action} action @returns {string} */
export function stateInWords({ state }) {
    return {
        waiting: t("Waiting to be sent"),
        sending: t("Being sent"),
        refused: t("Refused"),
        conflict: t("Changed by someone else first"),
    }[state];
}

/**
 * A list that follows an outbox.
 * @param {import("./outbox.js").Outbox} outbox
 * @param {object} options
 * @param {(action: Action) => string} options.describe what was done, in a few words
 * @param {(action: Action) => void} [options.correct] opens the form again for a refused one
 * @param {(action: Action) => string} [options.advise] what to do about one that the server has
 *     judged; where its verdict is final, `options.isFinal` says so and it can only be read
 * @param {(action: Action) => boolean} [options.isFinal]
 * @param {(action: Action) => boolean} [options.mayCorrect] one that still waits
 * @returns {HTMLElement}
 */
export function queueView(outbox, options) {
    const summary = element("p", { class: "summary", tabindex: -1 });
    const list = element("ul", { class: "queue" });
    const save = button(t("Save unsent data as a file"), async () =>
        saveFile(await outbox.exportFile())
    );
    const view = element("section", { "aria-label": t("Not sent yet") }, summary, list, save);
    /** @type {Map<string, HTMLElement>} the items by what they show */
    let items = new Map();
    let latest = 0;
    const refresh = async () => {
        const turn = ++latest;
        let actions;
        try {
            actions = await outbox.list();
        } catch (error) {
            // Another tab has a newer version, for instance: the text says what to do.
            summary.textContent = error.message;
            return;
        }
        if (turn !== latest) {
            return;
        }
        // The server has what it judged for good, and only its words are to be read.
        const judged = actions.filter((one) => isDeclined(one) && options.isFinal?.(one)).length;
        const count = actions.length - judged;
        const text =
            [
                count && t("%(count)s not sent yet", { count }),
                judged && t("%(count)s sent, its answer to be read", { count: judged }),
            ]
                .filter(Boolean)
                .join(" · ") || t("Everything has been sent.");
        if (summary.textContent && summary.textContent !== text) {
            announce(text);
        }
        summary.textContent = text;
        save.hidden = !count;
        const focused = list.contains(document.activeElement) && document.activeElement;
        // An item that shows the same is kept, so that the focus can return to its button.
        items = new Map(
            actions.map((action) => [JSON.stringify(action), action]).map(([key, action]) => {
                return [key, items.get(key) ?? item(outbox, action, options)];
            })
        );
        list.replaceChildren(...items.values());
        if (focused) {
            (focused.isConnected ? focused : summary).focus();
        }
    };
    let shown = false;
    const follow = () => {
        shown ||= view.isConnected;
        if (shown && !view.isConnected) {
            outbox.removeEventListener("change", follow);
        } else {
            refresh();
        }
    };
    outbox.addEventListener("change", follow);
    refresh();
    return view;
}

function isDeclined({ state }) {
    return state === "refused" || state === "conflict";
}

function item(outbox, action, { describe, correct, advise, isFinal, mayCorrect }) {
    const { state, last_error, created_at } = action;
    const declined = isDeclined(action);
    const advice = declined && advise?.(action);
    return element(
        "li",
        { class: `state-${state}` },
        element("strong", {}, describe(action)),
        element("span", { class: "state" }, stateInWords(action)),
        element("time", { datetime: created_at }, formatTime(created_at)),
        last_error && state !== "sending" ? element("p", { class: "reason" }, last_error) : null,
        advice ? element("p", { class: "hint" }, advice) : null,
        state === "sending"
            ? null
            : element(
                  "div",
                  { class: "buttons" },
                  declined && isFinal?.(action)
                      ? button(t("Read, take it off the list"), () => outbox.discard(action.uuid))
                      : choices(outbox, action, (declined || mayCorrect?.(action)) && correct)
              )
    );
}

function choices(outbox, action, correct) {
    const { uuid, state } = action;
    return [
        correct ? button(t("Correct it"), () => correct(action)) : null,
        button(state === "waiting" ? t("Send now") : t("Send it again"), () => outbox.retry(uuid)),
        button(t("Delete"), () => {
            if (confirm(t("Delete this without sending it?"))) {
                outbox.discard(uuid);
            }
        }),
    ];
}
