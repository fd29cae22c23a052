/** Writes the words and numbers, and sets each control to what it stands for. */

import { along, short, text } from "./numbers.js";
import { answer, status, sum, tiles } from "./words.js";

/** @import { Model } from "./model.js" */
/** @import { Parts, Payload, State } from "./types.d.ts" */

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
    this.#writeControls(model, state);
    this.say("sum", sum(model));
    this.#writeTiles(model, true);
    this.#describeData(model);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#writeTiles(model, false);
      this.say("status", status(this.payload, model));
    }, QUIET);
  }

  /** @type {(model: Model, moving: boolean) => void} */
  #writeTiles(model, moving) {
    for (const [name, words] of Object.entries(tiles(this.payload, model, moving))) {
      this.say(name, words);
    }
  }

  /** The mark over the slider: hidden where no bandwidth is best, or not known yet.
   * @param {number} [sigma] */
  writeBest(sigma = NaN) {
    const { best } = this.parts.button;
    best.hidden = !(sigma > 0);
    if (best.hidden) return;
    best.style.setProperty("--at", String(along(sigma, this.payload.limits.sigma)));
    this.say("best", String(short(sigma)));
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** The words may be HTML: they are this code's and the payload's.
   * @type {(name: string, words: string) => void} */
  say(name, words) {
    if (this.#written[name] === words || !this.parts.out[name]) return;
    this.#written[name] = words;
    this.parts.out[name].innerHTML = words;
  }

  /** @type {(model: Model, state: State) => void} */
  #writeControls({ view, kernel }, state) {
    const { parts, payload: { limits } } = this;
    const { app, button } = parts;
    app.classList.toggle("editing", state.editing);
    app.classList.toggle("open", state.more);
    button.more.ariaExpanded = String(state.more);
    button.more.textContent = state.more ? "Less" : "More";
    const chosen = parts.kernels.find((radio) => radio.value === view.kernel);
    if (chosen && !chosen.checked) {
      chosen.checked = true;
      showInRow(/** @type {HTMLElement} */ (chosen.parentElement));
    }
    const sigma = String(short(view.sigma));
    parts.sigma.value = String(along(view.sigma, limits.sigma));
    parts.sigma.ariaValueText = sigma;
    if (parts.sigma.disabled !== kernel.flat) {
      parts.sigma.disabled = kernel.flat;
      for (const mark of parts.marks) mark.disabled = kernel.flat;
    }
    this.say("sigma", kernel.flat ? "–" : sigma);
    this.say(
      "reach",
      kernel.flat ? "this kernel ignores it" : "reach of attention",
    );
  }

  /** @type {(model: Model) => void} */
  #describeData({ queries, x, estimate }) {
    const { data } = this.parts.picture;
    data.ariaValueMin = String(queries[0]);
    data.ariaValueMax = String(queries[queries.length - 1]);
    data.ariaValueNow = String(x);
    data.ariaValueText = `x = ${text(x)}, answer: ${answer(estimate)}`;
  }
}

/** Scroll a row, and nothing else, until one of its items is in its middle.
 * @param {HTMLElement} item */
export function showInRow({ offsetLeft, offsetWidth, parentElement: row }) {
  if (row) row.scrollLeft = offsetLeft - (row.clientWidth - offsetWidth) / 2;
}
