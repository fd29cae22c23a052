/**
 * What a reader's action makes of the state. Pure: the picture, the words and the URL all
 * follow from the state alone.
 */

import { samplePoints } from "./sample.js";

/**
 * @import { Action, Payload, Point, State, View } from "./types.d.ts"
 * @import { Views } from "./view.js"
 * @typedef {{payload: Payload, views: Views, editor?: Editor}} Context editor: what edits
 *   of points do, once that is loaded
 * @typedef {(state: State, action: Action, context: Context) => State} Editor
 */

/** Points that still leave a choice when one is left out. */
export const FEWEST = 3;

/** @type {(view: View) => State} */
export const begin = (view) => ({
  view,
  pinned: false,
  more: false,
  lecture: false,
  editing: false,
  key: -1,
});

/** The index of the point that the edit panel is about; the first, if that point is gone.
 * @type {(points: Point[], state: State) => number} */
export const chosen = (points, { selected }) =>
  Math.max(points.findIndex(({ id }) => id === selected), 0);

/** @type {(state: State, view: Partial<View>) => State} */
export const look = (state, view) => ({ ...state, view: { ...state.view, ...view } });

/** Other data: what a guided step says of its own no longer holds.
 * @type {(state: State, view: Partial<View>) => State} */
export const resample = (state, view) => look(state, { step: "", ...view });

/** @type {(state: State, action: Extract<Action, {type: "point"}>) => State} */
function point(
  state,
  { query = state.view.query, key = state.key, pinned = state.pinned },
) {
  const moved = query === state.view.query ? state : look(state, { query });
  const same = key === moved.key && pinned === moved.pinned;
  return same ? moved : { ...moved, key, pinned };
}

/** @type {(state: State, action: Action, context: Context) => State} */
function apply(state, action, context) {
  const { view } = state;
  switch (action.type) {
    case "open":
      return { ...state, view: action.view };
    case "step": {
      const shown = context.views.step(action.step);
      return { ...look(state, shown), editing: false, pinned: false };
    }
    case "scene":
      return {
        ...look(state, { scene: action.scene, detail: "" }),
        editing: false,
      };
    case "detail":
      return look(state, { detail: action.detail });
    case "more":
      return { ...state, more: !state.more, editing: false };
    case "lecture":
      return { ...state, lecture: action.on };
    case "kernel":
      return look(state, { kernel: action.kernel });
    case "turn":
      if (action.control === "sigma") return look(state, { sigma: action.value });
      return resample(state, { [action.control]: action.value });
    case "jump":
      return look(state, { sigma: action.sigma });
    case "sample":
      return resample(state, { seed: view.seed + 1 }); // a reader's own points stay
    case "reset":
      return { ...state, editing: false, pinned: false, view: context.views.initial };
    case "point":
      return point(state, action);
    case "drop":
      return { ...state, dragged: undefined };
    case "release":
      return state;
    default:
      return context.editor?.(state, action, context) ?? state;
  }
}

/** The view; without its edits where they leave too few points.
 * @type {(view: View, context: Context) => View} */
function answerable(view, { payload }) {
  const enough = !view.edits.size || samplePoints(payload, view).length >= FEWEST;
  return enough ? view : { ...view, edits: new Map() };
}

/** @type {(state: State, action: Action, context: Context) => State} */
export function reduce(state, action, context) {
  const next = apply(state, action, context);
  if (next.view === state.view) return next;
  return { ...next, view: answerable(next.view, context) };
}
