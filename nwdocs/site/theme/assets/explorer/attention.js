/**
 * Attention weights, estimates and errors.
 *
 * No kernel is named here: the build sends the formula of each (types.d.ts).
 */

/** @import { Formula, Kernel, Payload, Row } from "./types.d.ts" */

const { abs, cos, exp, log, min } = Math;

/** A polynomial of u with these coefficients, the constant first.
 * @type {(coefficients: number[], u: number) => number} */
function polynomial(coefficients, u) {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * u + coefficients[i];
  return sum;
}

/** A formula, ready to be computed.
 * @type {(label: string, formula: Formula) => Kernel} */
export function kernelOf(label, formula) {
  if ("log" in formula) {
    const [a, b = 0, c = 0] = formula.log; // written out: this runs for each pair
    const logarithm = (/** @type {number} */ u) => (c * u + b) * u + a;
    const flat = formula.log.length < 2;
    return { label, flat, log: logarithm, of: (u) => exp(logarithm(u)) };
  }
  if ("arch" in formula) {
    const { arch, support } = formula;
    return { label, flat: false, of: (u) => u < support ? cos(arch * u) : 0 };
  }
  const { factor, power, support } = formula;
  if (!factor) throw new Error(`${label}: a kernel without a formula`);
  return {
    label,
    flat: false,
    of: (u) => u < support ? polynomial(factor, u) ** power : 0,
  };
}

/** All kernels of a payload, by name.
 * @type {(kernels: Payload["kernels"]) => Record<string, Kernel>} */
export const kernelsOf = (kernels) =>
  Object.fromEntries(
    Object.entries(kernels).map((
      [name, { label, formula }],
    ) => [name, kernelOf(label, formula)]),
  );

/**
 * Attention of one query to every key, written to `weights` from `start` on.
 * It is NaN where no key is in reach: a true 0/0. With `skip`, that key is left out.
 * A kernel that never reaches 0 is taken relative to the nearest key, as in Python.
 * @param {number} query
 * @param {Row} keys
 * @param {Kernel} kernel
 * @param {number} bandwidth
 * @param {Float64Array} weights
 */
export function attend(query, keys, kernel, bandwidth, weights, start = 0, skip = -1) {
  const { of, log } = kernel;
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
 * @param {Kernel} kernel
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
