/** The search for the bandwidth of least leave-one-out error. */

import { leavingOut } from "./attention.js";

/** @import { Interval, Kernel, Row } from "./types.d.ts" */

const MANY = 500; // points, from which on the grid is coarser
const PART = 1e5; // pairs: they take a millisecond or a few
const STEPS = [120, 30]; // of the grid, for few points and for many
const NARROW = 1e-3; // of a bandwidth: it is not searched for more closely
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The bandwidth of least leave-one-out error: a log grid, then golden sections around its
 * best; of equally good ones the widest. NaN where all are equally good, as for a kernel
 * that ignores the width. Between its parts it yields how much of it is done, from 0 to 1.
 * @param {Row} keys rising
 * @param {Row} values
 * @param {Kernel} kernel
 * @param {Interval} limits
 * @returns {Generator<number, number>}
 */
export function* selectBandwidth(keys, values, kernel, [low, high]) {
  const steps = STEPS[Number(keys.length > MANY)];
  const step = Math.log(high / low) / steps;
  const all = steps + 3 + Math.log(NARROW / 2 / step) / Math.log(GOLDEN);
  let [best, least, most, tried] = [NaN, Infinity, 0, 0];
  /** @type {(h: number) => Generator<number, number>} */
  function* error(h) {
    const steps = leavingOut(keys, values, kernel, Math.exp(h));
    for (let [i, pairs] = [0, 0]; i < keys.length; i++) {
      pairs += steps.add(i);
      if (pairs < PART) continue;
      pairs = 0;
      yield tried / all;
    }
    yield ++tried / all;
    const mean = steps.error();
    const e = Number.isNaN(mean) ? Infinity : mean;
    if (e < least || (e === least && h > best)) [best, least] = [h, e];
    most = Math.max(most, e);
    return e;
  }
  for (let i = 0; i <= steps; i++) yield* error(Math.log(low) + i * step);
  if (!(least < most)) return NaN;
  let [a, b] = [best - step, best + step];
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [left, right] = [yield* error(c), yield* error(d)];
  while (b - a > NARROW) {
    if (left < right) {
      [b, d, right] = [d, c, left];
      c = b - GOLDEN * (b - a);
      left = yield* error(c);
    } else {
      [a, c, left] = [c, d, right];
      d = a + GOLDEN * (b - a);
      right = yield* error(d);
    }
  }
  return Math.min(Math.exp(best), high);
}

/** What a search finds, at once.
 * @param {Generator<number, number>} steps */
export function finished(steps) {
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

/**
 * Take the steps of a search, some milliseconds at a time, so that the page can answer in
 * between. It ends early, with nothing, once it is not wanted any more.
 * @param {Generator<number, number>} steps
 * @param {number} slice milliseconds
 * @param {() => boolean} wanted
 * @param {(done: number) => void} [tell] how much is done
 */
export async function inSlices(steps, slice, wanted, tell) {
  while (wanted()) {
    const until = performance.now() + slice;
    let next = steps.next();
    while (!next.done && performance.now() < until) next = steps.next();
    if (next.done) return next.value;
    tell?.(next.value);
    await new Promise((resume) => setTimeout(resume));
  }
}
