/** Behind "More": noise, the number of points, another sample, and points by hand. */

import { reduceEdit } from "./edit.js";
import { namedIn } from "./markup.js";
import { text } from "./numbers.js";
import { interpolate } from "./sample.js";
import { chosen, FEWEST } from "./state.js";
import { heaviest } from "./words.js";

/** @import { Live } from "./live.js" */
/** @import { Action, Axis, Interval, Part, State } from "./types.d.ts" */
/** @import { Model } from "./model.js" */

/** @type {Record<string, (live: Live) => Action>} */
const PRESSED = {
  sample: () => ({ type: "sample" }),
  edit: ({ model }) => ({
    type: "edit",
    first: model.points[heaviest(model, 1)[0] ?? 0].id,
  }),
  previous: () => ({ type: "neighbour", by: -1 }),
  next: () => ({ type: "neighbour", by: 1 }),
  remove: () => ({ type: "remove" }),
  add({ model: { x, estimate }, payload: { truth } }) {
    const y = Number.isNaN(estimate) && truth ? interpolate(truth, x) : estimate;
    return { type: "add", at: { x, y } };
  },
};

/** @type {(axis: string, limits: Interval) => string} */
const coordinate = (axis, [low, high]) =>
  `<label>${axis} <input data-edit="${axis}" type="number" step="0.1" min="${low}" max="${high}"></label>`;

/** @type {(name: string, label: string, limits: Interval, by: number) => string} */
const slider = (name, label, [low, high], by) =>
  `<label>${label} <span data-say="${name}"></span><input data-field="${name}" type="range" min="${low}" max="${high}" step="${by}"></label>`;

/** @type {(live: Live, slot: HTMLElement) => Part} */
export function attach(live, slot) {
  const { payload: { limits } } = live;
  live.editor = reduceEdit;
  slot.innerHTML = `
<style>
.editing canvas[data-view=data] { touch-action: none; cursor: copy }
.editing canvas.over { cursor: grab }
.more, .more > div { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center }
.more > div { flex: 100% 1 1 }
.more label { flex: 1 1 120px; display: flex; gap: 5px; align-items: center; min-width: 0 }
.more [type=range] { flex: 1; min-width: 0 }
.more label > span { min-width: 1.9em; font-variant-numeric: tabular-nums }
.more div > span { display: flex; gap: 6px; align-items: center }
.more p { flex: 100% 0 0; color: var(--nw-muted) }
.more [type=number] { width: 5.5em; min-height: var(--tap); padding: 0 4px; border: 1px solid var(--nw-muted); border-radius: 4px; background: none }
</style>
${slider("noise", "Noise", limits.noise, 0.1)}
${slider("points", "Points", limits.points, 1)}
<button data-press="sample">New sample</button>
<button data-press="edit" aria-controls="edit">Edit points</button>
<div id="edit" role="group" aria-label="Edit points" hidden>
  <p>Drag a point to move it; press an empty spot to add one.</p>
  <span>
    <button data-press="previous" aria-label="Previous point">‹</button>
    <span data-say="selected"></span>
    <button data-press="next" aria-label="Next point">›</button>
  </span>
  <span>${coordinate("x", limits.x)}${coordinate("y", limits.y)}</span>
  <span>
    <button data-press="remove">Remove</button>
    <button data-press="add">Add at the query</button>
  </span>
</div>`;
  const [say, button, field, edit] = ["say", "press", "field", "edit"].map((name) =>
    namedIn(slot, name)
  );
  const panel = /** @type {HTMLElement} */ (slot.querySelector("#edit"));
  for (const [name, node] of Object.entries(button)) {
    node.addEventListener("click", () => live.dispatch(PRESSED[name](live)));
  }
  for (const control of /** @type {const} */ (["noise", "points"])) {
    field[control].addEventListener(
      "input",
      () =>
        live.dispatch({ type: "turn", control, value: Number(field[control].value) }),
    );
    field[control].addEventListener(
      "change",
      () => live.dispatch({ type: "release", control }),
    );
  }
  panel.addEventListener("change", () => {
    const { x, y } = edit;
    if (x.value === "" || y.value === "") return live.draw(); // its own come back
    live.dispatch({ type: "place", at: { x: x.valueAsNumber, y: y.valueAsNumber } });
  });

  /** @type {(model: Model, state: State) => void} */
  function writeEdit({ points }, state) {
    button.edit.setAttribute("aria-pressed", String(state.editing));
    panel.hidden = !state.editing;
    if (!state.editing) return;
    const at = chosen(points, state);
    say.selected.textContent = `Point ${at + 1} of ${points.length}`;
    button.remove.disabled = points.length <= FEWEST;
    for (const axis of /** @type {Axis[]} */ (["x", "y"])) {
      if (!edit[axis].matches(":focus")) {
        edit[axis].value = String(Number(points[at][axis].toFixed(3)));
      }
    }
  }

  return {
    write(model, state) {
      const { noise, points } = model.view;
      field.noise.value = String(noise);
      field.points.value = String(points);
      say.noise.textContent = text(noise, 1);
      say.points.textContent = String(points);
      writeEdit(model, state);
    },
  };
}
