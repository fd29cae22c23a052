/** The two pictures: their size, axes and colours, and what is painted anew. */

import { Chart } from "./chart.js";
import { niceStep } from "./numbers.js";
import { drawData } from "./scatter.js";
import { chosen } from "./state.js";

/** @import { Heatmap } from "./heatmap.js" */
/** @import { Model } from "./model.js" */
/** @import { Look, Part, Parts, Payload, State } from "./types.d.ts" */

export class Pictures {
  /** @type {Heatmap | undefined} */
  heatmap; // once it is loaded
  /** @type {Look} */
  #look = {
    font: "sans-serif",
    size: 12,
    lecture: false,
    colours: {},
  };

  /**
   * @param {Parts["picture"]} canvases
   * @param {Payload} payload
   */
  constructor({ data, weights }, payload) {
    this.data = new Chart(data);
    this.weights = new Chart(weights);
    this.payload = payload;
  }

  fit() {
    this.data.fit();
    this.weights.fit();
  }

  /** Take the page's colours and font, as they are on an element.
   * @param {HTMLElement} host
   * @param {boolean} lecture whether words are to be read from afar */
  readLook(host, lecture) {
    const style = getComputedStyle(host);
    const { tokens } = this.payload.colours;
    const colours = Object.entries(tokens).map(([name, light]) => [
      name,
      style.getPropertyValue(`--nw-${name}`).trim() || light,
    ]);
    this.#look = {
      font: style.fontFamily,
      size: lecture ? 24 : 12,
      lecture,
      colours: Object.fromEntries(colours),
    };
  }

  /** The axes: steady while a point is dragged, or the ground would move under it.
   * @param {Model} model
   * @param {boolean} steady */
  range({ values, queries }, steady) {
    const { domain, truth } = this.payload;
    const { data, weights } = this;
    if (!steady) {
      const all = [...values, ...(truth?.y ?? [])];
      const [least, most] = [Math.min(...all), Math.max(...all)];
      const room = 0.03 * (most - least) || 1;
      const step = niceStep(most - least + 2 * room, 13);
      data.yRange = [
        Math.floor((least - room) / step) * step,
        Math.ceil((most + room) / step) * step,
      ];
    }
    const half = (queries[1] - queries[0]) / 2;
    data.xRange = weights.xRange = domain;
    weights.yRange = [queries[0] - half, queries[queries.length - 1] + half];
    data.measure();
    weights.measure();
  }

  /** @param {Model} model
   * @param {State} state
   * @param {boolean} repaint whether the heatmap's colours may have changed
   * @param {Part} [scene] */
  paint(model, state, repaint, scene) {
    const { data, weights } = this;
    const selected = state.editing ? chosen(model.points, state) : -1;
    // Without a width it is not on screen, as when printing.
    if (data.width) drawData(data, model, this.#look, state, selected, scene);
    if (!weights.width) return;
    if (repaint) this.heatmap?.paint(weights, model);
    this.heatmap?.draw(weights, model, this.#look, state.key);
  }
}
