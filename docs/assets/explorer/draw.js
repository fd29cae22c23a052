/** The explorable's two pictures, on canvas: the data, and the matrix of weights. */

import { similarity } from "./model.js";

const MARGIN = { left: 34, right: 10, top: 8, bottom: 36 };
const ON_HEATMAP = ["rgb(0 0 0 / 55%)", "#fdfdfd"]; // its colours follow no scheme
const GAP = "no key in reach";

/** A canvas with an x and a y axis in data units. */
export class Chart {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  /** Take the canvas's size on the page, at the screen's resolution. */
  fit() {
    const { canvas } = this;
    const scale = window.devicePixelRatio || 1;
    [this.width, this.height, this.scale] = [canvas.clientWidth, canvas.clientHeight, scale];
    canvas.width = Math.round(this.width * scale);
    canvas.height = Math.round(this.height * scale);
  }

  domain(x, y) {
    [this.x0, this.x1] = x;
    [this.y0, this.y1] = y;
  }

  /** The plot's box in CSS pixels. */
  get box() {
    const { left, top, right, bottom } = MARGIN;
    const width = Math.max(this.width - left - right, 1);
    return { left, top, width, height: Math.max(this.height - top - bottom, 1) };
  }

  /** Data units to CSS pixels and back. */
  px(x) {
    return this.box.left + ((x - this.x0) / (this.x1 - this.x0)) * this.box.width;
  }

  py(y) {
    return this.box.top + ((this.y1 - y) / (this.y1 - this.y0)) * this.box.height;
  }

  at(event) {
    const frame = this.canvas.getBoundingClientRect();
    const { left, top, width, height } = this.box;
    const across = (event.clientX - frame.left - left) / width;
    const up = 1 - (event.clientY - frame.top - top) / height;
    return {
      x: this.x0 + across * (this.x1 - this.x0),
      y: this.y0 + up * (this.y1 - this.y0),
    };
  }

  clear(look, xLabel, yLabel, { grid }) {
    const { context: c, scale } = this;
    const { left, top, width, height } = this.box;
    c.setTransform(scale, 0, 0, scale, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    c.font = `11px ${look.font}`;
    c.lineWidth = 1;
    const line = (x, y, dx, dy) => {
      c.beginPath();
      c.moveTo(x, y);
      c.lineTo(x + dx, y + dy);
      c.stroke();
    };
    c.textAlign = "center";
    for (const x of ticks(this.x0, this.x1)) {
      const at = Math.round(this.px(x)) + 0.5;
      c.strokeStyle = grid ? look.grid : look.muted;
      line(at, top + (grid ? 0 : height), 0, grid ? height : 4);
      c.fillStyle = look.ink;
      c.fillText(x, at, top + height + 15);
    }
    c.textAlign = "right";
    for (const y of ticks(this.y0, this.y1)) {
      const at = Math.round(this.py(y)) + 0.5;
      c.strokeStyle = grid ? look.grid : look.muted;
      line(grid ? left : left - 4, at, grid ? width : 4, 0);
      c.fillStyle = look.ink;
      c.fillText(y < 0 ? `−${-y}` : y, left - 9, at + 4);
    }
    c.fillStyle = look.muted;
    c.font = `12px ${look.font}`;
    c.textAlign = "center";
    c.fillText(xLabel, left + width / 2, top + height + 31);
    c.save();
    c.translate(10, top + height / 2);
    c.rotate(-Math.PI / 2);
    c.fillText(yLabel, 0, 0);
    c.restore();
  }

  /** Lines through (xs, ys), broken where y is NaN. */
  path(xs, ys) {
    const { context: c } = this;
    c.beginPath();
    let pen = false;
    for (let i = 0; i < xs.length; i++) {
      if (Number.isNaN(ys[i])) pen = false;
      else if (pen) c.lineTo(this.px(xs[i]), this.py(ys[i]));
      else {
        c.moveTo(this.px(xs[i]), this.py(ys[i]));
        pen = true;
      }
    }
  }
}

function ticks(low, high) {
  const step = high - low > 12 ? 5 : high - low > 6 ? 2 : 1;
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) => first + i * step);
}

/** A filled triangle, as marks the query on an axis; corners as [x, y]. */
function triangle(c, colour, ...corners) {
  c.fillStyle = colour;
  c.beginPath();
  for (const [x, y] of corners) c.lineTo(x, y);
  c.fill();
}

/** A point's radius: its area is a fixed dot plus its share of the attention. */
const radius = (weight) => Math.sqrt(8 + 900 * weight) / 2;

/** Runs of queries that no key reaches, as [first, last] of their indices. */
function gaps(estimates) {
  const runs = [];
  for (let i = 0; i < estimates.length; i++) {
    if (!Number.isNaN(estimates[i])) continue;
    if (runs.at(-1)?.[1] === i - 1) runs.at(-1)[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}

export function drawData(chart, model, look, { truth, key, selected }) {
  const { points, queries, estimates, row, view, x, estimate } = model;
  chart.clear(look, "x", "y", { grid: true });
  const { context: c } = chart;
  const { left, top, width, height } = chart.box;
  const at = chart.px(x);
  triangle(c, look.purple, [at, top], [at - 5, top - 7], [at + 5, top - 7]);
  const half = (queries[1] - queries[0]) / 2;
  c.save();
  c.beginPath();
  c.rect(left, top, width, height);
  c.clip();
  // Where nobody answers: a shaded gap, with a word in the widest.
  const runs = gaps(estimates);
  c.fillStyle = look.muted;
  c.globalAlpha = 0.14;
  for (const [first, last] of runs) {
    const left = chart.px(queries[first] - half);
    c.fillRect(left, top, chart.px(queries[last] + half) - left, height);
  }
  c.globalAlpha = 1;
  // The kernel, centred on the query: a bump along the floor.
  const floor = top + height;
  c.beginPath();
  c.moveTo(left, floor);
  for (let i = left; i <= left + width; i++) {
    const offset = ((i - at) / width) * (chart.x1 - chart.x0);
    const u = Math.abs(offset) / view.sigma;
    c.lineTo(i, floor - 0.2 * height * similarity(view.kernel, u));
  }
  c.lineTo(left + width, floor);
  c.fillStyle = c.strokeStyle = look.purple;
  c.lineWidth = 1;
  c.globalAlpha = 0.12;
  c.fill();
  c.globalAlpha = 0.8;
  c.stroke();
  c.globalAlpha = 1;

  c.lineWidth = 1.5;
  c.beginPath();
  c.moveTo(at, top);
  c.lineTo(at, floor);
  c.stroke();

  c.strokeStyle = look.muted;
  c.lineWidth = 2;
  c.setLineDash([8, 6]);
  chart.path(truth.y.map((_, i) => truth.start + i * truth.step), truth.y);
  c.stroke();
  c.setLineDash([]);

  const heaviest = row.reduce((a, b) => Math.max(a, b), 0) || 1;
  c.fillStyle = look.blue;
  points.forEach((point, j) => {
    const weight = row[j] || 0;
    c.globalAlpha = 0.4 + 0.45 * (weight / heaviest);
    c.beginPath();
    c.arc(chart.px(point.x), chart.py(point.y), radius(weight), 0, 2 * Math.PI);
    c.fill();
  });
  c.globalAlpha = 1;
  c.strokeStyle = look.ink;
  c.lineWidth = 2;
  for (const [j, room] of [[key, 3], [selected, 6]]) {
    if (!points[j]) continue;
    c.beginPath();
    const size = radius(row[j] || 0) + room;
    c.arc(chart.px(points[j].x), chart.py(points[j].y), size, 0, 2 * Math.PI);
    c.stroke();
  }

  c.strokeStyle = look.orange;
  c.lineWidth = 2.25;
  c.lineJoin = "round";
  chart.path(queries, estimates);
  c.stroke();

  if (runs.length > 0) {
    const [first, last] = runs.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a));
    c.fillStyle = look.ink;
    c.textAlign = "center";
    const room = c.measureText(GAP).width / 2 + 4;
    const middle = chart.px((queries[first] + queries[last]) / 2);
    const word = Math.min(Math.max(middle, left + room), left + width - room);
    c.strokeStyle = look.paper;
    c.lineWidth = 5;
    c.strokeText(GAP, word, top + 14);
    c.fillText(GAP, word, top + 14);
  }
  if (!Number.isNaN(estimate)) {
    c.translate(at, chart.py(estimate));
    c.rotate(Math.PI / 4);
    c.fillStyle = look.purple;
    c.strokeStyle = look.paper;
    c.lineWidth = 1.5;
    c.beginPath();
    c.rect(-5, -5, 10, 10);
    c.fill();
    c.stroke();
  }
  c.restore();
}

/** The matrix as pixels: a row a query, each column of them the key nearest to it. */
export class Heatmap {
  #image = document.createElement("canvas");

  /**
   * Repaint from the model's weights; `map` is 256 colours as 32-bit pixels. The scale is
   * that of square roots, and stays: as attention spreads, its colours dim.
   */
  paint(chart, { keys, weights, queries, top }, map) {
    const width = Math.max(Math.round(chart.box.width * chart.scale), 1);
    const image = this.#image;
    if (image.width !== width || image.height !== queries.length || !this.pixels) {
      [image.width, image.height] = [width, queries.length];
      this.context = image.getContext("2d");
      this.data = this.context.createImageData(width, queries.length);
      this.pixels = new Uint32Array(this.data.data.buffer);
    }
    const n = keys.length;
    const columns = new Int32Array(width); // which key a column of pixels shows
    for (let i = 0, j = 0; i < width; i++) {
      const x = chart.x0 + ((i + 0.5) / width) * (chart.x1 - chart.x0);
      while (j + 1 < n && Math.abs(keys[j + 1] - x) <= Math.abs(keys[j] - x)) j++;
      columns[i] = j;
    }
    for (let q = 0; q < queries.length; q++) {
      const from = q * n;
      const to = (queries.length - 1 - q) * width; // queries rise from the bottom
      const empty = Number.isNaN(weights[from]);
      for (let i = 0; i < width; i++) {
        const share = Math.sqrt(weights[from + columns[i]] / top);
        this.pixels[to + i] = empty ? 0 : map[Math.min(share * 256, 255) | 0];
      }
    }
    this.context.putImageData(this.data, 0, 0);
  }

  draw(chart, model, look, { key }) {
    const { keys, queries, estimates, x } = model;
    const { context: c } = chart;
    const { left, top, width, height } = chart.box;
    const half = (queries[1] - queries[0]) / 2;
    chart.clear(look, "key x", "query x", { grid: false });
    c.imageSmoothingEnabled = false; // exact cells: no colour between two neighbours
    c.drawImage(this.#image, left, top, width, height);
    c.fillStyle = look.ink;
    c.textAlign = "center";
    for (const [first, last] of gaps(estimates)) {
      const low = chart.py(queries[first] - half);
      const high = chart.py(queries[last] + half);
      if (low - high > 14) c.fillText(GAP, left + width / 2, (low + high) / 2 + 4);
    }
    const outline = (x, y, w, h) => {
      ON_HEATMAP.forEach((colour, i) => {
        c.strokeStyle = colour;
        c.lineWidth = i ? 1.25 : 3.5;
        c.strokeRect(x, y, w, h);
      });
    };
    if (keys[key] !== undefined) {
      const low = key > 0 ? (keys[key - 1] + keys[key]) / 2 : chart.x0;
      const high = key + 1 < keys.length ? (keys[key] + keys[key + 1]) / 2 : chart.x1;
      c.globalAlpha = 0.8;
      outline(chart.px(low), top, Math.max(chart.px(high) - chart.px(low), 1), height);
      c.globalAlpha = 1;
    }
    const rowHeight = Math.max(chart.py(x - half) - chart.py(x + half), 3);
    outline(left, chart.py(x) - rowHeight / 2 - 1, width, rowHeight + 2);
    const at = chart.py(x);
    triangle(c, look.purple, [left, at], [left - 7, at - 5], [left - 7, at + 5]);
  }
}
