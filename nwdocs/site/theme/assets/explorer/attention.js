/**
 * Attention weights, estimates and errors.
 *
 * The kernels' formulas are a second copy of nwdocs/kernels.py, because a browser has no
 * numpy; tests compare every number here with the package's.
 */

/** @import { Row } from "./types.d.ts" */

const { abs, cos, exp, log, max, min, PI } = Math;

/** @typedef {(u: number) => number} Profile */

/** A kernel that never reaches 0.
 * @param {Profile} log */
const fading = (log) => ({
  log,
  of: /** @type {Profile} */ ((u) => exp(log(u))),
});

/**
 * Kernels of the scaled distance u >= 0. Those that never reach 0 also have a logarithm, so
 * that a row can be normalised relative to its nearest key, as in Python.
 * @type {Record<string, {of: Profile, log?: Profile}>}
 */
export const KERNELS = {
  gaussian: fading((u) => -0.5 * u * u),
  boxcar: { of: (u) => (u < 1 ? 1 : 0) },
  constant: { of: () => 1 },
  triangular: { of: (u) => max(1 - u, 0) },
  epanechnikov: { of: (u) => max(1 - u * u, 0) },
  biweight: { of: (u) => max(1 - u * u, 0) ** 2 },
  tricube: { of: (u) => max(1 - u * u * u, 0) ** 3 },
  cosine: { of: (u) => (u < 1 ? cos((PI / 2) * u) : 0) },
  laplace: fading((u) => -u),
};

/** Similarity at scaled distance u, for drawing the kernel itself.
 * @type {(kernel: string, u: number) => number} */
export const similarity = (kernel, u) => KERNELS[kernel].of(u);

/**
 * Attention of one query to every key, written to `weights` from `start` on.
 * It is NaN where no key is in reach: a true 0/0. With `skip`, that key is left out.
 * @param {number} query
 * @param {Row} keys
 * @param {string} kernel
 * @param {number} bandwidth
 * @param {Float64Array} weights
 */
export function attend(query, keys, kernel, bandwidth, weights, start = 0, skip = -1) {
  const { of, log } = KERNELS[kernel];
  const n = keys.length;
  let nearest = Infinity;
  if (log) {
    for (let j = 0; j < n; j++) {
      if (j !== skip) nearest = min(nearest, abs(query - keys[j]));
    }
  }
  const top = log ? log(nearest / bandwidth) : 0;
  let total = 0;
  for (let j = 0; j < n; j++) {
    const u = abs(query - keys[j]) / bandwidth;
    const s = j === skip ? 0 : log ? exp(log(u) - top) : of(u);
    weights[start + j] = s;
    total += s;
  }
  for (let j = start; j < start + n; j++) weights[j] /= total;
}

/** The estimate: the values' mean, weighted by a row of attention.
 * @param {Row} weights
 * @param {Row} values */
export function pool(weights, values, start = 0) {
  let sum = 0;
  for (let j = 0; j < values.length; j++) sum += weights[start + j] * values[j];
  return sum;
}

/** exp of a row's entropy: how many keys the row really uses. NaN for an empty row.
 * @param {Iterable<number>} row */
export function effectiveKeys(row) {
  let entropy = 0;
  for (const w of row) if (w !== 0) entropy -= w * log(w);
  return exp(entropy);
}

/** Mean squared error of each value's estimate from all others; NaN if one has none.
 * @param {Row} keys
 * @param {Row} values
 * @param {string} kernel
 * @param {number} bandwidth */
export function leaveOneOut(keys, values, kernel, bandwidth) {
  const weights = new Float64Array(keys.length);
  let sum = 0;
  for (let i = 0; i < keys.length; i++) {
    attend(keys[i], keys, kernel, bandwidth, weights, 0, i);
    sum += (values[i] - pool(weights, values)) ** 2;
  }
  return sum / keys.length;
}
