/**
 * From the Gaussian kernel to the attention of transformers: queries and keys as vectors,
 * scores as dot products, weights as their softmax. Pure; the numbers are those of
 * nwdocs.learned.dot_product_attention.
 */

import { normal, random } from "./numbers.js";

/** @import { Interval, Row } from "./types.d.ts" */

/**
 * What is shown: the key-norm bias of the kernel; dimensions of untrained vectors; or a
 * turn of the query on a half circle, in degrees.
 * @typedef {{stage: "bias", on: boolean} | {stage: "dimensions", d: number, on: boolean} |
 *   {stage: "turn", angle: number}} Setting
 */

/**
 * Vectors of a setting. Scores are scale * q·k + bias of the key.
 * @typedef {object} Vectors
 * @property {number} d
 * @property {Float64Array} queries row after row
 * @property {Float64Array} keys row after row
 * @property {number} scale
 * @property {Float64Array} bias
 */

export const DIMENSIONS = [1, 4, 16, 64];
export const MOST_TURN = 90; // degrees

/** @type {(detail: string) => Setting} */
export function readSetting(detail) {
  const [stage, one, two] = detail.split("-");
  const number = Number(one?.replace("m", "-"));
  if (stage === "dimensions" && DIMENSIONS.includes(number)) {
    return { stage, d: number, on: two !== "0" };
  }
  if (stage === "turn" && Math.abs(number) <= MOST_TURN) {
    return { stage, angle: number };
  }
  return { stage: "bias", on: !(stage === "bias" && one === "0") };
}

/** @type {(setting: Setting) => string} */
export function writeSetting(setting) {
  switch (setting.stage) {
    case "bias":
      return setting.on ? "" : "bias-0";
    case "dimensions":
      return `dimensions-${setting.d}-${Number(setting.on)}`;
    case "turn":
      return `turn-${String(setting.angle).replace("-", "m")}`;
  }
}

/** @type {(setting: Setting, xs: Row, keys: Row, sigma: number, domain: Interval) => Vectors} */
export function vectors(setting, xs, keys, sigma, domain) {
  const [low, high] = domain;
  const middle = (low + high) / 2;
  const bias = new Float64Array(keys.length);
  switch (setting.stage) {
    case "bias": {
      const centred = (/** @type {Row} */ row) =>
        Float64Array.from(row, (x) => x - middle);
      const k = centred(keys);
      if (setting.on) k.forEach((x, j) => bias[j] = -(x * x) / (2 * sigma * sigma));
      return { d: 1, queries: centred(xs), keys: k, scale: 1 / (sigma * sigma), bias };
    }
    case "dimensions": {
      const { d, on } = setting;
      const deviation = (high - low) / Math.sqrt(12); // of what is uniform there
      const of = (/** @type {Row} */ row, /** @type {number} */ seed) => {
        const uniform = random(seed);
        return Float64Array.from(
          { length: row.length * d },
          (_, i) => i % d ? normal(uniform) : (row[i / d] - middle) / deviation,
        );
      };
      const scale = on ? 1 / Math.sqrt(d) : 1;
      return { d, queries: of(xs, 1), keys: of(keys, 2), scale, bias };
    }
    case "turn": {
      const turn = setting.angle * Math.PI / 180;
      const of = (/** @type {Row} */ row, /** @type {number} */ by) =>
        Float64Array.from({ length: row.length * 2 }, (_, i) => {
          const angle = angleAt(row[i >> 1], domain) + by;
          return i % 2 ? Math.sin(angle) : Math.cos(angle);
        });
      const scale = 1 / (sigma * sigma);
      return { d: 2, queries: of(xs, turn), keys: of(keys, 0), scale, bias };
    }
  }
}

/** Where x is on the half circle, in radians.
 * @type {(x: number, domain: Interval) => number} */
export const angleAt = (x, [low, high]) => Math.PI * (x - low) / (high - low);

/** The scores of one query, written to `scores` from `start` on.
 * @type {(vectors: Vectors, query: number, scores: Float64Array, start: number) => void} */
export function score({ d, queries, keys, scale, bias }, query, scores, start) {
  for (let j = 0; j < bias.length; j++) {
    let dot = 0;
    for (let i = 0; i < d; i++) dot += queries[query * d + i] * keys[j * d + i];
    scores[start + j] = scale * dot + bias[j];
  }
}

/** Softmax in place, relative to the largest score.
 * @type {(scores: Float64Array, start: number, count: number) => void} */
export function softmax(scores, start, count) {
  let [most, total] = [-Infinity, 0];
  for (let j = start; j < start + count; j++) most = Math.max(most, scores[j]);
  for (let j = start; j < start + count; j++) {
    scores[j] = Math.exp(scores[j] - most);
    total += scores[j];
  }
  for (let j = start; j < start + count; j++) scores[j] /= total;
}

/**
 * The squared error of answers that should be `wanted`, and its derivative by the turn, in
 * radians: a score changes by scale * q'·k, an answer by the weighted covariance of that
 * with the values.
 * @type {(vectors: Vectors, values: Row, wanted: Row) => {loss: number, slope: number}}
 */
export function turnLoss(vectors, values, wanted) {
  const { queries, keys, scale, bias } = vectors;
  const n = bias.length;
  const weights = new Float64Array(n);
  let [loss, slope, count] = [0, 0, 0];
  for (let q = 0; q < wanted.length; q++) {
    if (Number.isNaN(wanted[q])) continue;
    score(vectors, q, weights, 0);
    softmax(weights, 0, n);
    let [answer, change, both] = [0, 0, 0];
    for (let j = 0; j < n; j++) {
      const moved = scale *
        (-queries[2 * q + 1] * keys[2 * j] + queries[2 * q] * keys[2 * j + 1]);
      answer += weights[j] * values[j];
      change += weights[j] * moved;
      both += weights[j] * moved * values[j];
    }
    const gap = answer - wanted[q];
    loss += gap * gap;
    slope += 2 * gap * (both - answer * change);
    count++;
  }
  return { loss: loss / count, slope: slope / count };
}
