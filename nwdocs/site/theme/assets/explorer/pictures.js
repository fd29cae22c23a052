/** The two pictures: their size, axes and colours, and what is painted anew. */

import { Chart } from "./chart.js";
import { Heatmap } from "./heatmap.js";
import { drawData } from "./scatter.js";
import { chosen } from "./state.js";

/** @import { Model } from "./model.js" */
/** @import { Look, Parts, Payload, State } from "./types.d.ts" */

export class Pictures {
  #heatmap = new Heatmap();
  /** @type {Look} */
  #look = { font: "sans-serif", colours: {}, map: new Uint32Array(256) };

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
   * @param {HTMLElement} host */
  readLook(host) {
    const style = getComputedStyle(host);
    const { tokens, map } = this.payload.colours;
    const colours = Object.entries(tokens).map(([name, light]) => [
      name,
      style.getPropertyValue(`--nw-${name}`).trim() || light,
    ]);
    this.#look = {
      font: style.fontFamily,
      colours: Object.fromEntries(colours),
      map: pixels(map),
    };
  }

  /** The axes: steady while a point is dragged, or the ground would move under it.
   * @param {Model} model
   * @param {boolean} steady */
  range({ values, queries }, steady) {
    const { domain, truth } = this.payload;
    const { data, weights } = this;
    if (!steady) {
      const all = [...values, ...truth.y];
      data.yRange = [
        Math.floor(Math.min(...all) - 0.3),
        Math.ceil(Math.max(...all) + 0.3),
      ];
    }
    const half = (queries[1] - queries[0]) / 2;
    data.xRange = weights.xRange = domain;
    weights.yRange = [queries[0] - half, queries[queries.length - 1] + half];
  }

  /** @param {Model} model
   * @param {State} state
   * @param {boolean} repaint whether the heatmap's colours may have changed */
  paint(model, state, repaint) {
    const { data, weights } = this;
    if (!data.width || !weights.width) return; // not on screen, as when printing
    const selected = state.editing ? chosen(model.points, state) : -1;
    drawData(data, model, this.#look, state.key, selected);
    if (repaint) this.#heatmap.paint(weights, model, this.#look.map);
    this.#heatmap.draw(weights, model, this.#look, state.key);
  }
}

/** 256 colours as the 32-bit pixels of a canvas, between those of the build's table.
 * @param {string[]} table */
function pixels(table) {
  const channels = table.map((hex) =>
    [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
  );
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
