/** The right picture: the matrix of weights, a row a query, a column a key. */

import { cell } from "./cell.js";
import { GAP, gaps, triangle } from "./chart.js";
import { follows } from "./input.js";
import { rowAt, short } from "./numbers.js";

/** @import { Chart } from "./chart.js" */
/** @import { Live } from "./live.js" */
/** @import { Model } from "./model.js" */
/** @import { Action, Look, Part, Place } from "./types.d.ts" */

const ON_HEATMAP = ["rgb(0 0 0 / 55%)", "#fdfdfd"]; // its colours follow no scheme

/** On the heatmap a pointer says both: the query by its height, the key by its place.
 * @type {(at: Place, live: Live, moves: boolean) => Action} */
function pick({ x, y }, { model: { keys }, payload }, moves) {
  let key = 0;
  for (let j = 1; j < keys.length; j++) {
    if (Math.abs(keys[j] - x) < Math.abs(keys[key] - x)) key = j;
  }
  return { type: "point", key, ...(moves && { query: rowAt(payload.queries, y) }) };
}

/** @type {(live: Live) => Part} */
export function attach(live) {
  live.pictures.heatmap = new Heatmap(live.payload.colours.map);
  const { parts: { picture: { weights } }, readout } = live;
  for (const kind of /** @type {const} */ (["pointerdown", "pointermove"])) {
    weights.addEventListener(kind, (event) => {
      const at = live.pictures.weights.at(event);
      live.dispatch(pick(at, live, follows(event, live)));
    });
  }
  return {
    // It is painted with the other picture: here are its words.
    write(model, { key }) {
      const { keys, top } = model;
      const words = cell(model, key);
      readout.say("top", `${top < 1 ? "≥ " : ""}${short(top)}, square-root scale`);
      readout.say("cell", words);
      weights.ariaValueText = words;
      weights.ariaValueMin = "1";
      weights.ariaValueMax = String(keys.length);
      weights.ariaValueNow = String(Math.max(key, 0) + 1);
    },
  };
}

/** The matrix as pixels: each column of them is the key nearest to it. */
export class Heatmap {
  #image = document.createElement("canvas");
  #context = /** @type {CanvasRenderingContext2D} */ (this.#image.getContext("2d"));
  #data = new ImageData(1, 1);
  #pixels = new Uint32Array(1);
  #map;

  /** @param {string[]} table the build's colours, from the least weight to the largest */
  constructor(table) {
    this.#map = pixels(table);
  }

  /** Repaint from the model's weights. The scale is that of square roots, and stays: as
   * attention spreads, its colours dim.
   * @param {Chart} chart
   * @param {Model} model */
  paint(chart, { keys, weights, queries, top }) {
    const width = Math.max(Math.round(chart.box.width * chart.scale), 1);
    this.#resize(width, queries.length);
    const n = keys.length;
    const columns = nearest(keys, chart, width);
    for (let q = 0; q < queries.length; q++) {
      const from = q * n;
      const to = (queries.length - 1 - q) * width; // queries rise from the bottom
      const empty = Number.isNaN(weights[from]);
      for (let i = 0; i < width; i++) {
        const share = Math.sqrt(weights[from + columns[i]] / top);
        this.#pixels[to + i] = empty ? 0 : this.#map[Math.min(share * 256, 255) | 0];
      }
    }
    this.#context.putImageData(this.#data, 0, 0);
  }

  /**
   * @param {Chart} chart
   * @param {Model} model
   * @param {Look} look
   * @param {number} key index of the key pointed at, or -1
   */
  draw(chart, model, look, key) {
    const { context: c, box: { left, top, width, height } } = chart;
    chart.clear(look, "key x", "query x", { grid: false });
    c.imageSmoothingEnabled = false; // exact cells: no colour between two neighbours
    c.drawImage(this.#image, left, top, width, height);
    nameGaps(chart, model, look);
    outlineKey(chart, model, key);
    outlineQuery(chart, model, look);
  }

  /** @type {(width: number, height: number) => void} */
  #resize(width, height) {
    const image = this.#image;
    if (this.#data.width === width && this.#data.height === height) return;
    [image.width, image.height] = [width, height];
    this.#data = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.#data.data.buffer);
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

/** Which key each column of pixels shows.
 * @type {(keys: Float64Array, chart: Chart, width: number) => Int32Array} */
function nearest(keys, { xRange: [low, high] }, width) {
  const columns = new Int32Array(width);
  for (let i = 0, j = 0; i < width; i++) {
    const x = low + ((i + 0.5) / width) * (high - low);
    while (j + 1 < keys.length && Math.abs(keys[j + 1] - x) <= Math.abs(keys[j] - x)) {
      j++;
    }
    columns[i] = j;
  }
  return columns;
}

/** @type {(chart: Chart, model: Model, look: Look) => void} */
function nameGaps(chart, { queries, estimates }, { colours }) {
  const { context: c, box: { left, width } } = chart;
  const half = (queries[1] - queries[0]) / 2;
  c.fillStyle = colours.ink;
  c.textAlign = "center";
  for (const [first, last] of gaps(estimates)) {
    const low = chart.py(queries[first] - half);
    const high = chart.py(queries[last] + half);
    if (low - high > 14) c.fillText(GAP, left + width / 2, (low + high) / 2 + 4);
  }
}

/** @type {(c: CanvasRenderingContext2D, x: number, y: number, width: number, height: number) => void} */
function outline(c, ...box) {
  ON_HEATMAP.forEach((colour, i) => {
    c.strokeStyle = colour;
    c.lineWidth = i ? 1.25 : 3.5;
    c.strokeRect(...box);
  });
}

/** @type {(chart: Chart, model: Model, key: number) => void} */
function outlineKey(chart, { keys }, key) {
  if (keys[key] === undefined) return;
  const { context: c, box: { top, height }, xRange } = chart;
  const low = key > 0 ? (keys[key - 1] + keys[key]) / 2 : xRange[0];
  const high = key + 1 < keys.length ? (keys[key] + keys[key + 1]) / 2 : xRange[1];
  c.globalAlpha = 0.8;
  outline(c, chart.px(low), top, Math.max(chart.px(high) - chart.px(low), 1), height);
  c.globalAlpha = 1;
}

/** @type {(chart: Chart, model: Model, look: Look) => void} */
function outlineQuery(chart, { queries, x }, { colours }) {
  const { context: c, box: { left, width } } = chart;
  const half = (queries[1] - queries[0]) / 2;
  const height = Math.max(chart.py(x - half) - chart.py(x + half), 3);
  const at = chart.py(x);
  outline(c, left, at - height / 2 - 1, width, height + 2);
  triangle(c, colours.purple, [left, at], [left - 7, at - 5], [left - 7, at + 5]);
}
