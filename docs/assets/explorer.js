/**
 * <nw-explorer>: attention you can touch.
 *
 * The element holds a JSON payload from the build (nwdocs/figures/explorer.py) and a static figure,
 * which stays for print and for pages without JavaScript. It comes alive when it is about to
 * be seen. Its view lives in the page's URL (explorer/view.js). For other scripts, and tests:
 *
 *   element.show({kernel: "boxcar", sigma: 0.1})  change the view, in the URL's words
 *   element.snapshot()  the view, and each number on screen at full precision
 */

import { Chart, Heatmap, drawData } from "./explorer/draw.js";
import {
  ADDED, Model, effectiveKeys, interpolate, samplePoints, selectBandwidth,
} from "./explorer/model.js";
import { markup } from "./explorer/shell.js";
import { Views, clamp, rowAt } from "./explorer/view.js";

const FEWEST = 3; // points that still leave a choice when one is left out
const QUIET = 500; // ms of rest before a query goes to the URL, and numbers to a listener
const TWEEN = 350; // ms that a jump of the bandwidth or the query takes
const PAGE = 10; // arrow steps in a Page key
const SLICE = 6; // ms a frame for the search of the best bandwidth

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const explorers = new Set();

// A page that is just opening has better things to do than to draw what nobody sees yet.
const near = new IntersectionObserver(
  (all) => all.forEach((one) => one.isIntersecting && one.target.wake()),
  { rootMargin: "100% 0px" }, // a screen before it is on screen
);

/** A number for a reader: a true minus, and a word where there is none. */
const text = (value, digits = 2) =>
  Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : "none";
const short = (value) => Number(value.toPrecision(3));
const place = (value, limits) => Number(clamp(value, limits).toFixed(3));

class Explorer extends HTMLElement {
  #payload;
  #views;
  #view;
  #model;
  #charts;
  #heatmap = new Heatmap();
  #look; // the page's colours and font
  #parts; // what the shadow root is made of, by name
  #written = {}; // what each output says
  #stale = new Set(); // "layout" or "look": what the next frame must measure again
  #frame = 0;
  #updates = 0;
  #tween; // where a jump started: {start, sigma, query}
  #key = -1; // the key under the pointer, in either picture
  #editing = false;
  #selected; // id of the point that the edit panel is about
  #dragged; // id of the point under a pressed pointer
  #best = new Map(); // for this sample: kernel -> bandwidth of least leave-one-out error
  #timers = {};
  #lastAction; // turning one control again goes on its step in the history
  #unsettled; // the view that is to go into the URL when it rests
  #alive; // aborted when the element leaves the page

  connectedCallback() {
    explorers.add(this);
    if (!this.#payload) return near.observe(this);
    this.#watch();
    this.follow();
  }

  disconnectedCallback() {
    explorers.delete(this);
    this.#alive?.abort();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Come alive, unless it is already; without a payload the static figure stays. */
  wake() {
    near.unobserve(this);
    const script = this.querySelector("script");
    if (!script || this.#payload) return;
    this.#setUp(JSON.parse(script.textContent));
    this.connectedCallback();
  }

  /** Take the view from the page's URL; one that sleeps will when it wakes. */
  follow(options) {
    if (!this.#payload) return;
    this.#unsettled = this.#lastAction = undefined;
    this.#change(this.#views.fromURL(new URL(location)), options);
  }

  show(changes) {
    this.wake();
    this.#change(this.#views.merge(this.#view, changes));
    this.#settle();
  }

  snapshot() {
    this.wake();
    this.#tween = undefined;
    this.#render();
    const { keys, values, queries, estimates, weights, rmse, loo, x, estimate } = this.#model;
    const row = (i) => weights.subarray(i * keys.length, (i + 1) * keys.length);
    return {
      view: this.#views.words(this.#view),
      keys: keys.slice(),
      values: values.slice(),
      queries: queries.slice(),
      weights: weights.slice(), // row after row, one a query
      estimates: estimates.slice(),
      effectiveKeys: queries.map((_, i) => effectiveKeys(row(i))),
      x,
      estimate,
      rmse,
      leaveOneOut: loo,
      best: this.#best.get(this.#view.kernel),
      key: this.#key,
      range: this.#charts.data.range, // of the left picture's y axis
      box: this.#charts.data.box, // and where in its canvas the axes are
    };
  }

  /* Coming alive ------------------------------------------------------------------- */

  #setUp(payload) {
    this.#payload = payload;
    this.#views = new Views(this.id, payload);
    this.#model = new Model(payload);
    const root = this.attachShadow({ mode: "open" });
    root.innerHTML = markup(payload);
    const all = (selector) => [...root.querySelectorAll(selector)];
    const named = (data) =>
      Object.fromEntries(all(`[data-${data}]`).map((node) => [node.dataset[data], node]));
    this.#parts = {
      app: root.querySelector(".app"),
      edit: root.querySelector(".edit"),
      sigma: root.querySelector("#sigma"),
      steps: all("[data-step]"),
      kernels: all("[name=kernel]"),
      out: named("out"),
      button: named("do"),
      field: named("field"),
      coordinate: named("edit"),
      picture: named("view"),
    };
    for (const mark of all("[data-sigma]")) {
      mark.style.setProperty("--at", this.#along(Number(mark.dataset.sigma)));
    }
    const { data, weights } = this.#parts.picture;
    this.#charts = { data: new Chart(data), weights: new Chart(weights) };
    this.#listen(root);
    this.dataset.alive = "";
  }

  /** Follow what can change around the element: its size, and the page's colours. */
  #watch() {
    this.#alive = new AbortController();
    const { signal } = this.#alive;
    const resized = new ResizeObserver(() => this.#draw("layout"));
    Object.values(this.#parts.picture).forEach((picture) => resized.observe(picture));
    const repainted = new MutationObserver(() => this.#draw("look"));
    for (const node of [document.documentElement, document.body]) {
      repainted.observe(node, { attributes: true });
    }
    dark.addEventListener("change", () => this.#draw("look"), { signal });
    signal.addEventListener("abort", () => {
      resized.disconnect();
      repainted.disconnect();
      Object.values(this.#timers).forEach(clearTimeout);
    });
    this.#draw("layout", "look");
  }

  #listen(root) {
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.#press(button);
    });
    root.addEventListener("input", ({ target }) => this.#turn(target));
    root.addEventListener("keydown", (event) => {
      // From outside it is not to be seen that this is typing, no shortcut of the page.
      if (event.target.tagName === "INPUT") event.stopPropagation();
    });
    root.addEventListener("change", ({ target }) => {
      if (target.name === "kernel") this.#set({ kernel: target.value }, "kernel");
      else if (target.dataset.edit) this.#type();
      else this.#record(target.dataset.field ?? target.id); // a slider was let go
    });
    const { data, weights } = this.#parts.picture;
    data.addEventListener("pointerdown", (event) => this.#grab(event));
    data.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      data.addEventListener(end, () => this.#drop());
    }
    for (const move of ["pointerdown", "pointermove"]) {
      weights.addEventListener(move, (event) => this.#point(event));
    }
    for (const picture of [data, weights]) {
      picture.addEventListener("pointerleave", ({ pointerType }) => {
        if (pointerType === "mouse") this.#highlight(-1); // a finger's cell stays named
      });
      picture.addEventListener("keydown", (event) => this.#steer(event));
    }
    const { sum } = this.#parts.out; // its three terms light up their points
    sum.addEventListener("pointerover", ({ target }) => {
      this.#highlight(Number(target.dataset.key ?? -1));
    });
    sum.addEventListener("pointerleave", () => this.#highlight(-1));
  }

  /* Changing the view -------------------------------------------------------------- */

  /** The new view, on screen in the next frame; an `action` also goes to the history. */
  #change(view, { action, animate } = {}) {
    const enough = !view.edits.size || samplePoints(this.#payload, view).length >= FEWEST;
    this.#tween = undefined;
    if (animate && !calm.matches && this.#view) {
      const { sigma, query } = this.#model.view;
      this.#tween = { start: performance.now(), sigma, query };
    }
    this.#view = enough ? view : { ...view, edits: new Map() };
    if (action) this.#record(action);
    this.#draw();
  }

  #set(changes, action, animate) {
    this.#change({ ...this.#view, ...changes }, { action, animate });
  }

  /** Other data: what a guided step says of its own no longer holds. */
  #sample(changes, action) {
    this.#set({ step: 0, ...changes }, action);
  }

  #url(view = this.#view) {
    return this.#views.toURL(view, location.href);
  }

  /** Into the URL: as a step that the back button undoes, unless it goes on the last one. */
  #record(action) {
    if (action === this.#lastAction) this.#settle();
    else {
      this.#settled();
      if (this.#url().href === location.href) return;
      history.pushState(history.state, "", this.#url());
      this.#lastAction = action;
    }
  }

  /** Into the URL at rest: a browser takes only so many changes of it a second. */
  #settle() {
    this.#unsettled = this.#view;
    clearTimeout(this.#timers.url);
    this.#timers.url = setTimeout(() => this.#settled(), QUIET);
  }

  #settled() {
    if (!this.#unsettled) return;
    history.replaceState(history.state, "", this.#url(this.#unsettled));
    this.#unsettled = undefined;
  }

  /** A query comes with every move of the pointer. */
  #ask(query) {
    if (query === this.#view.query) return;
    this.#change({ ...this.#view, query });
    this.#settle();
  }

  #edit(id, at, action) {
    const edits = new Map(this.#view.edits);
    if (at || id < ADDED) edits.set(id, at);
    else edits.delete(id);
    this.#sample({ edits }, action);
  }

  #add(x, y, action) {
    const { limits } = this.#payload;
    this.#selected = Math.max(ADDED - 1, ...this.#view.edits.keys()) + 1;
    this.#edit(this.#selected, { x: place(x, limits.x), y: place(y, limits.y) }, action);
  }

  #remove() {
    const { points } = this.#model;
    const at = points.findIndex(({ id }) => id === this.#selected);
    if (at < 0 || points.length <= FEWEST) return;
    this.#edit(this.#selected, null, `remove ${this.#selected}`);
    this.#selected = (points[at + 1] ?? points[at - 1]).id;
  }

  /** Take the point after the selected one, or before it, around the ends. */
  #select(step) {
    const { points } = this.#model;
    const at = points.findIndex(({ id }) => id === this.#selected);
    this.#selected = points.at((Math.max(at, 0) + step) % points.length).id;
    this.#draw();
  }

  /* What a reader does ------------------------------------------------------------- */

  #press(button) {
    const { step, sigma, do: action } = button.dataset;
    if (step) {
      this.#set(this.#views.step(Number(step)), `step ${step}`, true);
    } else if (sigma) this.#set({ sigma: Number(sigma) }, `mark ${sigma}`, true);
    else if (action === "best") {
      this.#set({ sigma: this.#best.get(this.#view.kernel) }, "best", true);
    } else if (action === "sample") {
      const seed = this.#view.seed + 1;
      this.#sample({ seed, edits: new Map() }, `sample ${seed}`);
    } else if (action === "reset") {
      this.#editing = false;
      this.#set(this.#views.initial, "reset", true);
    } else if (action === "edit") this.#setEditing(!this.#editing);
    else if (action === "remove") this.#remove();
    else if (action === "add") {
      const { x, estimate } = this.#model;
      const y = Number.isNaN(estimate) ? interpolate(this.#payload.truth, x) : estimate;
      this.#add(x, y, `add ${this.#view.edits.size}`);
    } else this.#select(action === "next" ? 1 : -1);
  }

  #turn(input) {
    const value = Number(input.value);
    if (input === this.#parts.sigma) {
      const [low, high] = this.#payload.limits.sigma;
      this.#set({ sigma: short(low * (high / low) ** value) });
    } else if (input.dataset.field) this.#sample({ [input.dataset.field]: value });
  }

  /** Numbers typed for the selected point. */
  #type() {
    const { limits } = this.#payload;
    const { x, y } = this.#parts.coordinate;
    if (x.value === "" || y.value === "") return this.#draw();
    const at = { x: place(x.valueAsNumber, limits.x), y: place(y.valueAsNumber, limits.y) };
    return this.#edit(this.#selected, at, `move ${this.#selected}`);
  }

  #setEditing(on) {
    this.#editing = on;
    if (on) this.#selected ??= this.#model.points[this.#heaviest(1)[0] ?? 0].id;
    this.#draw();
  }

  #grab(event) {
    if (event.button !== 0) return;
    const { data } = this.#charts;
    data.canvas.setPointerCapture(event.pointerId);
    if (this.#editing) {
      const near = this.#near(event);
      const { x, y } = data.at(event);
      if (near >= 0) this.#selected = this.#model.points[near].id;
      else this.#add(x, y);
      this.#dragged = this.#selected;
      this.#draw();
    } else this.#ask(rowAt(this.#payload.queries, data.at(event).x));
  }

  #drag(event) {
    const { x, y } = this.#charts.data.at(event);
    if (this.#dragged !== undefined) {
      const { limits } = this.#payload;
      this.#edit(this.#dragged, { x: place(x, limits.x), y: place(y, this.#charts.data.range) });
      return;
    }
    const near = this.#near(event);
    this.#highlight(near);
    this.#charts.data.canvas.classList.toggle("over", near >= 0);
    const following = event.pointerType === "mouse" || event.buttons > 0;
    if (following && !this.#editing) this.#ask(rowAt(this.#payload.queries, x));
  }

  #drop() {
    if (this.#dragged !== undefined) this.#record(`move ${this.#dragged}`);
    this.#dragged = undefined;
    this.#draw();
  }

  /** A pointer on the heatmap says both: the query by its height, the key by its place. */
  #point(event) {
    const { x, y } = this.#charts.weights.at(event);
    const { keys } = this.#model;
    let key = 0;
    for (let j = 1; j < keys.length; j++) {
      if (Math.abs(keys[j] - x) < Math.abs(keys[key] - x)) key = j;
    }
    this.#highlight(key);
    this.#ask(rowAt(this.#payload.queries, y));
  }

  #highlight(key) {
    if (key === this.#key) return;
    this.#key = key;
    this.#draw();
  }

  /** The point within a finger's or a mouse's reach, or -1. */
  #near(event) {
    const chart = this.#charts.data;
    const frame = chart.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    let [near, least] = [-1, event.pointerType === "touch" ? 22 : 10];
    this.#model.points.forEach((point, j) => {
      const distance = Math.hypot(chart.px(point.x) - x, chart.py(point.y) - y);
      if (distance < least) [near, least] = [j, distance];
    });
    return near;
  }

  #steer(event) {
    const { key, shiftKey, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onData = target === this.#parts.picture.data;
    const stride = shiftKey ? PAGE : 1;
    const up = { ArrowUp: stride, ArrowDown: -stride, PageUp: PAGE, PageDown: -PAGE }[key];
    const across = {
      ArrowRight: stride,
      ArrowLeft: -stride,
      Home: -Infinity,
      End: Infinity,
    }[key];
    if (up || (across && onData)) {
      const last = this.#payload.queries.count - 1;
      this.#ask(clamp(this.#view.query + (up ?? across), [0, last]));
    } else if (across) {
      this.#highlight(clamp(this.#key + across, [0, this.#model.keys.length - 1]));
    } else if (onData && this.#editing && (key === "Delete" || key === "Backspace")) {
      this.#remove();
    } else return;
    event.preventDefault(); // nor may the page scroll
    event.stopPropagation();
  }

  /* On screen ---------------------------------------------------------------------- */

  #draw(...stale) {
    stale.forEach((what) => this.#stale.add(what));
    this.#frame ||= requestAnimationFrame(() => this.#render());
  }

  #render() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const start = performance.now();
    const [layout, look] = [this.#stale.has("layout"), this.#stale.has("look")];
    this.#stale.clear();
    if (look) this.#readLook();
    const changed = this.#model.update(this.#midway(start));
    if (layout) Object.values(this.#charts).forEach((chart) => chart.fit());
    if (changed.sample) this.#range();
    this.#paint(changed.weights || layout || look);
    this.#write();
    if (changed.sample || changed.weights) this.#findBest(changed.sample);
    if (this.#tween) this.#draw();
    // Marks for whoever measures; the browser keeps each until told otherwise.
    if (this.#updates++ % 1000 === 999) performance.clearMeasures("nw-explorer-update");
    performance.measure("nw-explorer-update", { start, end: performance.now() });
  }

  /** The view, or a point on the way to it. */
  #midway(now) {
    if (!this.#tween) return this.#view;
    const { start, sigma, query } = this.#tween;
    const t = Math.min((now - start) / TWEEN, 1);
    if (t === 1) {
      this.#tween = undefined;
      return this.#view;
    }
    const done = t * (2 - t);
    return {
      ...this.#view,
      sigma: sigma * (this.#view.sigma / sigma) ** done,
      query: Math.round(query + (this.#view.query - query) * done),
    };
  }

  #readLook() {
    const style = getComputedStyle(this);
    const { tokens, map } = this.#payload.colours;
    this.#look = { font: style.fontFamily };
    for (const [name, light] of Object.entries(tokens)) {
      this.#look[name] = style.getPropertyValue(`--nw-${name}`).trim() || light;
    }
    this.#look.map = pixels(map);
  }

  /** The axes: steady while a point is dragged, or the ground would move under it. */
  #range() {
    const { domain, truth } = this.#payload;
    const { values, queries } = this.#model;
    const { data, weights } = this.#charts;
    if (this.#dragged === undefined) {
      const all = [...values, ...truth.y];
      data.range = [Math.floor(Math.min(...all) - 0.3), Math.ceil(Math.max(...all) + 0.3)];
    }
    data.domain(domain, data.range);
    const half = (queries[1] - queries[0]) / 2;
    weights.domain(domain, [queries[0] - half, queries.at(-1) + half]);
  }

  #paint(repaint) {
    const { data, weights } = this.#charts;
    if (!data.width || !weights.width) return; // not on screen, as when printing
    const model = this.#model;
    const selected = this.#editing
      ? model.points.findIndex(({ id }) => id === this.#selected)
      : -1;
    const { truth } = this.#payload;
    drawData(data, model, this.#look, { truth, key: this.#key, selected });
    if (repaint) this.#heatmap.paint(weights, model, this.#look.map);
    this.#heatmap.draw(weights, model, this.#look, { key: this.#key });
  }

  #say(name, words, part = "textContent") {
    if (this.#written[name] === words) return;
    this.#written[name] = words;
    this.#parts.out[name][part] = words;
  }

  #write() {
    const { limits, kernels, validation, steps } = this.#payload;
    const { view, keys, x, row, estimate, rmse, loo, unanswered, queries, top } = this.#model;
    const parts = this.#parts;
    const none = Number.isNaN(estimate);
    const effective = text(effectiveKeys(row), 1);
    const answer = none ? "no answer" : text(estimate);
    const step = steps[view.step - 1];
    this.#say(
      "step",
      step
        ? `<b>${step.title}.</b> ${step.text}`
        : "The line asks. Each point answers as loudly as its weight; the diamond is their weighted mean. Try the experiments, or touch the pictures.",
      "innerHTML",
    );
    parts.steps.forEach((button, i) => button.setAttribute("aria-pressed", i + 1 === view.step));
    const [chosen] = parts.kernels.filter((radio) => radio.value === view.kernel);
    if (!chosen.checked) {
      chosen.checked = true;
      const { offsetLeft, offsetWidth, parentNode } = chosen.parentNode;
      parentNode.scrollLeft = offsetLeft - (parentNode.clientWidth - offsetWidth) / 2;
    }
    parts.sigma.value = this.#along(view.sigma);
    parts.sigma.ariaValueText = short(view.sigma);
    this.#say("sigma", short(view.sigma));
    for (const [name, input] of Object.entries(parts.field)) {
      input.value = view[name];
      this.#say(name, text(view[name], name === "noise" ? 1 : 0));
    }
    this.#say("top", `${top < 1 ? "≥ " : ""}${short(top)}, square-root scale`);
    this.#say("sum", this.#sum(), "innerHTML");
    this.#say("cell", this.#cell());
    const tile = (name, value, note) => this.#say(name, `${value}<small>${note}</small>`, "innerHTML");
    tile("effective", none ? "none" : effective, `of ${keys.length} keys`);
    tile("answer", text(estimate), `truth ${text(interpolate(this.#payload.truth, x))}`);
    const of = validation.y.length;
    tile("rmse", text(rmse), unanswered ? `${unanswered} of ${of} unanswered` : `RMSE over ${of} queries`);
    tile("loo", text(loo), Number.isNaN(loo) ? "a point is alone" : "mean square");
    this.#writeBest();
    this.#writeEdit();

    const { data, weights } = parts.picture;
    data.ariaValueMin = limits.x[0];
    data.ariaValueMax = queries.at(-1);
    data.ariaValueNow = x;
    data.ariaValueText = `x = ${text(x)}, answer: ${answer}`;
    weights.ariaValueMin = 1;
    weights.ariaValueMax = keys.length;
    weights.ariaValueNow = Math.max(this.#key, 0) + 1;
    weights.ariaValueText = this.#cell();

    clearTimeout(this.#timers.status);
    this.#timers.status = setTimeout(() => {
      this.#say(
        "status",
        `${kernels[view.kernel].label} kernel, bandwidth ${short(view.sigma)}, ` +
          `${keys.length} points. Query ${text(x)}: ${answer}, ${effective} effective keys. ` +
          `RMSE to the truth ${text(rmse)}, leave-one-out error ${text(loo)}.`,
      );
    }, QUIET);
  }

  /** Indices of the query's heaviest keys, the nearest first where weights are equal. */
  #heaviest(count) {
    const { row, keys, x } = this.#model;
    const order = Array.from(row.keys()).filter((j) => row[j] > 0);
    const distance = (j) => Math.abs(keys[j] - x);
    return order.sort((a, b) => row[b] - row[a] || distance(a) - distance(b)).slice(0, count);
  }

  /** The answer written out as the weighted sum that it is. */
  #sum() {
    const { x, row, values, estimate } = this.#model;
    if (Number.isNaN(estimate)) {
      return `<b>x = ${text(x)}</b> has no key in reach: its weights would be 0/0, so there is no answer.`;
    }
    const heaviest = this.#heaviest(3);
    const terms = heaviest.map(
      (j) => `<b data-key="${j}">${text(row[j])} × ${text(values[j])}</b>`,
    );
    let [weight, share, others] = [0, 0, 0];
    row.forEach((w, j) => {
      if (w === 0 || heaviest.includes(j)) return;
      [weight, share, others] = [weight + w, share + w * values[j], others + 1];
    });
    if (others) {
      terms.push(`<b>${text(weight)} × ${text(share / weight)}</b> (${others} other${others > 1 ? "s" : ""})`);
    }
    return `<b>ŷ(${text(x)})</b> = ${terms.join(" + ")} = <b>${text(estimate)}</b>`;
  }

  #cell() {
    const { x, row, keys, estimate } = this.#model;
    const query = `Query ${text(x)}`;
    if (Number.isNaN(estimate)) return `${query}: no key in reach, an empty row.`;
    if (keys[this.#key] !== undefined) {
      return `${query}, key ${text(keys[this.#key])}: weight ${text(row[this.#key], 3)}.`;
    }
    const [most] = this.#heaviest(1);
    const ties = row.filter((w) => w === row[most]).length;
    const who = ties > 1 ? `${ties} keys, each with` : `key ${text(keys[most])}:`;
    return `${query} listens most to ${who} weight ${text(row[most], 3)}. Each row sums to 1.`;
  }

  #along(sigma) {
    const [low, high] = this.#payload.limits.sigma;
    return clamp(Math.log(sigma / low) / Math.log(high / low), [0, 1]);
  }

  #writeBest() {
    const best = this.#best.get(this.#view.kernel);
    const { best: mark } = this.#parts.button;
    mark.hidden = !(best > 0);
    if (mark.hidden) return;
    mark.style.setProperty("--at", this.#along(best));
    this.#say("best", short(best));
  }

  #writeEdit() {
    const { app, edit, coordinate, button } = this.#parts;
    app.classList.toggle("editing", this.#editing);
    button.edit.setAttribute("aria-pressed", this.#editing);
    edit.hidden = !this.#editing;
    if (!this.#editing) return;
    const { points } = this.#model;
    let at = points.findIndex(({ id }) => id === this.#selected);
    if (at < 0) [at, this.#selected] = [0, points[0].id]; // its sample is gone
    this.#say("selected", `Point ${at + 1} of ${points.length}`);
    button.remove.disabled = points.length <= FEWEST;
    for (const [name, input] of Object.entries(coordinate)) {
      if (!input.matches(":focus")) input.value = Number(points[at][name].toFixed(3));
    }
  }

  /** The mark "least leave-one-out error": the build's, or searched for, a bit a frame. */
  async #findBest(sampleChanged) {
    const { kernel, seed, edits, noise, points } = this.#view;
    const { initial } = this.#views;
    if (sampleChanged) this.#best.clear();
    clearTimeout(this.#timers.best);
    if (this.#best.has(kernel)) return;
    if (
      seed === 0 && edits.size === 0 && noise === initial.noise && points === initial.points
    ) {
      this.#best.set(kernel, this.#payload.kernels[kernel].best ?? NaN);
      this.#writeBest();
      return;
    }
    const { keys, values } = this.#model;
    await new Promise((rest) => {
      this.#timers.best = setTimeout(rest, QUIET / 2);
    });
    const search = selectBandwidth(keys, values, kernel, this.#payload.limits.sigma);
    for (let next = search.next(); ; ) {
      const until = performance.now() + SLICE;
      while (!next.done && performance.now() < until) next = search.next();
      if (this.#model.values !== values || this.#view.kernel !== kernel) return;
      if (next.done) {
        this.#best.set(kernel, Number(next.value.toPrecision(4)));
        this.#writeBest();
        return;
      }
      await new Promise(requestAnimationFrame);
    }
  }
}

/** 256 colours as the 32-bit pixels of a canvas, between those of the build's table. */
function pixels(table) {
  const channels = table.map((hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)));
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (table.length - 1);
    const low = Math.min(Math.floor(at), table.length - 2);
    for (let k = 0; k < 3; k++) {
      const [a, b] = [channels[low][k], channels[low + 1][k]];
      bytes[i * 4 + k] = a + (at - low) * (b - a);
    }
    bytes[i * 4 + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

/* The page ----------------------------------------------------------------------------- */

const follow = () => explorers.forEach((one) => one.follow({ animate: true }));
addEventListener("popstate", follow);

// A link to a view on this very page changes the view, without loading the page anew.
document.addEventListener("click", (event) => {
  const link = event.composedPath().find(({ href }) => href);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin + link.pathname !== location.origin + location.pathname) return;
  const shown = [...explorers].find(({ id }) => link.search.match(`[?&]${id}\\.`));
  if (!shown) return;
  event.preventDefault();
  if (link.href !== location.href) history.pushState(history.state, "", link.href);
  follow();
  shown.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "nearest" });
});

customElements.define("nw-explorer", Explorer);
