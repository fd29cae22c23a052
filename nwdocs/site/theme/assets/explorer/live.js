/** An explorable that is alive: its state, and the frames that follow from it. */

import { effectiveKeys } from "./attention.js";
import { BestBandwidths } from "./best.js";
import { ViewHistory } from "./history.js";
import { listenToControls, listenToPictures } from "./input.js";
import { markup, partsOf } from "./markup.js";
import { Model } from "./model.js";
import { Pictures } from "./pictures.js";
import { Readout } from "./readout.js";
import { begin, reduce } from "./state.js";
import { jumps, midway } from "./tween.js";
import { Views } from "./view.js";

/** @import { Action, Payload, View } from "./types.d.ts" */
/** @import { Tween } from "./tween.js" */

const MARK = "nw-explorer-update"; // for whoever measures
const MOST_MARKS = 1000; // that a browser keeps of them

export const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

export class Live {
  #frame = 0;
  #updates = 0;
  /** @type {Set<"layout" | "look">} what the next frame must measure again */
  #stale = new Set();
  /** @type {View | undefined} */
  #shown; // in the last frame
  /** @type {Tween | undefined} */
  #tween;
  #watching = new AbortController(); // aborted when the element leaves the page

  /**
   * @param {HTMLElement} host
   * @param {Payload} payload
   */
  constructor(host, payload) {
    const root = host.attachShadow({ mode: "open" });
    root.innerHTML = markup(payload);
    this.host = host;
    this.payload = payload;
    this.views = new Views(host.id, payload);
    this.state = begin(this.views.initial);
    this.model = new Model(payload);
    this.parts = partsOf(root);
    this.pictures = new Pictures(this.parts.picture, payload);
    this.readout = new Readout(this.parts, payload);
    this.best = new BestBandwidths(
      payload,
      this.views.initial,
      () => this.#writeBest(),
    );
    this.history = new ViewHistory((view) => this.views.toURL(view, location.href));
    listenToControls(root, this);
    listenToPictures(this);
  }

  /** @param {Action} [action] */
  dispatch(action) {
    if (!action) return;
    const before = this.state;
    this.state = reduce(before, action, this);
    this.history.follow(action, before, this.state);
    if (this.state === before) return;
    if (this.state.view !== before.view) this.#tween = this.#startTween(action);
    this.draw();
  }

  /** Take the view from the page's URL.
   * @param {boolean} [animate] */
  open(animate) {
    this.history.forget();
    this.dispatch({
      type: "open",
      view: this.views.fromURL(new URL(location.href)),
      animate,
    });
  }

  /** Change the view, in the URL's words.
   * @param {Record<string, unknown>} changes */
  show(changes) {
    this.dispatch({ type: "open", view: this.views.merge(this.state.view, changes) });
    this.history.rest(this.state.view);
  }

  /** The view, and each number on screen at full precision. */
  snapshot() {
    this.#tween = undefined;
    this.#render();
    const { model, pictures: { data }, state } = this;
    const { keys, values, queries, estimates, weights, rmse, loo, x, estimate } = model;
    return {
      view: this.views.words(state.view),
      keys: keys.slice(),
      values: values.slice(),
      queries: queries.slice(),
      weights: weights.slice(), // row after row, one a query
      estimates: estimates.slice(),
      effectiveKeys: queries.map((_, i) => effectiveKeys(model.rowOf(i))),
      x,
      estimate,
      rmse,
      leaveOneOut: loo,
      best: this.best.of(state.view.kernel),
      key: state.key,
      range: data.yRange, // of the left picture's y axis
      box: data.box, // and where in its canvas the axes are
    };
  }

  /** Follow what can change around the element: its size, and the page's colours. */
  watch() {
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    const resized = new ResizeObserver(() => this.draw("layout"));
    Object.values(this.parts.picture).forEach((picture) => resized.observe(picture));
    const repainted = new MutationObserver(() => this.draw("look"));
    for (const node of [document.documentElement, document.body]) {
      repainted.observe(node, { attributes: true });
    }
    dark.addEventListener("change", () => this.draw("look"), { signal });
    signal.addEventListener("abort", () => {
      resized.disconnect();
      repainted.disconnect();
    });
    this.draw("layout", "look");
  }

  stop() {
    this.#watching.abort();
    this.history.forget();
    this.readout.stop();
    this.best.stop();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Draw the state in the next frame.
   * @param {("layout" | "look")[]} stale */
  draw(...stale) {
    stale.forEach((what) => this.#stale.add(what));
    this.#frame ||= requestAnimationFrame(() => this.#render());
  }

  #render() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const start = performance.now();
    const { host, model, pictures, state } = this;
    const [layout, look] = [this.#stale.has("layout"), this.#stale.has("look")];
    this.#stale.clear();
    if (look) pictures.readLook(host);
    this.#shown = this.#nextView(start);
    const changed = model.update(this.#shown);
    if (layout) pictures.fit();
    if (changed.sample) pictures.range(model, state.dragged !== undefined);
    pictures.paint(model, state, changed.weights || layout || look);
    this.readout.write(model, state);
    this.#writeBest();
    if (changed.sample || changed.weights) {
      this.best.find(model, state.view, changed.sample);
    }
    if (this.#tween) this.draw();
    if (this.#updates++ % MOST_MARKS === MOST_MARKS - 1) {
      performance.clearMeasures(MARK);
    }
    performance.measure(MARK, { start, end: performance.now() });
  }

  #writeBest() {
    this.readout.writeBest(this.best.of(this.state.view.kernel));
  }

  /** @type {(action: Action) => Tween | undefined} */
  #startTween(action) {
    if (calm.matches || !jumps(action)) return undefined;
    return this.#shown && { start: performance.now(), from: this.#shown };
  }

  /** The view, or one on the way to it.
   * @param {number} now */
  #nextView(now) {
    const { view } = this.state;
    const shown = this.#tween ? midway(this.#tween, view, now) : view;
    if (shown === view) this.#tween = undefined;
    return shown;
  }
}
