/** What a reader does on the pictures, by pointer and by keys, as actions. */

import { clamp, place, rowAt } from "./numbers.js";

/** @import { Live } from "./live.js" */
/** @import { Action, Place } from "./types.d.ts" */

const PAGE = 10; // arrow steps in a Page key
const REACH = 10; // px from a point that still are on it
const FINGERS_REACH = 22;

/** The index of the point within reach, or -1.
 * @type {(event: PointerEvent, live: Live) => number} */
function near(event, { model, pictures: { data } }) {
  const frame = data.canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
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
