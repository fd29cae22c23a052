/** The search for the bandwidth of least leave-one-out error. */

import { leaveOneOut } from "./attention.js";

/** @import { Interval, Kernel, Row } from "./types.d.ts" */

/**
 * The bandwidth of least leave-one-out error: a log grid, then golden sections around its
 * best; of equally good ones the widest. Yields between evaluations, so that the caller can
 * spread the work. NaN where all are equally good, as for a kernel that ignores the width.
 * @param {Row} keys
 * @param {Row} values
 * @param {Kernel} kernel
 * @param {Interval} limits
 * @param {number} steps of the grid
 * @returns {Generator<undefined, number, undefined>}
 */
export function* selectBandwidth(keys, values, kernel, [low, high], steps = 120) {
  let [best, least, most] = [NaN, Infinity, 0];
  const error = (/** @type {number} */ h) => {
    const mean = leaveOneOut(keys, values, kernel, Math.exp(h));
    const e = Number.isNaN(mean) ? Infinity : mean;
    if (e < least || (e === least && h > best)) [best, least] = [h, e];
    most = Math.max(most, e);
    return e;
  };
  const step = Math.log(high / low) / steps;
  for (let i = 0; i <= steps; i++) {
    error(Math.log(low) + i * step);
    yield;
  }
  if (!(least < most)) return NaN;
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [best - step, best + step];
  while (b - a > 1e-3) {
    const [c, d] = [b - golden * (b - a), a + golden * (b - a)];
    if (error(c) < error(d)) b = d;
    else a = c;
    yield;
  }
  return Math.min(Math.exp(best), high);
}
