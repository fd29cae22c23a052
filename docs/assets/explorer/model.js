/**
 * What the explorable computes: samples, attention weights, estimates, errors.
 *
 * The kernels' formulas are a second copy of nwdocs/kernels.py, because a browser has no
 * numpy; tests/test_explorer.py compares every number here with the package's.
 */

const { abs, cos, exp, log, max, min, PI, sqrt } = Math;

/**
 * Kernels of the scaled distance u >= 0. Those that never reach 0 are given by their
 * logarithm, so that a row can be normalised relative to its nearest key, as in Python.
 */
export const KERNELS = {
  gaussian: { log: (u) => -0.5 * u * u },
  boxcar: { of: (u) => (u < 1 ? 1 : 0) },
  constant: { of: () => 1 },
  triangular: { of: (u) => max(1 - u, 0) },
  epanechnikov: { of: (u) => max(1 - u * u, 0) },
  biweight: { of: (u) => max(1 - u * u, 0) ** 2 },
  tricube: { of: (u) => max(1 - u * u * u, 0) ** 3 },
  cosine: { of: (u) => (u < 1 ? cos((PI / 2) * u) : 0) },
  laplace: { log: (u) => -u },
};

/** Similarity at scaled distance u, for drawing the kernel itself. */
export const similarity = (kernel, u) =>
  KERNELS[kernel].log ? exp(KERNELS[kernel].log(u)) : KERNELS[kernel].of(u);

/**
 * Attention of one query to every key, written to `weights` from `start` on.
 * It is NaN where no key is in reach: a true 0/0. With `skip`, that key is left out.
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

/** The estimate: the values' mean, weighted by a row of attention. */
export function pool(weights, values, start = 0) {
  let sum = 0;
  for (let j = 0; j < values.length; j++) sum += weights[start + j] * values[j];
  return sum;
}

/** exp of a row's entropy: how many keys the row really uses. NaN for an empty row. */
export function effectiveKeys(row) {
  let entropy = 0;
  for (const w of row) if (w !== 0) entropy -= w * log(w);
  return exp(entropy);
}

/** Mean squared error of each value's estimate from all others; NaN if one has none. */
export function leaveOneOut(keys, values, kernel, bandwidth) {
  const weights = new Float64Array(keys.length);
  let sum = 0;
  for (let i = 0; i < keys.length; i++) {
    attend(keys[i], keys, kernel, bandwidth, weights, 0, i);
    sum += (values[i] - pool(weights, values)) ** 2;
  }
  return sum / keys.length;
}

/**
 * The bandwidth of least leave-one-out error: a log grid, then golden sections around its
 * best; of equally good ones the widest. Yields between evaluations, so that the caller can
 * spread the work. NaN where all are equally good, as for a kernel that ignores the width.
 */
export function* selectBandwidth(keys, values, kernel, [low, high]) {
  let [best, least, most] = [NaN, Infinity, 0];
  const error = (h) => {
    const mean = leaveOneOut(keys, values, kernel, exp(h));
    const e = Number.isNaN(mean) ? Infinity : mean;
    if (e < least || (e === least && h > best)) [best, least] = [h, e];
    most = max(most, e);
    return e;
  };
  const step = log(high / low) / 120;
  for (let i = 0; i <= 120; i++) {
    error(log(low) + i * step);
    yield;
  }
  if (!(least < most)) return NaN;
  const golden = (sqrt(5) - 1) / 2;
  let [a, b] = [best - step, best + step];
  while (b - a > 1e-3) {
    const [c, d] = [b - golden * (b - a), a + golden * (b - a)];
    if (error(c) < error(d)) b = d;
    else a = c;
    yield;
  }
  return min(exp(best), high);
}

/** A small seeded generator of uniform numbers (mulberry32): same seed, same numbers. */
function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The curve behind the data, read off the build's table of it. */
export function interpolate({ start, step, y }, x) {
  const at = min(max((x - start) / step, 0), y.length - 1);
  const i = min(Math.floor(at), y.length - 2);
  return y[i] + (at - i) * (y[i + 1] - y[i]);
}

/**
 * The first `count` points of sample `seed`, as [x, y, error, noise]: y was measured at
 * that noise, so y + (other - noise) * error is what another would have given. More points
 * leave those there are in place. Seed 0 starts with the build's own data.
 */
function draw({ data, domain: [low, high], truth }, seed, count) {
  const uniform = random(seed + 1);
  const points = [];
  if (seed === 0) {
    // In a fixed shuffled order, so that ten points of forty are spread out.
    const order = data.x.map((_, i) => [uniform(), i]).sort((a, b) => a[0] - b[0]);
    for (const [, i] of order) {
      points.push([data.x[i], data.y[i], data.error[i], data.noise]);
    }
  }
  while (points.length < count) {
    const x = low + (high - low) * uniform();
    const error = sqrt(-2 * log(1 - uniform())) * cos(2 * PI * uniform());
    points.push([x, interpolate(truth, x), error, 0]);
  }
  return points.slice(0, count);
}

/** Added points are numbered from here on, beyond any that a sample can have. */
export const ADDED = 1000;

/**
 * The sample of a view as {id, x, y}, sorted by x. `view.edits` maps ids to {x, y} where a
 * point was moved or added, to null where one was removed.
 */
export function samplePoints(payload, view) {
  const points = [];
  draw(payload, view.seed, view.points).forEach(([x, y, error, noise], id) => {
    const edit = view.edits.get(id);
    if (edit !== null) {
      points.push({ id, x, y: y + (view.noise - noise) * error, ...edit });
    }
  });
  for (const [id, at] of view.edits) if (id >= ADDED && at) points.push({ id, ...at });
  return points.sort((a, b) => a.x - b.x || a.id - b.id);
}

/** Everything on screen that is a number, brought up to date with a view. */
export class Model {
  constructor(payload) {
    this.payload = payload;
    const { count, start, perUnit } = payload.queries;
    // i / 40, not i * 0.025: every fourth is then exactly the deck's tenth.
    this.queries = Float64Array.from({ length: count }, (_, i) => start + i / perUnit);
    this.estimates = new Float64Array(count);
    this.view = {};
  }

  /** Recompute what differs from the last view; says which of the parts did change. */
  update(view) {
    const old = this.view;
    this.view = view;
    const differs = (...names) => names.some((name) => view[name] !== old[name]);
    const sample = differs("points", "seed", "noise", "edits");
    let moved = false;
    if (sample) {
      const keysBefore = this.keys;
      this.points = samplePoints(this.payload, view);
      this.keys = Float64Array.from(this.points, (p) => p.x);
      this.values = Float64Array.from(this.points, (p) => p.y);
      moved =
        keysBefore?.length !== this.keys.length ||
        this.keys.some((x, i) => x !== keysBefore[i]);
    }
    const weights = moved || differs("kernel", "sigma");
    if (weights) this.#attend();
    if (weights || sample) this.#pool();
    this.row = this.weights.subarray(
      view.query * this.keys.length,
      (view.query + 1) * this.keys.length,
    );
    return { sample, weights, query: differs("query") };
  }

  /** The weight that has the brightest colour: less where more keys share. */
  get top() {
    return min(1, this.payload.data.x.length / this.keys.length);
  }

  get x() {
    return this.queries[this.view.query];
  }

  get estimate() {
    return this.estimates[this.view.query];
  }

  #attend() {
    const { keys, queries, view } = this;
    const size = queries.length * keys.length;
    if (this.weights?.length !== size) this.weights = new Float64Array(size);
    for (let i = 0; i < queries.length; i++) {
      const start = i * keys.length;
      attend(queries[i], keys, view.kernel, view.sigma, this.weights, start);
    }
  }

  #pool() {
    const { estimates, keys, values, weights, payload, view } = this;
    for (let i = 0; i < estimates.length; i++) {
      estimates[i] = pool(weights, values, i * keys.length);
    }
    const { y, every } = payload.validation;
    const squares = y.map((truth, i) => (estimates[i * every] - truth) ** 2);
    this.unanswered = squares.filter(Number.isNaN).length;
    this.rmse = sqrt(squares.reduce((a, b) => a + b) / y.length);
    this.loo = leaveOneOut(keys, values, view.kernel, view.sigma);
  }
}
