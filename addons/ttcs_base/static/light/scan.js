/**
 * Reading QR codes with the camera, or typing the code when that fails.
 *
 * The phone's own reader is used where it reads QR codes; elsewhere (iPhones, Firefox) ZXing,
 * which Odoo brings along, is fetched when first needed.  Call `prepareScanner` while there is
 * a network, so that it is there without one.
 */

import { button, element, field } from "./dom.js";
import { readPage, t } from "./text.js";

// The pause between two looks; decoding takes about as long on a cheap phone.
const PAUSE = 120;
// The same code in view counts once, until it has been out of view for so long.
const SAME_CODE = 3_000;
// A camera that shows no new picture for so long has stopped without a word: it is opened anew.
const STALLED = 4_000;
// ZXing gets pictures no larger than this: enough for a plate at arm's length.
const LONGEST_SIDE = 800;
const HIT = { tones: [880, 1320], vibration: [80] };
const REFUSAL = { tones: [330, 220], vibration: [60, 80, 60, 80, 200] };

/** @typedef {(source: HTMLVideoElement) => Promise<string | null>} Reader the text of a QR code */

/** @type {Promise<Reader> | null} */
let reader = null;

/** Fetch what scanning needs. @returns {Promise<Reader>} */
export function prepareScanner() {
    reader ??= makeReader().catch((error) => {
        reader = null;
        throw error;
    });
    return reader;
}

async function makeReader() {
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats()) ?? [];
    if (formats.includes("qr_code")) {
        const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
        return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
    }
    // An old-style script: importing it leaves its name on the page.
    await import(readPage().files.zxing);
    return zxingReader(globalThis.ZXing);
}

function zxingReader(ZXing) {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const decoder = new ZXing.QRCodeReader();
    const hints = new Map([[ZXing.DecodeHintType.TRY_HARDER, true]]);
    return async (video) => {
        const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
        canvas.width = Math.round(video.videoWidth * scale);
        canvas.height = Math.round(video.videoHeight * scale);
        context.drawImage(video, 0, 0, canvas.width, canvas.height);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const source = new ZXing.RGBLuminanceSource(luminance(data), canvas.width, canvas.height);
        try {
            const bitmap = new ZXing.BinaryBitmap(new ZXing.HybridBinarizer(source));
            return decoder.decode(bitmap, hints).getText();
        } catch {
            // No code, or not whole: the next picture may do.
            return null;
        }
    };
}

function luminance(data) {
    const values = new Uint8ClampedArray(data.length / 4);
    for (let i = 0; i < values.length; i++) {
        // The weights of ITU-R BT.601, in 256ths.
        values[i] = (77 * data[4 * i] + 150 * data[4 * i + 1] + 29 * data[4 * i + 2]) >> 8;
    }
    return values;
}

/**
 * A camera view with a lamp button and a field for the code. Put `view` on the page, then call
 * `start` from a tap; call `stop` when leaving.
 */
export class Scanner {
    #onCode;
    #video = element("video", { muted: true, playsinline: true, "aria-hidden": "true" });
    #message = element("p", { class: "scan-message", role: "status" });
    #lamp = button(t("Lamp"), () => this.#switchLamp(), { "aria-pressed": "false", hidden: true });
    #again = button(t("Start the camera"), () => this.start(), { hidden: true });
    #stream = /** @type {MediaStream | null} */ (null);
    #sound = /** @type {AudioContext | null} */ (null);
    #wanted = false;
    #last = { text: "", seen: 0 };

    /** @type {HTMLElement} */
    view;

    /**
     * @param {object} options
     * @param {(text: string, typed: boolean) => Promise<string | void> | string | void}
     *     options.onCode gives nothing to accept a code, or the reason why it is refused
     * @param {string} [options.label] of the field for typing
     * @param {string} [options.hint] where the code is printed
     */
    constructor({ onCode, label = t("Code under the QR"), hint = "" }) {
        this.#onCode = onCode;
        // The attribute alone does not mute a video that a script made.
        this.#video.muted = true;
        this.view = element(
            "section",
            { class: "scanner", "aria-label": t("Scan a QR code") },
            element("div", { class: "camera" }, this.#video),
            this.#message,
            element("div", { class: "buttons" }, this.#again, this.#lamp),
            this.#typing(label, hint)
        );
    }

    /** Open the camera. Without one, or without leave to use it, typing remains. */
    async start() {
        this.#wanted = true;
        this.#sound ??= globalThis.AudioContext ? new AudioContext() : null;
        this.#sound?.resume();
        document.addEventListener("visibilitychange", this.#whenHidden);
        await this.#open();
    }

    /** Switch the camera off. */
    stop() {
        this.#wanted = false;
        document.removeEventListener("visibilitychange", this.#whenHidden);
        this.#close();
    }

    #whenHidden = () => (document.hidden ? this.#close() : this.#wanted && this.#open());

    async #open() {
        if (this.#stream) {
            return;
        }
        this.#again.hidden = true;
        this.#say(t("Starting the camera…"));
        try {
            const read = await prepareScanner();
            const stream = await openCamera();
            if (!this.#wanted || document.hidden || this.#stream) {
                stream.getTracks().forEach((track) => track.stop());
                return;
            }
            this.#stream = stream;
            this.#video.srcObject = stream;
            await this.#video.play();
            this.#lamp.hidden = !stream.getVideoTracks()[0].getCapabilities?.().torch;
            this.#say(t("Hold the phone over the QR code."));
            this.#look(read, stream);
        } catch (error) {
            this.#close();
            this.#again.hidden = false;
            this.#say(cameraTrouble(error));
        }
    }

    #close() {
        this.#stream?.getTracks().forEach((track) => track.stop());
        this.#stream = null;
        this.#video.srcObject = null;
        this.#lamp.hidden = true;
        this.#lamp.setAttribute("aria-pressed", "false");
    }

    async #look(read, stream) {
        let shown = this.#picturesShown();
        let shownAt = Date.now();
        while (this.#stream === stream) {
            if (!this.view.isConnected) {
                this.stop();
                return;
            }
            if (this.#picturesShown() !== shown) {
                shown = this.#picturesShown();
                shownAt = Date.now();
            } else if (Date.now() - shownAt > STALLED) {
                this.#close();
                await this.#open();
                return;
            }
            const text = this.#video.videoWidth ? await read(this.#video).catch(() => null) : null;
            if (text && this.#stream === stream && this.#isNew(text)) {
                await this.#report(text, false);
            }
            await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
    }

    #picturesShown() {
        return this.#video.getVideoPlaybackQuality().totalVideoFrames;
    }

    #isNew(text) {
        const now = Date.now();
        const same = text === this.#last.text && now - this.#last.seen < SAME_CODE;
        this.#last = { text, seen: now };
        return !same;
    }

    async #report(text, typed) {
        const refusal = await this.#onCode(text, typed);
        this.#signal(refusal ? REFUSAL : HIT);
        this.#say(refusal || t("Code read."), Boolean(refusal));
    }

    #say(text, bad = false) {
        this.#message.textContent = text;
        this.#message.classList.toggle("bad", bad);
    }

    #signal({ tones, vibration }) {
        navigator.vibrate?.(vibration);
        tones.forEach((frequency, i) => this.#sound && beep(this.#sound, frequency, i * 0.14));
    }

    async #switchLamp() {
        const on = this.#lamp.getAttribute("aria-pressed") !== "true";
        await this.#stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
        this.#lamp.setAttribute("aria-pressed", String(on));
    }

    #typing(label, hint) {
        const input = element("input", {
            "data-passing": true,
            type: "text",
            autocapitalize: "characters",
            autocomplete: "off",
            spellcheck: "false",
            enterkeyhint: "go",
        });
        const submit = (event) => {
            event.preventDefault();
            const text = input.value.trim();
            if (text) {
                this.#report(text, true);
            }
        };
        return element(
            "form",
            { class: "typing", onsubmit: submit },
            field(label, input, hint),
            element("button", { type: "submit" }, t("Look up"))
        );
    }
}

function openCamera() {
    if (!navigator.mediaDevices) {
        throw new DOMException("", "NotFoundError");
    }
    const video = {
        facingMode: { ideal: "environment" },
        width: { ideal: 1280 },
        height: { ideal: 720 },
    };
    return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

function cameraTrouble({ name }) {
    return {
        NotAllowedError: t("Allow this page to use the camera, or type the code."),
        NotFoundError: t("No camera found. Type the code."),
        NotReadableError: t("Another app is using the camera. Close it, or type the code."),
    }[name] ?? t("The camera does not start. Type the code.");
}

function beep(sound, frequency, delay) {
    const oscillator = new OscillatorNode(sound, { frequency, type: "square" });
    const volume = new GainNode(sound, { gain: 0.12 });
    oscillator.connect(volume).connect(sound.destination);
    oscillator.start(sound.currentTime + delay);
    oscillator.stop(sound.currentTime + delay + 0.12);
}
