import assert from "node:assert/strict";
import { Ghosts, spread } from "explorer/ghosts.js";
import { heightAt, KNOTS, readKnots, stroke, writeKnots } from "explorer/knots.js";
import { Model } from "explorer/model.js";
import {
  readSetting,
  score,
  softmax,
  turnLoss,
  vectors,
  writeSetting,
} from "explorer/scores.js";
import { readExample, sixLines, writeExample } from "explorer/six.js";
import { Views } from "explorer/view.js";
import { difference, payload, same, told } from "./cases.js";

/** @import { Interval } from "explorer/types.d.ts" */
/** @import { Setting } from "explorer/scores.js" */

const { initial } = new Views("explore", payload);

Deno.test("bias and spread are those of numpy", () => {
  const { curves, truth, bias, deviation, error } = told.spread;
  const found = spread(
    curves.map((curve) => Float64Array.from(curve, (y) => y ?? NaN)),
    truth,
  );
  assert.ok(same(found.bias, bias));
  assert.ok(same(found.deviation, deviation));
  assert.ok(same(found.error, error));
  assert.ok(same(Math.hypot(found.bias, found.deviation), error));
});

Deno.test("each of the thirty samples is another, and stays while the width turns", () => {
  const model = new Model(payload);
  model.update(initial);
  const ghosts = new Ghosts(payload, model.queries);
  ghosts.update(initial, model.kernel);
  const before = ghosts.samples(initial);
  const wide = { ...initial, sigma: 2 };
  ghosts.update(wide, model.kernel);
  assert.equal(ghosts.samples(wide), before);
  assert.equal(new Set(before.map(({ values }) => values.join())).size, 30);
  assert.notEqual(ghosts.samples({ ...initial, noise: 2 }), before);
});

Deno.test("a wider Gaussian has less spread and more bias", () => {
  const model = new Model(payload);
  model.update(initial);
  const queries = model.queries.filter((_, i) => i % payload.validation.every === 0);
  const ghosts = new Ghosts(payload, queries);
  const found = [0.1, 0.3, 1, 3].map((sigma) =>
    ghosts.update({ ...initial, sigma }, model.kernel)
  );
  for (let i = 1; i < found.length; i++) {
    assert.ok(found[i].bias > found[i - 1].bias);
    assert.ok(found[i].deviation < found[i - 1].deviation);
  }
});

Deno.test("softmax of dot products is the package's, in each setting", () => {
  for (const { detail, weights } of told.dots) {
    const setting = readSetting(detail);
    const { keys, sigma, domain, queries } = told.dotsInput;
    const made = vectors(setting, queries, keys, sigma, domain);
    const rows = queries.flatMap((_, i) => {
      const row = new Float64Array(keys.length);
      score(made, i, row, 0);
      softmax(row, 0, row.length);
      return [...row];
    });
    if (weights) assert.equal(difference(rows, weights), -1, detail);
    assert.ok(rows.every((w) => w >= 0 && w <= 1), detail);
  }
});

Deno.test("a setting survives its words, and what is none is the first", () => {
  /** @type {Setting[]} */
  const settings = [
    { stage: "bias", on: true },
    { stage: "bias", on: false },
    { stage: "dimensions", d: 64, on: false },
    { stage: "turn", angle: -12.5 },
  ];
  for (const setting of settings) {
    assert.deepEqual(readSetting(writeSetting(setting)), setting);
  }
  for (const detail of ["", "turn-999", "dimensions-3-1", "turn-x", "bias-", "<b>"]) {
    assert.deepEqual(readSetting(detail), { stage: "bias", on: true }, detail);
  }
});

Deno.test("the slope of the turn's error is what two turns nearby say", () => {
  const { keys, sigma, domain, queries } = told.dotsInput;
  const values = keys.map((x) => Math.sin(x) + x);
  const wanted = queries.map((x) => (x < 4 ? Math.sin(x + 1) : NaN));
  const at = (/** @type {number} */ angle) =>
    turnLoss(
      vectors({ stage: "turn", angle }, queries, keys, sigma, domain),
      values,
      wanted,
    );
  const step = 1e-4;
  const slope = (at(20 + step).loss - at(20 - step).loss) / (2 * step * Math.PI / 180);
  assert.ok(Math.abs(at(20).slope - slope) < 1e-6 * Math.abs(slope));
});

Deno.test("the six lines give numpy's arrays", () => {
  for (const { keys, bandwidth, arrays } of told.lines) {
    const found = sixLines([1, 2, 3], keys, [2, 4, 3], bandwidth);
    for (const [name, numbers] of Object.entries(arrays)) {
      assert.equal(difference(found[name].flat(), numbers), -1, name);
    }
    const example = { keys, bandwidth };
    assert.deepEqual(readExample(writeExample(example)), example);
  }
  for (const detail of ["", "1_2_3", "1_2_3_0", "9_9_9_9", "a_b_c_d", "1__2_1"]) {
    assert.equal(readExample(detail).bandwidth, 1, detail);
  }
});

Deno.test("a drawn curve survives its link, and other words are none", () => {
  const limits = /** @type {Interval} */ ([-10, 15]);
  const empty = Array.from({ length: KNOTS }, () => null);
  const drawn = stroke(stroke(empty, { x: 2, y: 1 }, { x: 6.4, y: 3 }), {
    x: 20,
    y: -1.5,
  }, { x: 18, y: 0 });
  assert.deepEqual(
    drawn.map((y) => y !== null).map(Number).join(""),
    "00111110000000000011100000",
  );
  const back = readKnots(writeKnots(drawn), limits);
  assert.deepEqual(back, drawn.map((y) => y === null ? y : Number(y.toFixed(2))));
  for (
    const text of [
      "",
      "1_2",
      "_".repeat(KNOTS - 1),
      "99_".repeat(KNOTS - 1) + "1",
      "x_".repeat(KNOTS - 1) + "1",
    ]
  ) assert.equal(readKnots(text, limits), undefined, text);
});

Deno.test("between knots a curve is straight, and beyond what is drawn there is none", () => {
  const knots = [1, 3, null, 5, 6];
  assert.equal(heightAt(knots, 0), 1);
  assert.equal(heightAt(knots, 0.25), 1.5);
  assert.ok(Number.isNaN(heightAt(knots, 1.5)));
  assert.equal(heightAt(knots, 4), 6);
});
