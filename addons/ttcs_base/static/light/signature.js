/**
 * A signature: drawn with a finger, or, for whoever cannot draw, the typed name confirmed.
 *
 * The strokes are kept as points and drawn once more for the file, so that the picture has one
 * size whatever the screen and stays small.
 */

import { button, element, field } from "./dom.js";
import { t } from "./text.js";

const WIDTH = 480;
const HEIGHT = 160;
const LINE = 3;
const LARGEST = 30_000;

export class SignatureField {
    /** @type {[number, number][][]} strokes of points, in units of the canvas */
    #strokes = [];
    #drawing = false;
    #canvas;
    #name;
    #confirm = element("input", { type: "checkbox" });

    /** @type {HTMLElement} */
    view;

    /**
     * @param {object} options
     * @param {string} options.label who signs
     * @param {string} [options.name] of the person, as far as it is known
     */
    constructor({ label, name = "" }) {
        this.#name = element("input", { type: "text", autocomplete: "off", value: name });
        this.#canvas = element("canvas", {
            width: WIDTH,
            height: HEIGHT,
            role: "img",
            "aria-label": t("Field to sign in with a finger"),
            onpointerdown: (event) => this.#begin(event),
            onpointermove: (event) => this.#extend(event),
            onpointerup: () => (this.#drawing = false),
            onpointercancel: () => (this.#drawing = false),
        });
        this.view = element(
            "fieldset",
            { class: "field signature" },
            element("legend", {}, label),
            field(t("Full name"), this.#name),
            this.#canvas,
            button(t("Clear the signature"), () => this.clear()),
            element(
                "label",
                { class: "choice" },
                this.#confirm,
                element("span", {}, t("I sign with my typed name instead"))
            )
        );
    }

    /** The name as it was typed. */
    get name() {
        return this.#name.value.trim();
    }

    set name(name) {
        this.#name.value = name;
    }

    /** Whether there is a name, and it is signed with a finger or by confirming it. */
    get isSigned() {
        return Boolean(this.name) && (this.#isDrawn || this.#confirm.checked);
    }

    get #isDrawn() {
        // A touch by accident is no signature.
        return this.#strokes.some((stroke) => stroke.length > 2);
    }

    clear() {
        this.#strokes = [];
        this.#canvas.getContext("2d").clearRect(0, 0, WIDTH, HEIGHT);
    }

    /** @returns {Promise<Blob | null>} PNG of 30 kB at most, null when only the name signs */
    async blob() {
        if (!this.#isDrawn) {
            return null;
        }
        for (let scale = 1; ; scale /= 2) {
            const picture = element("canvas", { width: WIDTH * scale, height: HEIGHT * scale });
            const context = picture.getContext("2d");
            context.fillStyle = "#fff";
            context.fillRect(0, 0, picture.width, picture.height);
            context.scale(scale, scale);
            this.#strokes.forEach((stroke) => draw(context, stroke));
            const blob = await new Promise((resolve) => picture.toBlob(resolve, "image/png"));
            if (blob.size <= LARGEST) {
                return blob;
            }
        }
    }

    #begin(event) {
        event.preventDefault();
        this.#canvas.setPointerCapture(event.pointerId);
        this.#drawing = true;
        this.#strokes.push([this.#point(event)]);
    }

    #extend(event) {
        if (this.#drawing) {
            const stroke = this.#strokes.at(-1);
            stroke.push(this.#point(event));
            draw(this.#canvas.getContext("2d"), stroke.slice(-2));
        }
    }

    #point({ clientX, clientY }) {
        const { left, top, width, height } = this.#canvas.getBoundingClientRect();
        return [((clientX - left) * WIDTH) / width, ((clientY - top) * HEIGHT) / height];
    }
}

function draw(context, stroke) {
    context.lineWidth = LINE;
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = "#000";
    context.beginPath();
    stroke.forEach(([x, y]) => context.lineTo(x, y));
    context.stroke();
}
