/** Writes the words and numbers, and sets each control to what it stands for. */

import { along, short, text } from "./numbers.js";
import { chosen, FEWEST } from "./state.js";
import { answer, cell, prompt, status, sum, tiles } from "./words.js";

/** @import { Model } from "./model.js" */
/** @import { Axis, Parts, Payload, State } from "./types.d.ts" */

const QUIET = 500; // ms of rest before a listener is told

export class Readout {
  /** @type {Record<string, string>} what each output says */
  #written = {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Parts} parts
   * @param {Payload} payload
   */
  constructor(parts, payload) {
    this.parts = parts;
    this.payload = payload;
  }

  /** @type {(model: Model, state: State) => void} */
  write(model, state) {
    this.#writeControls(model);
    this.#say("sum", sum(model));
    this.#say("cell", cell(model, state.key));
    for (const [name, [value, note]] of Object.entries(tiles(this.payload, model))) {
      this.#say(name, `${value}<small>${note}</small>`);
    }
    this.#writeEdit(model, state);
    this.#describePictures(model, state);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#say("status", status(this.payload, model)),
      QUIET,
    );
  }

  /** The mark over the slider: hidden where no bandwidth is best, or not known yet.
   * @param {number} [sigma] */
  writeBest(sigma = NaN) {
    const { best } = this.parts.button;
    best.hidden = !(sigma > 0);
    if (best.hidden) return;
    best.style.setProperty("--at", String(along(sigma, this.payload.limits.sigma)));
    this.#say("best", String(short(sigma)));
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** The words may be HTML: they are this code's and the payload's.
   * @type {(name: string, words: string) => void} */
  #say(name, words) {
    if (this.#written[name] === words) return;
    this.#written[name] = words;
    this.parts.out[name].innerHTML = words;
  }

  /** @param {Model} model */
  #writeControls({ view, top }) {
    const { parts, payload: { limits, steps } } = this;
    this.#say("step", prompt(steps[view.step - 1]));
    parts.steps.forEach((button, i) => {
      button.setAttribute("aria-pressed", String(i + 1 === view.step));
    });
    const chosen = parts.kernels.find((radio) => radio.value === view.kernel);
    if (chosen && !chosen.checked) {
      chosen.checked = true;
      showInRow(/** @type {HTMLElement} */ (chosen.parentElement));
    }
    const sigma = String(short(view.sigma));
    parts.sigma.value = String(along(view.sigma, limits.sigma));
    parts.sigma.ariaValueText = sigma;
    this.#say("sigma", sigma);
    parts.field.noise.value = String(view.noise);
    parts.field.points.value = String(view.points);
    this.#say("noise", text(view.noise, 1));
    this.#say("points", text(view.points, 0));
    this.#say("top", `${top < 1 ? "≥ " : ""}${short(top)}, square-root scale`);
  }

  /** @type {(model: Model, state: State) => void} */
  #writeEdit({ points }, state) {
    const { app, edit, coordinate, button } = this.parts;
    app.classList.toggle("editing", state.editing);
    button.edit.setAttribute("aria-pressed", String(state.editing));
    edit.hidden = !state.editing;
    if (!state.editing) return;
    const at = chosen(points, state);
    this.#say("selected", `Point ${at + 1} of ${points.length}`);
    button.remove.disabled = points.length <= FEWEST;
    for (const axis of /** @type {Axis[]} */ (["x", "y"])) {
      const input = coordinate[axis];
      if (!input.matches(":focus")) {
        input.value = String(Number(points[at][axis].toFixed(3)));
      }
    }
  }

  /** @type {(model: Model, state: State) => void} */
  #describePictures(model, { key }) {
    const { keys, queries, x, estimate } = model;
    const { data, weights } = this.parts.picture;
    data.ariaValueMin = String(this.payload.limits.x[0]);
    data.ariaValueMax = String(queries[queries.length - 1]);
    data.ariaValueNow = String(x);
    data.ariaValueText = `x = ${text(x)}, answer: ${answer(estimate)}`;
    weights.ariaValueMin = "1";
    weights.ariaValueMax = String(keys.length);
    weights.ariaValueNow = String(Math.max(key, 0) + 1);
    weights.ariaValueText = cell(model, key);
  }
}

/** Scroll a row, and nothing else, until one of its items is in its middle.
 * @param {HTMLElement} item */
function showInRow({ offsetLeft, offsetWidth, parentElement: row }) {
  if (row) row.scrollLeft = offsetLeft - (row.clientWidth - offsetWidth) / 2;
}
