/**
 * Photos: taken or chosen, turned upright, shrunk to a JPEG without metadata, hashed.
 *
 * Drawing on a canvas drops everything but the pixels: place, time and phone of the EXIF data
 * never leave the phone.
 */

import { element } from "./dom.js";
import { t } from "./text.js";

const LONGEST_SIDE = 1600;
const WANTED_BYTES = 300_000;
const QUALITIES = [0.82, 0.7, 0.55];
// Cameras of 108 million pixels exist. Chromium refuses 537 million, after allocating gigabytes.
const MOST_PIXELS = 120e6;
// Decoding more than this many pixels at full size is too much for a cheap phone.
const MANY_PIXELS = 16e6;
// JPEG files may have several segments of 64 kB before the one that tells their size.
const HEAD = 512 * 1024;

/** The file is no picture, or none that this phone can read. */
export class PhotoRefused extends Error {}

/**
 * @typedef {object} Photo
 * @property {Blob} blob JPEG, at most 1600 pixels a side
 * @property {string} sha256 of the blob, hexadecimal
 * @property {number} width
 * @property {number} height
 */

/**
 * Open the camera or the gallery.
 * @param {object} [options]
 * @param {boolean} [options.camera] straight to the camera, where the phone can
 * @returns {Promise<File | null>} null when the person goes back without one
 */
export function pickPhoto({ camera = true } = {}) {
    return new Promise((resolve) => {
        // Without HEIC in the list, iPhones hand over a JPEG.
        const input = element("input", {
            type: "file",
            accept: "image/jpeg,image/png,image/webp",
            capture: camera && "environment",
        });
        input.addEventListener("change", () => resolve(input.files[0] ?? null));
        input.addEventListener("cancel", () => resolve(null));
        input.click();
    });
}

/**
 * @param {Blob} file
 * @returns {Promise<Photo>}
 * @throws {PhotoRefused} with a text for the person
 */
export async function shrinkPhoto(file) {
    const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
    const kind = kindOf(head);
    if (!kind) {
        throw new PhotoRefused(t("This file is not a photo. Choose a JPEG or PNG picture."));
    }
    const pixels = pixelsOf(kind, new DataView(head.buffer));
    if (pixels > MOST_PIXELS) {
        throw new PhotoRefused(
            t("This picture is too large for the phone. Take it again at a lower resolution.")
        );
    }
    const bitmap = await decode(file, pixels);
    try {
        return await draw(bitmap);
    } finally {
        bitmap.close();
    }
}

/** @param {Blob} blob @returns {Promise<string>} hexadecimal */
export async function sha256(blob) {
    const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
    const bytes = Array.from(new Uint8Array(digest));
    return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function kindOf(head) {
    const text = String.fromCharCode(...head.subarray(0, 12));
    if (text.startsWith("\xff\xd8\xff")) {
        return "jpeg";
    }
    if (text.startsWith("\x89PNG\r\n\x1a\n")) {
        return "png";
    }
    if (/^RIFF[^]{4}WEBP/.test(text)) {
        return "webp";
    }
    return /^[^]{4}ftyp(heic|heix|mif1|msf1|avif)/.test(text) ? "heif" : null;
}

/** Width × height as the file claims; 0 when it must be decoded to know. */
function pixelsOf(kind, view) {
    try {
        return { png: pngPixels, jpeg: jpegPixels, webp: webpPixels }[kind]?.(view) ?? 0;
    } catch (error) {
        if (error instanceof RangeError) {
            return 0;
        }
        throw error;
    }
}

function pngPixels(view) {
    return view.getUint32(16) * view.getUint32(20);
}

function jpegPixels(view) {
    let at = 2;
    for (;;) {
        const marker = view.getUint8(at + 1);
        // SOF0 to SOF15 without DHT, JPG and DAC tell the size (ITU-T T.81, table B.1).
        if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
            return view.getUint16(at + 5) * view.getUint16(at + 7);
        }
        at += 2 + view.getUint16(at + 2);
    }
}

/** RFC 9649: the size stands in the first chunk, in a place of its own for each of three kinds. */
function webpPixels(view) {
    const chunk = String.fromCharCode(...new Uint8Array(view.buffer, 12, 4));
    if (chunk === "VP8X") {
        const three = (at) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1;
        return three(24) * three(27);
    }
    if (chunk === "VP8L") {
        const bits = view.getUint32(21, true);
        return ((bits & 0x3fff) + 1) * (((bits >> 14) & 0x3fff) + 1);
    }
    return (view.getUint16(26, true) & 0x3fff) * (view.getUint16(28, true) & 0x3fff);
}

async function decode(file, pixels) {
    const options = { imageOrientation: "from-image" };
    if (pixels > MANY_PIXELS) {
        Object.assign(options, { resizeWidth: LONGEST_SIDE, resizeQuality: "high" });
    }
    try {
        return await createImageBitmap(file, options);
    } catch {
        throw new PhotoRefused(
            t("This phone cannot read the picture. Take it again, as JPEG, at a lower resolution.")
        );
    }
}

async function draw(bitmap) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = element("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const { width, height } = canvas;
    const blob = await smallest(canvas);
    return { blob, sha256: await sha256(blob), width, height };
}

/** The best quality that fits, or the smallest. */
async function smallest(canvas) {
    let blob;
    for (const quality of QUALITIES) {
        blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
        if (blob && blob.size <= WANTED_BYTES) {
            return blob;
        }
    }
    if (!blob) {
        throw new PhotoRefused(t("The phone has too little memory for this picture."));
    }
    return blob;
}
