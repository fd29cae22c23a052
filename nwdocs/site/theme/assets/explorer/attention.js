/**
 * Attention weights, estimates and errors.
 *
 * No kernel is named here: the build sends the formula of each (types.d.ts).
 */

/** @import { Formula, Kernel, Payload, Row } from "./types.d.ts" */

const { abs, cos, exp, log, max, min } = Math;

export const LEAST = 1e-18; // of the nearest key's similarity: less is of no float's digits
export const FEW = 1e-250; // a sum below it has lost digits to underflow

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
    const [a, b = 0, c = 0] = formula.log;
    const flat = formula.log.length < 2;
    return { label, flat, log: [a, b, c], of: (u) => exp((c * u + b) * u + a) };
  }
  if ("arch" in formula) {
    const { arch, support } = formula;
    return { label, flat: false, of: (u) => u < support ? cos(arch * u) : 0 };
  }
  const { factor, power, support } = formula;
  if (!factor) throw new Error(`${label}: a kernel without a formula`);
  const of = (/** @type {number} */ u) => {
    if (!(u < support)) return 0;
    const once = polynomial(factor, u);
    let product = once;
    for (let i = 1; i < power; i++) product *= once; // much faster than a power
    return product;
  };
  return { label, flat: false, of };
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
  const [, b, c] = log ?? [0, 0, 0]; // written out below: this runs for each pair
  const n = keys.length;
  let [nearest, total] = [Infinity, 0];
  for (let j = 0; j < n; j++) {
    if (j !== skip) nearest = min(nearest, abs(query - keys[j]));
  }
  const near = nearest / bandwidth;
  const top = (c * near + b) * near;
  for (let j = 0; j < n; j++) {
    const u = abs(query - keys[j]) / bandwidth;
    const s = j === skip ? 0 : log ? exp((c * u + b) * u - top) : of(u);
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

/**
 * Leave-one-out, in steps: `add` a key after the other, all of them; then there is the
 * `error`, the mean squared one of each value's estimate from all others, NaN if one has
 * none. Keys rise.
 * @param {Row} keys
 * @param {Row} values
 * @param {Kernel} kernel
 * @param {number} bandwidth
 */
export function leavingOut(keys, values, kernel, bandwidth) {
  const n = keys.length;
  const [totals, sums] = [new Float64Array(n), new Float64Array(n)];
  const least = LEAST * kernel.of(furthestNeighbour(keys) / bandwidth);
  return {
    /** @type {(i: number) => number} how many pairs it was */
    add: (i) => addPairs(totals, sums, i, keys, values, kernel, bandwidth, least),
    error() {
      let squares = 0;
      for (let i = 0; i < n; i++) {
        let estimate = sums[i] / totals[i];
        if (kernel.log && totals[i] < FEW) {
          const weights = new Float64Array(n);
          attend(keys[i], keys, kernel, bandwidth, weights, 0, i);
          estimate = pool(weights, values);
        }
        squares += (values[i] - estimate) ** 2;
      }
      return squares / n;
    },
  };
}

/** Its error, at once.
 * @type {(...given: Parameters<typeof leavingOut>) => number} */
export function leaveOneOut(...given) {
  const { add, error } = leavingOut(...given);
  for (let i = 0; i < given[0].length; i++) add(i);
  return error();
}

/** Add the pairs of a key with those after it to the sums of both, as far as any counts:
 * no kernel rises with distance. Returns how many they were.
 * @type {(totals: Float64Array, sums: Float64Array, i: number, keys: Row, values: Row,
 *   kernel: Kernel, bandwidth: number, least: number) => number} */
function addPairs(totals, sums, i, keys, values, { of, log }, bandwidth, least) {
  const [a, b, c] = log ?? [0, 0, 0];
  const [key, value] = [keys[i], values[i]];
  let [j, total, sum] = [i + 1, 0, 0];
  for (; j < keys.length; j++) {
    const u = (keys[j] - key) / bandwidth;
    const s = log ? exp((c * u + b) * u + a) : of(u);
    if (s <= least) break;
    total += s;
    sum += s * values[j];
    totals[j] += s;
    sums[j] += s * value;
  }
  totals[i] += total;
  sums[i] += sum;
  return j - i;
}

/** How far the loneliest of rising keys is from its nearest.
 * @param {Row} keys */
function furthestNeighbour(keys) {
  let furthest = 0;
  for (let i = 0; i < keys.length; i++) {
    const left = i ? keys[i] - keys[i - 1] : Infinity;
    const right = i + 1 < keys.length ? keys[i + 1] - keys[i] : Infinity;
    furthest = max(furthest, min(left, right));
  }
  return furthest;
}
