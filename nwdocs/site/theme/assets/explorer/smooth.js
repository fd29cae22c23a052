/** Estimates alone, where nobody looks at their weights: thirty curves in a frame. */

import { attend, FEW, LEAST, pool } from "./attention.js";

/** @import { Kernel, Row } from "./types.d.ts" */

const { abs, exp, max } = Math;

const EVEN = 1e5; // bandwidths from 0: up to there, rounding moves no digit that counts

/** How far the loneliest of evenly spaced queries can be from its nearest of rising keys.
 * @param {Row} queries
 * @param {Row} keys */
function furthestKey(queries, keys) {
  const last = keys.length - 1;
  let furthest = max(keys[0] - queries[0], queries[queries.length - 1] - keys[last]);
  for (let j = 0; j < last; j++) furthest = max(furthest, (keys[j + 1] - keys[j]) / 2);
  return furthest;
}

/**
 * Estimates at evenly spaced queries from rising keys, written to `estimates`: those of
 * `attend`, without a row of weights for each.
 * @param {Row} queries
 * @param {Row} keys
 * @param {Row} values
 * @param {Kernel} kernel
 * @param {number} bandwidth
 * @param {Float64Array} estimates
 */
export function smooth(queries, keys, values, kernel, bandwidth, estimates) {
  const { of, log } = kernel;
  const count = queries.length;
  const totals = new Float64Array(count);
  const sums = estimates.fill(0);
  const [from, to] = [queries[0], queries[count - 1]];
  const step = (to - from) / (count - 1) / bandwidth;
  const least = LEAST * max(of(furthestKey(queries, keys) / bandwidth), FEW);
  // Numbers that are large beside the bandwidth are not spaced evenly enough.
  const even = log && max(abs(from), abs(to)) < EVEN * bandwidth;
  const [, b, c] = log ?? [0, 0, 0];
  const falls = even ? exp(2 * c * step * step) : 0;
  for (let j = 0, right = 0; j < keys.length; j++) {
    const [key, value] = [keys[j], values[j]];
    while (right < count && queries[right] < key) right++;
    for (const by of [1, -1]) {
      const [first, end] = by > 0 ? [right, count] : [right - 1, -1];
      if (first === end) continue;
      if (falls) {
        const u = abs(queries[first] - key) / bandwidth;
        const factor = exp((c * (2 * u + step) + b) * step);
        addOn(totals, sums, first, end, by, value, of(u), factor, falls, least);
        continue;
      }
      for (let q = first; q !== end; q += by) {
        const s = of(abs(queries[q] - key) / bandwidth);
        if (s <= least) break;
        totals[q] += s;
        sums[q] += s * value;
      }
    }
  }
  let weights;
  for (let q = 0; q < count; q++) {
    if (log && totals[q] < FEW) {
      weights ??= new Float64Array(keys.length);
      attend(queries[q], keys, kernel, bandwidth, weights);
      estimates[q] = pool(weights, values);
    } else estimates[q] = sums[q] / totals[q];
  }
}

/** Add a key to sums from the query `q` on. Its similarity `s` changes by a factor from
 * query to query; where its logarithm is of degree 2, the factor changes by another.
 * @type {(totals: Float64Array, sums: Float64Array, q: number, end: number, by: number,
 *   value: number, s: number, factor: number, falls: number, least: number) => void} */
function addOn(totals, sums, q, end, by, value, s, factor, falls, least) {
  for (; q !== end && s > least; q += by) {
    totals[q] += s;
    sums[q] += s * value;
    s *= factor;
    factor *= falls;
  }
}
