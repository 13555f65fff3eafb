/**
 * What a scanner read or a person typed, as far as the phone can tell by itself.
 *
 * Only the server has the keys that tell a genuine code from a forged one.
 */

const SYMBOLS = /^[0-9A-HJKMNP-TV-Z]{18}$/;
const ADDRESS = /^(?:https?:\/\/)?([^/?#@\\]+)\/a\/([^/?#@\\%]{18,64})\/?(?:[?#].*)?$/i;

/**
 * @typedef {object} Reading
 * @property {"code" | "spoken" | "imitation" | "other"} kind
 * @property {string} text the code in its one spelling, or what was read
 */

/**
 * @param {string} text
 * @param {string[]} hosts on which the codes of this network lead
 * @returns {Reading}
 */
export function readCode(text, hosts) {
    const trimmed = text.trim();
    const bare = foldedCode(trimmed);
    if (bare) {
        return { kind: "code", text: bare };
    }
    const [, host, written] = ADDRESS.exec(trimmed) ?? [];
    const code = written && foldedCode(written);
    if (code) {
        const ours = hosts.some((one) => hostKey(one) === hostKey(host));
        return { kind: ours ? "code" : "imitation", text: code };
    }
    const digits = trimmed.replace(/[\s.,·_-]/g, "");
    if (/^\d{8}$/.test(digits)) {
        return { kind: "spoken", text: digits };
    }
    return { kind: "other", text: trimmed };
}

/** Crockford's base 32: O is 0, I and L are 1, case and separators do not count. */
function foldedCode(text) {
    const symbols = text
        .toUpperCase()
        .replace(/[\s\u2010-\u2014-]/g, "")
        .replace(/O/g, "0")
        .replace(/[IL]/g, "1");
    return SYMBOLS.test(symbols) ? symbols : null;
}

function hostKey(host) {
    return host.toLowerCase().replace(/:(80|443)$/, "");
}

/** "12345679" as it is painted on the pole. @param {string} digits */
export function spokenInGroups(digits) {
    return `${digits.slice(0, 4)} ${digits.slice(4)}`;
}
