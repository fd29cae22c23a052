/** What a reader does, as actions: by pointer, keyboard, buttons, sliders and fields. */

import { bandwidthAt, clamp, place, rowAt } from "./numbers.js";
import { interpolate } from "./sample.js";
import { heaviest } from "./words.js";

/** @import { Live } from "./live.js" */
/** @import { Action, Place } from "./types.d.ts" */

const PAGE = 10; // arrow steps in a Page key
const REACH = 10; // px from a point that still are on it
const FINGERS_REACH = 22;

/* Controls */

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

/* Pictures */

/** The index of the point within reach, or -1.
 * @type {(event: PointerEvent, live: Live) => number} */
function near(event, { model, pictures: { data } }) {
  const [x, y] = data.pixel(event);
  let [found, least] = [-1, event.pointerType === "touch" ? FINGERS_REACH : REACH];
  model.points.forEach((point, j) => {
    const distance = Math.hypot(data.px(point.x) - x, data.py(point.y) - y);
    if (distance < least) [found, least] = [j, distance];
  });
  return found;
}

/** @type {(event: PointerEvent, live: Live) => Action | undefined} */
function grab(event, live) {
  if (event.button !== 0) return undefined;
  const { model, payload, pictures: { data }, state } = live;
  data.canvas.setPointerCapture(event.pointerId);
  const at = data.at(event);
  if (!state.editing) return { type: "point", query: rowAt(payload.queries, at.x) };
  return { type: "grab", id: model.points[near(event, live)]?.id, at };
}

/** @type {(event: PointerEvent, live: Live) => Action} */
function move(event, live) {
  const { payload, pictures: { data }, state } = live;
  const { x, y } = data.at(event);
  if (state.dragged !== undefined) {
    return { type: "drag", at: { x, y: place(y, data.yRange) } };
  }
  const key = near(event, live);
  data.canvas.classList.toggle("over", key >= 0);
  const following = event.pointerType === "mouse" || event.buttons > 0;
  if (!following || state.editing) return { type: "point", key };
  return { type: "point", key, query: rowAt(payload.queries, x) };
}

/** On the heatmap a pointer says both: the query by its height, the key by its place.
 * @type {(at: Place, live: Live) => Action} */
function pick({ x, y }, { model: { keys }, payload }) {
  let key = 0;
  for (let j = 1; j < keys.length; j++) {
    if (Math.abs(keys[j] - x) < Math.abs(keys[key] - x)) key = j;
  }
  return { type: "point", key, query: rowAt(payload.queries, y) };
}

/** @type {(event: KeyboardEvent, live: Live) => Action | undefined} */
function steer({ key, shiftKey, target }, { model, parts, payload, state }) {
  const onData = target === parts.picture.data;
  const stride = shiftKey ? PAGE : 1;
  /** @type {Record<string, number>} */
  const ups = { ArrowUp: stride, ArrowDown: -stride, PageUp: PAGE, PageDown: -PAGE };
  /** @type {Record<string, number>} */
  const rights = {
    ArrowRight: stride,
    ArrowLeft: -stride,
    Home: -Infinity,
    End: Infinity,
  };
  const [up, right] = [ups[key], rights[key]];
  if (up || (right && onData)) {
    const last = payload.queries.count - 1;
    return { type: "point", query: clamp(state.view.query + (up ?? right), [0, last]) };
  }
  if (right) {
    return { type: "point", key: clamp(state.key + right, [0, model.keys.length - 1]) };
  }
  const deletes = key === "Delete" || key === "Backspace";
  return onData && state.editing && deletes ? { type: "remove" } : undefined;
}

/** @type {(live: Live) => void} */
export function listenToPictures(live) {
  const { data, weights } = live.parts.picture;
  data.addEventListener("pointerdown", (event) => live.dispatch(grab(event, live)));
  data.addEventListener("pointermove", (event) => live.dispatch(move(event, live)));
  for (const end of ["pointerup", "pointercancel"]) {
    data.addEventListener(end, () => live.dispatch({ type: "drop" }));
  }
  const pickAt = (/** @type {PointerEvent} */ event) =>
    live.dispatch(pick(live.pictures.weights.at(event), live));
  weights.addEventListener("pointerdown", pickAt);
  weights.addEventListener("pointermove", pickAt);
  for (const picture of [data, weights]) {
    picture.addEventListener("pointerleave", ({ pointerType }) => {
      // A finger's cell stays named.
      if (pointerType === "mouse") live.dispatch({ type: "point", key: -1 });
    });
    picture.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const action = steer(event, live);
      if (!action) return;
      live.dispatch(action);
      event.preventDefault(); // nor may the page scroll
      event.stopPropagation();
    });
  }
  const { sum } = live.parts.out; // its three terms light up their points
  sum.addEventListener("pointerover", ({ target }) => {
    const { key = -1 } = /** @type {HTMLElement} */ (target).dataset;
    live.dispatch({ type: "point", key: Number(key) });
  });
  sum.addEventListener("pointerleave", () => live.dispatch({ type: "point", key: -1 }));
}
