/**
 * In which order to visit work orders: nothing but numbers, no page and no network.
 *
 * Orders at one place are one stop.  From where the person stands the nearest stop comes first,
 * then the nearest of the rest, and so on; then pieces of the way are turned round as long as
 * that makes it shorter (2-opt).  Distances are as the crow flies: no map is on the phone.
 */

// Orders whose assets stand this near to each other, in metres, are one stop.
const ONE_PLACE = 60;
// The way must become this much shorter, in metres, so that rounding never makes the search run
// in circles.
const WORTH_IT = 1e-6;
const EARTH_RADIUS = 6_371_008.8;

/**
 * @typedef {{latitude: number, longitude: number}} Point
 *
 * @typedef {object} Visit
 * @property {any} order
 * @property {Point | null} point where its asset stands, if anybody knows
 * @property {boolean} [rough] only about: the middle of its hamlet or commune
 * @property {string} place where it is, to sort by when there is no point
 *
 * @typedef {object} Stop
 * @property {any[]} orders
 * @property {Point | null} point
 * @property {boolean} rough
 * @property {string} place
 * @property {number | null} metres from the stop before, or from the start
 *
 * @typedef {(one: Point, other: Point) => number} Distance in metres
 */

/**
 * @param {Visit[]} visits
 * @param {Point | null} start from where the way begins; needed as soon as one visit has a point
 * @param {Distance} distance
 * @returns {Stop[]} those without a point last, by place
 */
export function planRoute(visits, start, distance) {
    const stops = gather(visits, distance);
    const located = stops.filter(({ point }) => point);
    const rest = stops
        .filter(({ point }) => !point)
        .sort((one, other) => one.place.localeCompare(other.place));
    if (!located.length) {
        return rest;
    }
    const points = [start, ...located.map(({ point }) => point)];
    const metres = table(points, distance);
    const order = shorten(nearestFirst(metres), metres);
    const sorted = order.slice(1).map((index, i) => {
        return { ...located[index - 1], metres: metres[order[i]][index] };
    });
    return [...sorted, ...rest];
}

/** @param {Stop[]} stops @returns {number} metres of the whole way, as far as they are known */
export function lengthOf(stops) {
    return stops.reduce((sum, { metres }) => sum + (metres ?? 0), 0);
}

/** The middle of some points. @param {Point[]} points @returns {Point | null} */
export function middle(points) {
    if (!points.length) {
        return null;
    }
    const mean = (name) => points.reduce((sum, point) => sum + point[name], 0) / points.length;
    return { latitude: mean("latitude"), longitude: mean("longitude") };
}

/**
 * Distances as on a plane, quick to compute: within a province they are wrong by a few metres in
 * ten kilometres.
 * @param {Point} about where the plane touches the earth
 * @returns {Distance}
 */
export function flatDistance({ latitude }) {
    const metres = (EARTH_RADIUS * Math.PI) / 180;
    const shrinking = metres * Math.cos((latitude * Math.PI) / 180);
    return (one, other) => {
        const north = metres * (one.latitude - other.latitude);
        const east = shrinking * (one.longitude - other.longitude);
        return Math.sqrt(north * north + east * east);
    };
}

/** One stop for what is at one place. */
function gather(visits, distance) {
    /** @type {Stop[]} */
    const stops = [];
    for (const { order, point, rough = false, place } of visits) {
        const here = stops.find((stop) => {
            if (!point || !stop.point || rough || stop.rough) {
                return stop.place === place && rough === stop.rough && !point === !stop.point;
            }
            return distance(point, stop.point) <= ONE_PLACE;
        });
        if (here) {
            here.orders.push(order);
        } else {
            stops.push({ orders: [order], point, rough, place, metres: null });
        }
    }
    return stops;
}

function table(points, distance) {
    return points.map((one) => points.map((other) => distance(one, other)));
}

/** The indexes of the points, the first of which is the start. */
function nearestFirst(metres) {
    const left = new Set(metres.keys());
    left.delete(0);
    const order = [0];
    while (left.size) {
        const from = metres[order.at(-1)];
        let nearest = -1;
        for (const index of left) {
            if (nearest < 0 || from[index] < from[nearest]) {
                nearest = index;
            }
        }
        left.delete(nearest);
        order.push(nearest);
    }
    return order;
}

/** Turn pieces round while that shortens the way; its end is open. */
function shorten(order, metres) {
    const last = order.length - 1;
    let better = true;
    while (better) {
        better = false;
        for (let from = 1; from < last; from++) {
            for (let to = from + 1; to <= last; to++) {
                if (saving(order, metres, from, to) > WORTH_IT) {
                    turnRound(order, from, to);
                    better = true;
                }
            }
        }
    }
    return order;
}

/** By how much the way shrinks when the piece from one place to another is walked backwards. */
function saving(order, metres, from, to) {
    const before = metres[order[from - 1]];
    const old = before[order[from]];
    const renewed = before[order[to]];
    if (to === order.length - 1) {
        return old - renewed;
    }
    const next = order[to + 1];
    return old + metres[order[to]][next] - renewed - metres[order[from]][next];
}

function turnRound(order, from, to) {
    for (; from < to; from++, to--) {
        [order[from], order[to]] = [order[to], order[from]];
    }
}
