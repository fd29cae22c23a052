/** The points of a view: the build's own or another sample, and a reader's edits. */

import { normal, random } from "./numbers.js";

/** @import { Curve, Payload, Point, View } from "./types.d.ts" */

/** Added points are numbered from here on, beyond any that a sample can have. */
export const ADDED = 1000;

/** The curve behind the data, read off the build's table of it.
 * @param {Curve} curve
 * @param {number} x */
export function interpolate({ start, step, y }, x) {
  const at = Math.min(Math.max((x - start) / step, 0), y.length - 1);
  const i = Math.min(Math.floor(at), y.length - 2);
  return y[i] + (at - i) * (y[i + 1] - y[i]);
}

/**
 * The first `count` points of sample `seed`, as [x, y, error, noise]: y was measured at
 * that noise, so y + (other - noise) * error is what another would have given. More points
 * leave those there are in place. Seed 0 starts with the build's own data.
 * @param {Payload} payload
 * @param {number} seed
 * @param {number} count
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
    points.push([x, truth ? interpolate(truth, x) : NaN, normal(uniform), 0]);
  }
  return points.slice(0, count);
}

/** The sample of a view with its edits, sorted by x.
 * @param {Payload} payload
 * @param {View} view */
export function samplePoints(payload, view) {
  /** @type {Point[]} */
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
