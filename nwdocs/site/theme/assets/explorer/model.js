/** Everything on screen that is a number. */

import { attend, kernelsOf, leaveOneOut, pool } from "./attention.js";
import { samplePoints } from "./sample.js";

/** @import { Payload, Point, Rule, View } from "./types.d.ts" */

const MANY = 500; // points

export class Model {
  /** @type {View | undefined} */
  #view;
  /** @type {Rule | undefined} */
  #rule;
  #weights = new Float64Array();
  /** @type {Point[]} */
  points = [];
  keys = new Float64Array();
  values = new Float64Array();
  unanswered = 0;
  rmse = NaN;
  /** @type {number | undefined} */
  #loo;

  /** @param {Payload} payload */
  constructor(payload) {
    this.payload = payload;
    this.kernels = kernelsOf(payload.kernels);
    const { count, start, perUnit } = payload.queries;
    // i / 40, not i * 0.025: every fourth is then exactly the deck's tenth.
    this.queries = Float64Array.from({ length: count }, (_, i) => start + i / perUnit);
    this.estimates = new Float64Array(count);
  }

  /** Recompute what differs from the last view; says which of the parts did change.
   * @param {View} view
   * @param {(view: View, model: Model) => Rule} [rule] in place of kernel and bandwidth;
   *   it may depend on the view's detail */
  update(view, rule) {
    const old = this.#view;
    this.#view = view;
    /** @param {(keyof View)[]} names */
    const differs = (...names) => names.some((name) => view[name] !== old?.[name]);
    const sample = differs("points", "seed", "noise", "edits");
    const moved = sample && this.#sample();
    const ruled = Boolean(rule) !== Boolean(this.#rule);
    const weights = moved || ruled || differs("kernel", "sigma") ||
      (Boolean(rule) && differs("detail"));
    if (weights) {
      this.#rule = rule?.(view, this);
      this.#attend();
    }
    if (weights || sample) this.#pool();
    return { sample, weights };
  }

  /** The view that the numbers are of. */
  get view() {
    if (!this.#view) throw new Error("update the model with a view first");
    return this.#view;
  }

  get kernel() {
    return this.kernels[this.view.kernel];
  }

  /** Weights, row after row, one a query. */
  get weights() {
    return this.#weights;
  }

  /** The query's row of weights. */
  get row() {
    return this.rowOf(this.view.query);
  }

  /** @param {number} query */
  rowOf(query) {
    const n = this.keys.length;
    return this.#weights.subarray(query * n, (query + 1) * n);
  }

  /** The weight that has the brightest colour: less where more keys share. */
  get top() {
    return Math.min(1, 40 / this.keys.length);
  }

  get x() {
    return this.queries[this.view.query];
  }

  get estimate() {
    return this.estimates[this.view.query];
  }

  /** Take the view's points; says whether a key is not where it was. */
  #sample() {
    const before = this.keys;
    this.points = samplePoints(this.payload, this.view);
    this.keys = Float64Array.from(this.points, (p) => p.x);
    this.values = Float64Array.from(this.points, (p) => p.y);
    return before.length !== this.keys.length ||
      this.keys.some((x, i) => x !== before[i]);
  }

  #attend() {
    const { keys, queries, view, kernel } = this;
    const size = queries.length * keys.length;
    if (this.#weights.length !== size) this.#weights = new Float64Array(size);
    for (let i = 0; i < queries.length; i++) {
      const start = i * keys.length;
      if (this.#rule) this.#rule(i, this.#weights, start);
      else attend(queries[i], keys, kernel, view.sigma, this.#weights, start);
    }
  }

  #pool() {
    const { estimates, keys, values, payload } = this;
    for (let i = 0; i < estimates.length; i++) {
      estimates[i] = pool(this.#weights, values, i * keys.length);
    }
    const { y, every } = payload.validation;
    const squares = y.map((truth, i) => (estimates[i * every] - truth) ** 2);
    this.unanswered = squares.filter(Number.isNaN).length;
    this.rmse = Math.sqrt(squares.reduce((a, b) => a + b, 0) / y.length);
    this.#loo = undefined;
  }

  /** The leave-one-out error; of many points it takes longer than a frame. */
  get loo() {
    const { keys, values, kernel, view } = this;
    return this.#loo ??= leaveOneOut(keys, values, kernel, view.sigma);
  }

  /** Whether there are so many points. */
  get large() {
    return this.keys.length > MANY;
  }
}
