/** Numbers between their limits, along the slider, and as a reader sees them. */

/** @import { Interval, Queries } from "./types.d.ts" */

/** @type {(value: number, limits: Interval) => number} */
export const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

/** @type {(value: number) => number} */
export const short = (value) => Number(value.toPrecision(3));

/** Within limits, to the digits that a link carries.
 * @type {(value: number, limits: Interval) => number} */
export const place = (value, limits) => Number(clamp(value, limits).toFixed(3));

/** A true minus, and a word where there is no number. What is large, or far below the
 * last digit, keeps five digits or two.
 * @type {(value: number, digits?: number) => string} */
export const text = (value, digits = 2) => {
  if (!Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  const said = size >= 1e4 || (size > 0 && size < 1e-4 && digits > 3)
    ? String(Number(value.toPrecision(5)))
    : value.toFixed(digits);
  return said.replace("-", "−");
};

/** The row of the matrix whose query is nearest to x.
 * @type {(queries: Queries, x: number) => number} */
export const rowAt = ({ start, perUnit, count }, x) =>
  clamp(Math.round((x - start) * perUnit), [0, count - 1]);

/** Where a bandwidth is on its slider, from 0 to 1: the slider is logarithmic.
 * @type {(sigma: number, limits: Interval) => number} */
export const along = (sigma, [low, high]) =>
  clamp(Math.log(sigma / low) / Math.log(high / low), [0, 1]);

/** The bandwidth at a place on its slider.
 * @type {(at: number, limits: Interval) => number} */
export const bandwidthAt = (at, [low, high]) => short(low * (high / low) ** at);

/** A step of 1, 2 or 5 times a power of ten that divides a span into at most `most`.
 * @type {(span: number, most: number) => number} */
export function niceStep(span, most) {
  const unit = 10 ** Math.floor(Math.log10(span / most));
  return unit * ([1, 2, 5].find((n) => n * unit * most >= span * (1 - 1e-9)) ?? 10);
}

/** A small seeded generator of uniform numbers (mulberry32): same seed, same numbers.
 * @param {number} seed */
export function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A standard normal number from two uniform ones (Box and Muller).
 * @type {(uniform: () => number) => number} */
export const normal = (uniform) =>
  Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
