/** The page's URL follows the view: which action is a step for the back button. */

/** @import { Action, State, View } from "./types.d.ts" */

/** Not a step: the view goes into the URL once it rests. */
export const AT_REST = Symbol("at rest");

const SETTLED_AFTER = 500; // ms: a browser takes only so many changes of its URL a second

/**
 * The name of the step that an action makes. Turning one control again goes on its step,
 * so equal names in a row are one. Nothing, while a control or a point is still moving.
 * @type {(action: Action, before: State, after: State) => string | symbol | undefined}
 */
export function stepName(action, before, { view, selected }) {
  const { type } = action;
  const { edits: { size } } = view;
  switch (type) {
    case "detail":
      return action.name;
    case "release":
      return action.control;
    case "point":
      return view === before.view ? undefined : AT_REST;
    case "place":
      return `move ${selected}`;
    case "drop":
      return before.dragged === undefined ? undefined : `move ${before.dragged}`;
  }
  /** @type {Partial<Record<Action["type"], unknown>>} what tells two of a type apart */
  const apart = {
    step: view.step,
    jump: view.sigma,
    sample: view.seed,
    scene: view.scene,
    kernel: "",
    reset: "",
    add: size,
    remove: size,
  };
  return type in apart ? `${type} ${apart[type]}` : undefined;
}

/** One explorable's part in the page's history. */
export class ViewHistory {
  /** @type {string | symbol | undefined} */
  #last;
  /** @type {View | undefined} what is to go into the URL when it rests */
  #unsettled;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {(view: View) => URL} urlOf */
  constructor(urlOf) {
    this.urlOf = urlOf;
  }

  /** @type {(action: Action, before: State, after: State) => void} */
  follow(action, before, after) {
    const name = stepName(action, before, after);
    if (name === AT_REST) this.rest(after.view);
    else if (name !== undefined) this.#record(name, after.view);
  }

  /** Put the view into the URL, in place of the last, once it rests.
   * @type {(view: View) => void} */
  rest(view) {
    this.#unsettled = view;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), SETTLED_AFTER);
  }

  /** The URL has been changed from outside, or nobody is there to write it. */
  forget() {
    clearTimeout(this.#timer);
    this.#unsettled = this.#last = undefined;
  }

  /** @type {(name: string | symbol, view: View) => void} */
  #record(name, view) {
    if (name === this.#last) return this.rest(view);
    this.#settle();
    const url = this.urlOf(view);
    if (url.href === location.href) return;
    history.pushState(history.state, "", url);
    this.#last = name;
  }

  #settle() {
    if (!this.#unsettled) return;
    history.replaceState(history.state, "", this.urlOf(this.#unsettled));
    this.#unsettled = undefined;
  }
}
