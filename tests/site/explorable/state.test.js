import assert from "node:assert/strict";
import { ADDED, samplePoints } from "explorer/sample.js";
import { reduceEdit } from "explorer/edit.js";
import { begin, chosen, FEWEST, reduce } from "explorer/state.js";
import { stepName } from "explorer/history.js";
import { Views } from "explorer/view.js";
import { payload } from "./cases.js";

/** @import { Action, State } from "explorer/types.d.ts" */

const views = new Views("explore", payload);
const context = { payload, views, editor: reduceEdit };
const start = begin(views.initial);

/** @type {(state: State, ...actions: Action[]) => State} */
const after = (state, ...actions) =>
  actions.reduce((state, action) => reduce(freeze(state), action, context), state);

/** @param {State} state */
const freeze = (state) => {
  Object.freeze(state.view);
  return Object.freeze(state);
};

const count = (/** @type {State} */ state) => samplePoints(payload, state.view).length;

Deno.test("a query or a key that is pointed at already changes nothing", () => {
  const state = after(start, { type: "point", query: 7, key: 3 });
  assert.equal(state.view.query, 7);
  assert.equal(state.key, 3);
  assert.equal(after(state, { type: "point", query: 7 }), state);
  assert.equal(after(state, { type: "point", key: 3 }), state);
});

Deno.test("other data end a guided step, another bandwidth or kernel does not", () => {
  const { name, view } = payload.steps[2];
  const step = after(start, { type: "step", step: name });
  assert.equal(step.view.sigma, view.sigma);
  /** @type {Action[]} */
  const same = [
    { type: "turn", control: "sigma", value: 1 },
    { type: "kernel", kernel: "boxcar" },
    { type: "jump", sigma: 0.3 },
  ];
  /** @type {Action[]} */
  const other = [
    { type: "turn", control: "noise", value: 1.5 },
    { type: "sample" },
    { type: "add", at: { x: 1, y: 1 } },
    { type: "remove" },
  ];
  for (const action of same) assert.equal(after(step, action).view.step, name);
  for (const action of other) assert.equal(after(step, action).view.step, "");
});

Deno.test("a new sample has another seed, and keeps what a reader did to points", () => {
  const edited = after(start, { type: "add", at: { x: 1, y: 2 } });
  const { view } = after(edited, { type: "sample" });
  assert.equal(view.seed, 1);
  assert.deepEqual(view.edits, edited.view.edits);
});

Deno.test("a click pins the query, and only more pointing moves it", () => {
  const pinned = after(start, { type: "point", query: 30, pinned: true });
  assert.ok(pinned.pinned);
  assert.equal(after(pinned, { type: "point", key: 3 }).pinned, true);
  assert.equal(after(pinned, { type: "point", pinned: false }).view.query, 30);
  assert.equal(
    after(pinned, { type: "step", step: payload.steps[0].name }).pinned,
    false,
  );
});

Deno.test("a scene begins without what was set in another", () => {
  const set = after(
    start,
    { type: "scene", scene: "dots" },
    { type: "detail", detail: "bias-0", name: "bias" },
  );
  assert.equal(set.view.detail, "bias-0");
  assert.equal(after(set, { type: "scene", scene: "lines" }).view.detail, "");
});

Deno.test("before the editor is loaded, edits change nothing", () => {
  const bare = { payload, views };
  assert.equal(reduce(start, { type: "remove" }, bare), start);
});

Deno.test("a point is added, dragged within the limits, and removed", () => {
  const [low, high] = payload.limits.y;
  const grabbed = after(start, { type: "grab", at: { x: 2.0004, y: 1 } });
  assert.equal(grabbed.dragged, ADDED);
  assert.deepEqual(grabbed.view.edits.get(ADDED), { x: 2, y: 1 });
  const dragged = after(grabbed, { type: "drag", at: { x: 9, y: high + 1 } });
  assert.deepEqual(dragged.view.edits.get(ADDED), { x: payload.limits.x[1], y: high });
  const dropped = after(dragged, { type: "drop" });
  assert.equal(dropped.dragged, undefined);
  assert.equal(dropped.selected, ADDED);
  const typed = after(dropped, { type: "place", at: { x: 1, y: low - 1 } });
  assert.deepEqual(typed.view.edits.get(ADDED), { x: 1, y: low });
  const removed = after(typed, { type: "remove" });
  assert.deepEqual(removed.view.edits, start.view.edits);
  const at = chosen(samplePoints(payload, removed.view), removed);
  assert.ok(samplePoints(payload, removed.view)[at].x > 1);
});

Deno.test("of a sample's own points, a removed one is remembered", () => {
  const id = samplePoints(payload, start.view)[5].id;
  const state = after(start, { type: "grab", id, at: { x: 0, y: 0 } }, {
    type: "remove",
  });
  assert.deepEqual([...state.view.edits], [[id, null]]);
});

Deno.test("selecting goes around the ends", () => {
  const points = samplePoints(payload, start.view);
  const last = after(start, { type: "neighbour", by: -1 });
  assert.equal(last.selected, points[points.length - 1].id);
  assert.equal(after(last, { type: "neighbour", by: 1 }).selected, points[0].id);
});

Deno.test("the last points stay, and edits that would leave fewer are dropped", () => {
  let state = start;
  for (let i = 0; i < payload.view.points + 5; i++) {
    state = after(state, { type: "remove" });
  }
  assert.equal(count(state), FEWEST);
  const edits = new Map(payload.data.x.map((_, id) => [id, null]));
  const opened = after(start, { type: "open", view: { ...start.view, edits } });
  assert.equal(opened.view.edits.size, 0);
});

Deno.test("reset ends editing and shows what the build set", () => {
  const state = after(
    start,
    { type: "edit", first: 3 },
    { type: "sample" },
    { type: "reset" },
  );
  assert.equal(state.editing, false);
  assert.equal(state.view, views.initial);
});

Deno.test("turning a control or dragging a point is one step, taken at its end", () => {
  /** @type {(action: Action, state?: State) => unknown} */
  const name = (action, state = start) => stepName(action, state, after(state, action));
  const grabbed = after(start, { type: "grab", id: 4, at: { x: 0, y: 0 } });
  assert.equal(name({ type: "turn", control: "noise", value: 1 }), undefined);
  assert.equal(name({ type: "release", control: "noise" }), "noise");
  assert.equal(name({ type: "drag", at: { x: 1, y: 1 } }, grabbed), undefined);
  assert.equal(name({ type: "drop" }, grabbed), "move 4");
  assert.equal(name({ type: "drop" }), undefined);
  assert.equal(name({ type: "point", key: 3 }), undefined);
  assert.equal(typeof name({ type: "point", query: 3 }), "symbol");
  assert.notEqual(
    name({ type: "sample" }),
    name({ type: "sample" }, after(start, { type: "sample" })),
  );
});

Deno.test("whatever is done, the view survives its URL and points remain", () => {
  let seed = 1;
  const chance = (/** @type {number} */ n) => (seed = (seed * 48271) % 2147483647) % n;
  const at = () => ({ x: chance(7000) / 1000 - 1, y: chance(40000) / 1000 - 20 });
  const kernels = Object.keys(payload.kernels);
  /** @type {(() => Action)[]} */
  const actions = [
    () => ({ type: "step", step: payload.steps[chance(payload.steps.length)].name }),
    () => ({ type: "scene", scene: ["", "variance", "dots", "draw"][chance(4)] }),
    () => ({ type: "detail", detail: ["", "bias-0", "1_2_&=+%"][chance(3)], name: "" }),
    () => ({ type: "kernel", kernel: kernels[chance(kernels.length)] }),
    () => ({ type: "turn", control: "sigma", value: 0.05 + chance(490) / 100 }),
    () => ({ type: "turn", control: "noise", value: chance(21) / 10 }),
    () => ({ type: "turn", control: "points", value: 10 + chance(390) }),
    () => ({ type: "sample" }),
    () => ({
      type: "point",
      query: chance(payload.queries.count),
      key: chance(40) - 1,
    }),
    () => ({ type: "edit", first: chance(40) }),
    () => ({ type: "neighbour", by: chance(2) ? 1 : -1 }),
    () => ({ type: "add", at: at() }),
    () => ({ type: "place", at: at() }),
    () => ({ type: "remove" }),
    () => ({ type: "grab", id: chance(2) ? chance(10) : undefined, at: at() }),
    () => ({ type: "drag", at: at() }),
    () => ({ type: "drop" }),
  ];
  let state = start;
  for (let i = 0; i < 2000; i++) {
    state = i % 100 === 99
      ? after(state, { type: "reset" })
      : after(state, actions[chance(actions.length)]());
    assert.ok(count(state) >= FEWEST);
    const again = views.fromURL(
      views.toURL(state.view, "https://example.org/?other=1"),
    );
    assert.deepEqual(views.words(again), views.words(state.view));
    assert.deepEqual(
      samplePoints(payload, again).map(({ x, y }) => [x, y]),
      samplePoints(payload, state.view).map(({ x, y }) => [x, y]),
    );
  }
});
