/**
 * Who uses this phone: the token of the field interface, and whose it is.
 *
 * It lies in localStorage, where the public face of a tag looks for it too (face.js).  When the
 * token has run out the rest stays, so that the queue waits for its owner's password.
 */

const KEY = "ttcs-kt-phone";

/**
 * @typedef {object} Phone
 * @property {string} token
 * @property {{id: number, name: string, login: string}} user
 * @property {string} expires_at ISO 8601, UTC
 * @property {boolean} expired the server has refused the token
 */

/** @returns {Phone | null} null before the first sign-in and after signing out */
export function readPhone() {
    try {
        return JSON.parse(localStorage.getItem(KEY));
    } catch {
        return null;
    }
}

/** @param {Phone} phone */
export function keepPhone({ token, user, expires_at, expired = false }) {
    localStorage.setItem(KEY, JSON.stringify({ token, user, expires_at, expired }));
}

/** The server no longer takes the token: only the password is missing. */
export function noteExpired() {
    const phone = readPhone();
    if (phone && !phone.expired) {
        keepPhone({ ...phone, expired: true });
    }
}

export function forgetPhone() {
    localStorage.removeItem(KEY);
}

/** What this phone calls itself in the list of phones. @returns {string} */
export function phoneName() {
    const system = /\(([^)]*)\)/.exec(navigator.userAgent)?.[1].split(";") ?? [];
    const parts = system.map((part) => part.trim());
    return parts.filter((part) => !/^(linux|u|wv|x11|k)$/i.test(part)).slice(-2).join(", ");
}
