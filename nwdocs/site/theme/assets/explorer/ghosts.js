/** Many samples of one kind: the curve that each gives, and what the curves have in common. */

import { samplePoints } from "./sample.js";
import { smooth } from "./smooth.js";

/** @import { Kernel, Payload, View } from "./types.d.ts" */

export const COUNT = 30;

/** What differs between samples: all of it but kernel and bandwidth. */
const DRAWN = /** @type {const} */ (["points", "noise", "seed"]);

/**
 * @typedef {object} Spread
 * @property {Float64Array} mean of the curves, a number for each query
 * @property {number} bias root mean square gap between mean and truth
 * @property {number} deviation root mean square distance of a curve from the mean
 * @property {number} error root mean square distance of a curve from the truth
 */

export class Ghosts {
  /** @type {{keys: Float64Array, values: Float64Array}[]} */
  #samples = [];
  /** @type {View | undefined} that the samples are of */
  #view;
  /** @type {Float64Array[]} */
  curves = [];

  /**
   * @param {Payload} payload
   * @param {Float64Array} queries
   */
  constructor(payload, queries) {
    this.payload = payload;
    this.queries = queries;
  }

  /** The samples, drawn anew where the view asks for others.
   * @param {View} view */
  samples(view) {
    const same = this.#view && DRAWN.every((name) => view[name] === this.#view?.[name]);
    if (!same) {
      this.#view = view;
      this.#samples = Array.from({ length: COUNT }, (_, i) => {
        const seed = 1000 * (view.seed + 1) + i; // none that "New sample" soon shows
        const points = samplePoints(this.payload, { ...view, seed, edits: new Map() });
        return {
          keys: Float64Array.from(points, ({ x }) => x),
          values: Float64Array.from(points, ({ y }) => y),
        };
      });
    }
    return this.#samples;
  }

  /** @type {(view: View, kernel: Kernel) => Spread} */
  update(view, kernel) {
    const { queries, payload: { validation } } = this;
    const samples = this.samples(view);
    this.curves = samples.map(({ keys, values }, i) => {
      const curve = this.curves[i] ?? new Float64Array(queries.length);
      smooth(queries, keys, values, kernel, view.sigma, curve);
      return curve;
    });
    return spread(this.curves, validation.y);
  }
}

/** Bias and spread over all queries, of those curves that have an estimate there.
 * @type {(curves: Float64Array[], truth: number[]) => Spread} */
export function spread(curves, truth) {
  const mean = new Float64Array(truth.length).fill(NaN);
  let [bias, deviation, answered] = [0, 0, 0];
  truth.forEach((y, q) => {
    let [sum, squares, count] = [0, 0, 0];
    for (const { [q]: value } of curves) {
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    if (!count) return;
    mean[q] = sum / count;
    for (const { [q]: value } of curves) {
      if (!Number.isNaN(value)) squares += (value - mean[q]) ** 2;
    }
    bias += (mean[q] - y) ** 2;
    deviation += squares / count;
    answered++;
  });
  return {
    mean,
    bias: Math.sqrt(bias / answered),
    deviation: Math.sqrt(deviation / answered),
    error: Math.sqrt((bias + deviation) / answered),
  };
}
