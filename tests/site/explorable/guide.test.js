import assert from "node:assert/strict";
import { reached } from "explorer/guide.js";
import { Model } from "explorer/model.js";
import { Views } from "explorer/view.js";
import { payload } from "./cases.js";

const views = new Views("explore", payload);

/** @type {(step: string, changes: Record<string, unknown>) => boolean} */
function done(name, changes) {
  const step = payload.steps.find((step) => step.name === name);
  assert.ok(step, name);
  const from = views.step(name);
  const model = new Model(payload);
  model.update(views.merge(from, changes));
  return reached(step.done, model, from);
}

Deno.test("no step is done as it begins", () => {
  for (const { name } of payload.steps) assert.equal(done(name, {}), false, name);
});

Deno.test("a step is done when a reader has done what it asks for", () => {
  const { best } = payload.kernels.gaussian;
  for (
    const [name, changes] of /** @type {const} */ ([
      ["query", { query: 2.5 }],
      ["narrow", { sigma: 0.1 }],
      ["wider", { sigma: 0.5 }],
      ["wide", { sigma: 5 }],
      ["kernel", { kernel: "triangular" }],
      ["box", { kernel: "boxcar" }],
      ["gap", { query: 3.9 }],
      ["boundary", { query: 0 }],
      ["choose", { sigma: best }],
    ])
  ) assert.ok(done(name, changes), name);
  assert.equal(payload.steps.length, 9);
});

Deno.test("half of it is not enough", () => {
  assert.equal(done("query", { query: 2.3 }), false);
  assert.equal(done("narrow", { sigma: 0.2 }), false);
  assert.equal(done("gap", { query: 3 }), false);
});
