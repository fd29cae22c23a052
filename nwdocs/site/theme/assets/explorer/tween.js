/** A jump to a view, drawn as a short way there. */

/** @import { Action, View } from "./types.d.ts" */

const LENGTH = 350; // ms

/** Whether an action is a jump, not a control in a reader's hand.
 * @type {(action: Action) => boolean} */
export const jumps = (action) =>
  action.type === "open"
    ? action.animate ?? false
    : ["step", "jump", "reset"].includes(action.type);

/** @typedef {{start: number, from: View}} Tween start in ms */

/** The view on the way, by the clock; `view` itself at the end.
 * @type {(tween: Tween, view: View, now: number) => View} */
export function midway({ start, from }, view, now) {
  const t = Math.min((now - start) / LENGTH, 1);
  if (t === 1) return view;
  const done = t * (2 - t);
  return {
    ...view,
    sigma: from.sigma * (view.sigma / from.sigma) ** done,
    query: Math.round(from.query + (view.query - from.query) * done),
  };
}
