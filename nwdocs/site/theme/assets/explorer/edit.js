/** What editing points makes of the state. Pure, as state.js is. */

import { place } from "./numbers.js";
import { ADDED, samplePoints } from "./sample.js";
import { chosen, FEWEST, resample } from "./state.js";

/** @import { Action, Place, State } from "./types.d.ts" */
/** @import { Context } from "./state.js" */

/** @type {(state: State, id: number, at: Place | null) => State} */
function edit(state, id, at) {
  const edits = new Map(state.view.edits);
  if (at || id < ADDED) edits.set(id, at);
  else edits.delete(id);
  return resample(state, { edits });
}

/** @type {(at: Place, context: Context) => Place} */
const allowed = ({ x, y }, { payload: { limits } }) => ({
  x: place(x, limits.x),
  y: place(y, limits.y),
});

/** @type {(state: State, at: Place, context: Context) => State} */
function add(state, at, context) {
  const selected = Math.max(ADDED - 1, ...state.view.edits.keys()) + 1;
  return edit({ ...state, selected }, selected, allowed(at, context));
}

/** Without the selected point; its neighbour is selected then.
 * @type {(state: State, context: Context) => State} */
function remove(state, { payload }) {
  const points = samplePoints(payload, state.view);
  if (points.length <= FEWEST) return state;
  const at = chosen(points, state);
  const selected = (points[at + 1] ?? points[at - 1]).id;
  return edit({ ...state, selected }, points[at].id, null);
}

/** The point after the selected one, or before it, around the ends.
 * @type {(state: State, by: number, context: Context) => State} */
function neighbour(state, by, { payload }) {
  const points = samplePoints(payload, state.view);
  const at = (chosen(points, state) + by + points.length) % points.length;
  return { ...state, selected: points[at].id };
}

/** @type {(state: State, action: Action, context: Context) => State} */
export function reduceEdit(state, action, context) {
  const { view } = state;
  switch (action.type) {
    case "edit":
      if (state.editing) return { ...state, editing: false };
      return { ...state, editing: true, selected: state.selected ?? action.first };
    case "neighbour":
      return neighbour(state, action.by, context);
    case "add":
      return add(state, action.at, context);
    case "place": {
      const points = samplePoints(context.payload, view);
      return edit(state, points[chosen(points, state)].id, allowed(action.at, context));
    }
    case "remove":
      return remove(state, context);
    case "grab": {
      const { id: selected } = action;
      const grabbed = selected === undefined
        ? add(state, action.at, context)
        : { ...state, selected };
      return { ...grabbed, dragged: grabbed.selected };
    }
    case "drag":
      if (state.dragged === undefined) return state;
      return edit(state, state.dragged, allowed(action.at, context));
  }
  return state;
}
