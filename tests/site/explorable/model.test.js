import assert from "node:assert/strict";
import { Model } from "explorer/model.js";
import { ADDED, samplePoints } from "explorer/sample.js";
import { Views } from "explorer/view.js";
import { difference, payload, same, told } from "./cases.js";

const { initial } = new Views("explore", payload);
const first = told.sets[0];

Deno.test("the first sample is the build's", () => {
  const points = samplePoints(payload, initial);
  assert.deepEqual(points.map(({ x }) => x), payload.data.x);
  assert.deepEqual(points.map(({ y }) => y), payload.data.y);
});

Deno.test("each view's numbers are the package's, whatever was shown before", () => {
  const model = new Model({
    ...payload,
    data: { ...payload.data, x: first.keys, y: first.values },
  });
  first.cases.forEach(({ kernel, bandwidth, ...expected }, i) => {
    model.update({ ...initial, kernel, sigma: bandwidth });
    const where = `${kernel}, ${bandwidth}`;
    assert.equal(difference(model.estimates, expected.estimates), -1, where);
    assert.ok(same(model.rmse, told.rmse[i]), where);
    assert.ok(same(model.loo, expected.leaveOneOut), where);
    const empty = expected.estimates.filter((estimate, q) =>
      q % 4 === 0 && estimate === null
    );
    assert.equal(model.unanswered, empty.length, where);
  });
});

Deno.test("an update says what changed, and nothing where nothing did", () => {
  const model = new Model(payload);
  assert.deepEqual(model.update(initial), { sample: true, weights: true });
  assert.deepEqual(model.update(initial), { sample: false, weights: false });
  const asked = { ...initial, query: 3 };
  assert.deepEqual(model.update(asked), { sample: false, weights: false });
  const wide = { ...asked, sigma: 2 };
  assert.deepEqual(model.update(wide), { sample: false, weights: true });
  const turned = { ...wide, scene: "dots", detail: "bias-0" };
  assert.deepEqual(model.update(turned), { sample: false, weights: false });
  const still = { ...wide, noise: 0 };
  assert.deepEqual(model.update(still), { sample: true, weights: false });
});

Deno.test("more points leave those there are in place", () => {
  for (const seed of [0, 5]) {
    const ids = (/** @type {number} */ points) =>
      new Map(
        samplePoints(payload, { ...initial, seed, points }).map((
          { id, ...at },
        ) => [id, at]),
      );
    const [few, many] = [ids(20), ids(300)];
    assert.equal(many.size, 300);
    for (const [id, at] of few) assert.deepEqual(many.get(id), at);
  }
});

Deno.test("edits move, remove and add points, and the rest stay", () => {
  const edits = new Map([[3, null], [4, { x: 1, y: 2 }], [ADDED, { x: 4, y: 0 }]]);
  const before = samplePoints(payload, initial);
  const after = samplePoints(payload, { ...initial, edits });
  assert.deepEqual(
    after.filter(({ id }) => !edits.has(id)),
    before.filter(({ id }) => !edits.has(id)),
  );
  assert.deepEqual(after.find(({ id }) => id === 4), { id: 4, x: 1, y: 2 });
  assert.ok(!after.some(({ id }) => id === 3));
  assert.deepEqual(
    after.map(({ x }) => x),
    after.map(({ x }) => x).sort((a, b) => a - b),
  );
});

Deno.test("a rule takes the kernel's place while it is given, and no longer", () => {
  const model = new Model(payload);
  model.update(initial);
  const kernels = model.weights.slice();
  const rule = () =>
  (
    /** @type {number} */ query,
    /** @type {Float64Array} */ weights,
    /** @type {number} */ start,
  ) => weights.fill(query / 1000, start, start + model.keys.length);
  assert.ok(model.update(initial, rule).weights);
  assert.equal(model.rowOf(50)[3], 0.05);
  assert.equal(model.update(initial, rule).weights, false);
  assert.ok(model.update(initial).weights);
  assert.deepEqual(model.weights, kernels);
});
