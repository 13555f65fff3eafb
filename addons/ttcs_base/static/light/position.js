/** Where the phone is: once, as exactly as a short wait allows. */

import { formatNumber, t } from "./text.js";

const EARTH_RADIUS = 6_371_008.8;

/**
 * @typedef {object} Position
 * @property {number} latitude degrees, WGS 84
 * @property {number} longitude
 * @property {number} accuracy metres, with 68 % confidence
 * @property {string} at ISO 8601
 */

/** There is no position; the text says why and what to do. */
export class NoPosition extends Error {}

/**
 * Wait until the position is exact enough; after `patience` take the best one so far.
 * @param {object} [options]
 * @param {number} [options.enough] metres
 * @param {number} [options.patience] milliseconds
 * @returns {Promise<Position>}
 * @throws {NoPosition}
 */
export function locate({ enough = 20, patience = 15_000 } = {}) {
    return new Promise((resolve, reject) => {
        if (!navigator.geolocation) {
            reject(new NoPosition(t("This phone cannot tell its position.")));
            return;
        }
        /** @type {Position | null} */
        let best = null;
        const finish = (error) => {
            clearTimeout(timer);
            navigator.geolocation.clearWatch(watch);
            best ? resolve(best) : reject(error);
        };
        const unknown = () =>
            new NoPosition(t("No position found. Step into the open, then try again."));
        const timer = setTimeout(() => finish(unknown()), patience);
        const watch = navigator.geolocation.watchPosition(
            ({ coords: { latitude, longitude, accuracy }, timestamp }) => {
                if (!best || accuracy < best.accuracy) {
                    const at = new Date(timestamp).toISOString();
                    best = { latitude, longitude, accuracy, at };
                }
                if (best.accuracy <= enough) {
                    finish();
                }
            },
            (error) => {
                if (error.code === error.PERMISSION_DENIED) {
                    const advice = t("Allow this page to use the position, then try again.");
                    finish(new NoPosition(advice));
                }
            },
            { enableHighAccuracy: true, maximumAge: 0 }
        );
    });
}

/**
 * The great-circle distance in metres, by the haversine formula; wrong by 0.5 % at most, since
 * the earth is no sphere.
 * @param {{latitude: number, longitude: number}} from
 * @param {{latitude: number, longitude: number}} to
 * @returns {number}
 */
export function distance(from, to) {
    const radians = (degrees) => (degrees * Math.PI) / 180;
    const north = radians(to.latitude - from.latitude) / 2;
    const east = radians(to.longitude - from.longitude) / 2;
    const parallels = Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude));
    const square = Math.sin(north) ** 2 + parallels * Math.sin(east) ** 2;
    return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(Math.min(1, square)));
}

/** @param {number} metres @returns {string} "120 m away", "1.2 km away" */
export function distanceInWords(metres) {
    if (metres < 1000) {
        const rounded = metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10;
        return t("%(distance)s m away", { distance: formatNumber(rounded) });
    }
    return t("%(distance)s km away", {
        distance: formatNumber(metres / 1000, metres < 10_000 ? 1 : 0),
    });
}
