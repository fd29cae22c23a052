/** An explorable that is alive: its state, and the frames that follow from it. */

import { effectiveKeys } from "./attention.js";
import { BestBandwidths } from "./best.js";
import { ViewHistory } from "./history.js";
import { listenToControls, listenToPictures } from "./input.js";
import { markup, partsOf } from "./markup.js";
import { Model } from "./model.js";
import { Pictures } from "./pictures.js";
import { Readout, showInRow } from "./readout.js";
import { EXTRAS, SCENES } from "./scenes.js";
import { begin, reduce } from "./state.js";
import { jumps, midway } from "./tween.js";
import { Views } from "./view.js";

/** @import { Action, Part, Payload, View } from "./types.d.ts" */
/** @import { Tween } from "./tween.js" */

const MARK = "nw-explorer-update"; // for whoever measures
const MOST_MARKS = 1000; // that a browser keeps of them
const NARROW = 586; // px: below, one column
const WIDE = 860; // px: from here on, the kernels stand beside the bandwidth

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
  /** @type {import("./state.js").Editor | undefined} */
  editor; // once it is loaded: more.js
  #watching = new AbortController(); // aborted when the element leaves the page
  /** @type {Map<string, Part | Promise<void>>} what was loaded, by name */
  #loaded = new Map();

  /**
   * @param {HTMLElement} host
   * @param {Payload} payload
   * @throws where the payload cannot be drawn: the host is then as it was
   */
  constructor(host, payload) {
    const template = document.createElement("template");
    template.innerHTML = markup(payload);
    this.host = host;
    this.payload = payload;
    this.views = new Views(host.id, payload);
    this.state = begin(this.views.initial);
    this.model = new Model(payload);
    this.parts = partsOf(template.content);
    this.pictures = new Pictures(this.parts.picture, payload);
    this.readout = new Readout(this.parts, payload);
    this.best = new BestBandwidths(
      payload,
      this.views.initial,
      () => this.#writeBest(),
    );
    this.history = new ViewHistory((view) => this.views.toURL(view, location.href));
    // All but the pictures' size is tried before anything of the page is replaced.
    this.pictures.readLook(host, false);
    this.model.update(this.state.view);
    this.pictures.range(this.model, false);
    this.readout.write(this.model, this.state);
    this.best.find(this.model, this.state.view, true);
    listenToControls(this);
    listenToPictures(this);
    host.attachShadow({ mode: "open" }).append(template.content);
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
    this.#stale.add("layout");
    this.render();
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
      box: { ...data.box }, // and where in its canvas the axes are
      scene: this.#scene()?.snapshot?.(),
    };
  }

  /** Follow what can change around the element: its size, and the page's colours. */
  watch() {
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    const resized = new ResizeObserver(() => this.draw("layout"));
    Object.values(this.parts.picture).forEach((picture) => resized.observe(picture));
    resized.observe(this.host);
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
    this.#frame ||= requestAnimationFrame(() => this.render());
  }

  /** Draw the state now. */
  render() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const start = performance.now();
    const { host, model, pictures, state } = this;
    const [layout, look] = [this.#stale.has("layout"), this.#stale.has("look")];
    this.#stale.clear();
    if (look) pictures.readLook(host, state.lecture);
    this.#shown = this.#nextView(start);
    const scene = this.#scene();
    this.#arrange(layout);
    const changed = model.update(this.#shown, scene?.rule);
    if (layout) pictures.fit();
    if (changed.sample) pictures.range(model, state.dragged !== undefined);
    pictures.paint(model, state, changed.weights || layout || look, scene);
    this.readout.write(model, state);
    this.#extras().forEach((part) => part.write(model, state));
    scene?.write(model, state);
    this.#writeBest();
    if (changed.sample || changed.weights) {
      this.best.find(model, state.view, changed.sample);
    }
    if (this.#tween) this.draw();
    if (this.#updates++ % MOST_MARKS === MOST_MARKS - 1) {
      performance.clearMeasures(MARK);
    }
    performance.measure(MARK, { start, end: performance.now() });
    host.dispatchEvent(new Event("nw-update")); // for whoever put it on the page
  }

  /** What goes where: one column or two, and the scene's panel.
   * @param {boolean} measure */
  #arrange(measure) {
    const { host, parts: { app, scenes, slot }, state } = this;
    const { scene } = state.view;
    if (measure) {
      const width = host.clientWidth;
      app.classList.toggle("narrow", width < NARROW && !state.lecture);
      app.classList.toggle("wide", width >= WIDE && !state.lecture);
    }
    host.classList.toggle("lecture", state.lecture);
    app.classList.toggle("lecture", state.lecture);
    app.dataset.scene = scene;
    app.dataset.place = SCENES[scene].place ?? "";
    app.dataset.hides = this.#scene()?.hides?.join(" ") ?? "";
    for (const node of slot.scene.children) {
      /** @type {HTMLElement} */ (node).hidden =
        /** @type {HTMLElement} */ (node).dataset.panel !== scene;
    }
    slot.scene.hidden = !scene;
    slot.scene.className = `scene ${SCENES[scene].place ?? ""}`;
    for (const button of scenes) {
      const chosen = button.dataset.scene === scene;
      if (String(chosen) === button.ariaPressed) continue;
      button.ariaPressed = String(chosen);
      if (chosen) showInRow(button);
    }
  }

  /** The view's scene, once it is loaded.
   * @returns {Part | undefined} */
  #scene() {
    const { scene } = this.state.view;
    const { load } = SCENES[scene];
    if (!load) return undefined;
    return this.#part(scene, load, () => {
      const panel = document.createElement("div");
      panel.dataset.panel = scene;
      this.parts.slot.scene.append(panel);
      return panel;
    });
  }

  get scene() {
    return this.#scene();
  }

  /** The other parts that the reader is shown, of those that are loaded. */
  #extras() {
    const { payload: { controls }, state } = this;
    const { slot } = this.parts;
    slot.more.hidden = !state.more;
    const wanted = {
      stage: Boolean(state.view.scene),
      heatmap: controls.includes("weights"),
      guide: controls.includes("steps"),
      more: state.more,
    };
    return Object.entries(wanted).flatMap(([name, shown]) => {
      const part = shown && this.#part(name, EXTRAS[name], () => slot[name]);
      return part ? [part] : [];
    });
  }

  /** A part, or nothing while it is on its way.
   * @param {string} name
   * @param {import("./scenes.js").Load} load
   * @param {() => HTMLElement} slot
   * @returns {Part | undefined} */
  #part(name, load, slot) {
    const known = this.#loaded.get(name);
    if (known) return known instanceof Promise ? undefined : known;
    const coming = load().then(({ attach }) => {
      this.#loaded.set(name, attach(this, slot()));
      this.#stale.add("layout");
      this.render(); // now: a frame before that would show the part without its words
    }, () => {
      this.#loaded.delete(name); // the next action tries again
    });
    this.#loaded.set(name, coming);
  }

  /** When all that the view needs has been loaded. */
  async ready() {
    this.render();
    await Promise.all([...this.#loaded.values()]);
    this.render();
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
