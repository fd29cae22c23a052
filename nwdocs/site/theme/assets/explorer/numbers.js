/** Numbers between their limits, along the slider, and as a reader sees them. */

/** @import { Interval, Queries } from "./types.d.ts" */

/** @type {(value: number, limits: Interval) => number} */
export const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

/** @type {(value: number) => number} */
export const short = (value) => Number(value.toPrecision(3));

/** Within limits, to the digits that a link carries.
 * @type {(value: number, limits: Interval) => number} */
export const place = (value, limits) => Number(clamp(value, limits).toFixed(3));

/** A true minus, and a word where there is no number.
 * @type {(value: number, digits?: number) => string} */
export const text = (value, digits = 2) =>
  Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : "none";

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
