import assert from "node:assert/strict";
import { estimator, literal, notebookOf } from "explorer/code.js";
import { Model } from "explorer/model.js";
import { Views } from "explorer/view.js";
import { payload } from "./cases.js";

Deno.test("an array is written with all its digits, in lines that are no longer than a page", () => {
  const numbers = Array.from({ length: 60 }, (_, i) => Math.sin(i) * 10 ** (i % 7 - 3));
  const lines = literal("keys", numbers).split("\n");
  assert.ok(lines.length > 10);
  assert.ok(lines.every((line) => line.length <= 79));
  assert.deepEqual(lines.slice(1, -1).join("").match(/[^\s,]+/g)?.map(Number), numbers);
  assert.equal(literal("one", [3]), "one = np.array([\n    3,\n])");
});

Deno.test("the estimator is the page's but for the kernel", () => {
  const ours = estimator(payload.lines, "$& or $1").split("\n");
  assert.equal(ours.length, payload.lines.length);
  const changed = ours.filter((line, i) => line.trim() !== payload.lines[i]);
  assert.deepEqual(changed, ["    similarity = $& or $1"]);
});

Deno.test("the notebook is one, with the points and the lines", () => {
  const model = new Model(payload);
  model.update({ ...new Views("explore", payload).initial, sigma: 0.7 });
  const written = JSON.parse(notebookOf(payload, model));
  assert.equal(written.nbformat, 4);
  const code = written.cells.map((/** @type {{source: string}} */ cell) => cell.source);
  assert.ok(code[0].includes(String(payload.data.x[0])));
  assert.equal(code[1].split("\n").length, payload.lines.length);
  assert.match(code[2], /bandwidth=0\.7/);
});
