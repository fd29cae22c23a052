import assert from "node:assert/strict";
import { cell } from "explorer/cell.js";
import { Model } from "explorer/model.js";
import { along, bandwidthAt, rowAt, text } from "explorer/numbers.js";
import { midway } from "explorer/tween.js";
import { Views } from "explorer/view.js";
import { heaviest, status, sum, tiles } from "explorer/words.js";
import { payload } from "./cases.js";

const views = new Views("explore", payload);
const model = (/** @type {Record<string, unknown>} */ changes) => {
  const made = new Model(payload);
  made.update(views.merge(views.initial, changes));
  return made;
};

Deno.test("the sum that is written out adds up to the answer, its weights to one", () => {
  for (const kernel of Object.keys(payload.kernels)) {
    for (const sigma of [0.1, 0.5, 5]) {
      const shown = model({ kernel, sigma });
      if (Number.isNaN(shown.estimate)) continue;
      const terms = [
        ...sum(shown).replaceAll("−", "-").matchAll(/(-?[\d.]+) × (-?[\d.]+)/g),
      ];
      const weights = terms.map((term) => Number(term[1]));
      const total = terms.reduce(
        (sum, term) => sum + Number(term[1]) * Number(term[2]),
        0,
      );
      assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 0.021, kernel);
      assert.ok(Math.abs(total - shown.estimate) < 0.1, kernel);
    }
  }
});

Deno.test("where no key is in reach, words say so, and nobody reads NaN", () => {
  const empty = model({ kernel: "boxcar", sigma: 0.2, query: 3.9 });
  assert.ok(Number.isNaN(empty.estimate));
  const said = [sum(empty), cell(empty, -1), status(payload, empty)]
    .concat(Object.values(tiles(payload, empty)));
  assert.ok(
    said.every((words) => !/NaN|undefined|Infinity/.test(words)),
    said.join("\n"),
  );
  assert.match(sum(empty), /no answer/);
  assert.equal(tiles(payload, empty).answer, "none");
  assert.deepEqual(heaviest(empty, 3), []);
});

Deno.test("the heaviest keys come first, of equally heavy ones the nearest", () => {
  const flat = model({ kernel: "constant", query: 2 });
  const [near, next] = heaviest(flat, 2).map((j) => Math.abs(flat.keys[j] - flat.x));
  assert.ok(near <= next);
  assert.equal(near, Math.min(...flat.keys.map((x) => Math.abs(x - flat.x))));
  const bell = model({});
  assert.equal(bell.row[heaviest(bell, 1)[0]], Math.max(...bell.row));
  assert.match(cell(flat, -1), /40 keys, each with weight 0\.025/);
});

Deno.test("numbers have a true minus, and a word where there is none", () => {
  assert.equal(text(-1.234), "−1.23");
  assert.equal(text(NaN), "none");
  assert.equal(text(2, 0), "2");
});

Deno.test("the slider's places and bandwidths are each other's", () => {
  const { sigma } = payload.limits;
  for (const at of [0, 0.25, 0.5, 1]) {
    assert.ok(Math.abs(along(bandwidthAt(at, sigma), sigma) - at) < 1e-3);
  }
  assert.equal(along(99, sigma), 1);
  assert.equal(rowAt(payload.queries, -1), 0);
  assert.equal(rowAt(payload.queries, 99), payload.queries.count - 1);
});

Deno.test("a jump goes from one view to the other, and only one way", () => {
  const from = views.initial;
  const to = { ...from, sigma: 0.1, query: 199 };
  const seen = Array.from(
    { length: 51 },
    (_, i) => midway({ start: 100, from }, to, 100 + i * 7),
  );
  assert.equal(seen[0].sigma, from.sigma);
  assert.equal(seen[50], to);
  for (let i = 1; i < seen.length; i++) {
    assert.ok(seen[i].sigma <= seen[i - 1].sigma);
    assert.ok(seen[i].query >= seen[i - 1].query);
  }
});
