/** What a reader does, as actions: by pointer, keyboard, buttons, sliders and fields. */

import { bandwidthAt, clamp, place, rowAt } from "./numbers.js";
import { share } from "./scenes.js";

/** @import { Live } from "./live.js" */
/** @import { Action } from "./types.d.ts" */

const STILL = 4; // px that a press may move and be a click all the same
const PAGE = 10; // arrow steps in a Page key
const REACH = 10; // px from a point that still are on it
const FINGERS_REACH = 22;

/* Controls */

/** @type {Record<string, (live: Live) => Action | undefined | void>} */
const BUTTONS = {
  best({ best, state }) {
    const sigma = best.of(state.view.kernel);
    return sigma ? { type: "jump", sigma } : undefined;
  },
  reset: () => ({ type: "reset" }),
  more: () => ({ type: "more" }),
  link: (live) => void share().then(({ copyLink }) => copyLink(live)),
  code: (live) => void share().then(({ showCode }) => showCode(live)),
  embed: (live) => void share().then(({ offerEmbed }) => offerEmbed(live)),
  lecture: (live) => void share().then(({ lecture }) => lecture(live)),
};

/** @type {(target: EventTarget | null, live: Live) => Action | undefined | void} */
function press(target, live) {
  const button = /** @type {Element} */ (target).closest("button");
  const { step, scene, sigma, do: name } = button?.dataset ?? {};
  if (step !== undefined) return { type: "step", step };
  if (scene !== undefined) return { type: "scene", scene };
  if (sigma) return { type: "jump", sigma: Number(sigma) };
  return name ? BUTTONS[name]?.(live) : undefined;
}

/** A kernel chosen, or a slider let go.
 * @type {(input: HTMLInputElement) => Action | undefined} */
function finish({ id, name, value }) {
  if (name === "kernel") return { type: "kernel", kernel: value };
  return id === "sigma" ? { type: "release", control: id } : undefined;
}

/** @type {(live: Live) => void} */
export function listenToControls(live) {
  const { app, sigma } = live.parts;
  const input = (
    /** @type {Event} */ { target },
  ) => /** @type {HTMLInputElement} */ (target);
  app.addEventListener("click", ({ target }) => {
    const action = press(target, live);
    if (action) live.dispatch(action);
  });
  sigma.addEventListener("input", () =>
    live.dispatch({
      type: "turn",
      control: "sigma",
      value: bandwidthAt(Number(sigma.value), live.payload.limits.sigma),
    }));
  app.addEventListener("change", (event) => live.dispatch(finish(input(event))));
  app.addEventListener("keydown", (event) => {
    // From outside it is not to be seen that this is typing, no shortcut of the page.
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(input(event).tagName)) event.stopPropagation();
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
  const { model, payload, pictures: { data }, state } = live;
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
  if (!follows(event, live)) return { type: "point", key };
  return { type: "point", key, query: rowAt(payload.queries, x) };
}

/** Whether the query goes where the pointer is: a pinned one only when it is dragged.
 * @type {(event: PointerEvent, live: Live) => boolean} */
export const follows = ({ pointerType, buttons }, { state }) =>
  !state.editing && (buttons > 0 || (pointerType === "mouse" && !state.pinned));

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

/** A click pins the query where it is, the next one frees it; so does a drag's end.
 * @type {(live: Live, picture: HTMLCanvasElement) => void} */
function listenToPins(live, picture) {
  let [x, y, pinned] = [0, 0, false];
  picture.addEventListener("pointerdown", (event) => {
    [x, y, pinned] = [event.clientX, event.clientY, live.state.pinned];
    live.dispatch({ type: "point", pinned: true });
  });
  picture.addEventListener("pointerup", (event) => {
    const still = Math.hypot(event.clientX - x, event.clientY - y) < STILL;
    if (pinned && still && event.pointerType === "mouse") {
      live.dispatch({ type: "point", pinned: false });
    }
  });
}

/** @type {(live: Live) => void} */
export function listenToPictures(live) {
  const { data, weights } = live.parts.picture;
  const point = (/** @type {PointerEvent} */ event) =>
    live.scene?.pointer?.(event, live.pictures.data.at(event));
  data.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    data.setPointerCapture(event.pointerId);
    if (!point(event)) live.dispatch(grab(event, live));
  });
  data.addEventListener("pointermove", (event) => {
    if (!point(event)) live.dispatch(move(event, live));
  });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    data.addEventListener(end, (event) => {
      if (!point(event)) live.dispatch({ type: "drop" });
    });
  }
  for (const picture of [data, weights]) {
    listenToPins(live, picture);
    picture.addEventListener("pointerleave", ({ pointerType }) => {
      // A finger's cell stays named.
      if (pointerType === "mouse") live.dispatch({ type: "point", key: -1 });
    });
    picture.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const action = steer(event, live);
      const own = picture === data && live.scene?.keydown?.(event);
      if (!own && !action) return;
      if (!own) live.dispatch(action);
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
