/** What a reader does with buttons, sliders and fields, as actions. */

import { bandwidthAt } from "./numbers.js";
import { interpolate } from "./sample.js";
import { heaviest } from "./words.js";

/** @import { Live } from "./live.js" */
/** @import { Action } from "./types.d.ts" */

/** @type {Record<string, (live: Live) => Action | undefined>} */
const BUTTONS = {
  best({ best, state }) {
    const sigma = best.of(state.view.kernel);
    return sigma ? { type: "jump", sigma } : undefined;
  },
  sample: () => ({ type: "sample" }),
  reset: () => ({ type: "reset" }),
  edit: ({ model }) => ({
    type: "edit",
    first: model.points[heaviest(model, 1)[0] ?? 0].id,
  }),
  previous: () => ({ type: "neighbour", by: -1 }),
  next: () => ({ type: "neighbour", by: 1 }),
  remove: () => ({ type: "remove" }),
  add({ model: { x, estimate }, payload: { truth } }) {
    const y = Number.isNaN(estimate) ? interpolate(truth, x) : estimate;
    return { type: "add", at: { x, y } };
  },
};

/** @type {(target: EventTarget | null, live: Live) => Action | undefined} */
function press(target, live) {
  const button = /** @type {Element} */ (target).closest("button");
  const { step, sigma, do: name } = button?.dataset ?? {};
  if (step) return { type: "step", step: Number(step) };
  if (sigma) return { type: "jump", sigma: Number(sigma) };
  return name ? BUTTONS[name](live) : undefined;
}

/** A slider while it is turned.
 * @type {(input: HTMLInputElement, live: Live) => Action | undefined} */
function turn(input, { payload: { limits } }) {
  const { id, dataset: { field } } = input;
  const value = Number(input.value);
  if (id === "sigma") {
    return { type: "turn", control: id, value: bandwidthAt(value, limits.sigma) };
  }
  if (field !== "noise" && field !== "points") return undefined;
  return { type: "turn", control: field, value };
}

/** A kernel chosen, numbers typed for the selected point, or a slider let go.
 * @type {(input: HTMLInputElement, live: Live) => Action | undefined} */
function finish({ id, name, value, dataset }, live) {
  if (name === "kernel") return { type: "kernel", kernel: value };
  if (!dataset.edit) return { type: "release", control: dataset.field ?? id };
  const { x, y } = live.parts.coordinate;
  if (x.value !== "" && y.value !== "") {
    return { type: "place", at: { x: x.valueAsNumber, y: y.valueAsNumber } };
  }
  live.draw(); // the point's own numbers come back
}

/** @type {(root: ShadowRoot, live: Live) => void} */
export function listenToControls(root, live) {
  const input = (
    /** @type {Event} */ { target },
  ) => /** @type {HTMLInputElement} */ (target);
  root.addEventListener("click", ({ target }) => live.dispatch(press(target, live)));
  root.addEventListener("input", (event) => live.dispatch(turn(input(event), live)));
  root.addEventListener("change", (event) => live.dispatch(finish(input(event), live)));
  root.addEventListener("keydown", (event) => {
    // From outside it is not to be seen that this is typing, no shortcut of the page.
    if (input(event).tagName === "INPUT") event.stopPropagation();
  });
}
