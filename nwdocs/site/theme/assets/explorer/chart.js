/** A canvas with an x and a y axis in data units. */

import { niceStep } from "./numbers.js";

/** @import { Interval, Look, Place, Row } from "./types.d.ts" */

export const GAP = "no key in reach";
const TICKS = 7; // of an axis, at most

export class Chart {
  width = 0;
  height = 0;
  scale = 1;
  size = 12; // of words, in CSS pixels
  #digits = 1; // of the longest number at the y axis
  /** @type {Interval} */
  xRange = [0, 1];
  /** @type {Interval} */
  yRange = [0, 1];
  box = { left: 0, top: 9, width: 1, height: 1 }; // of the plot, in CSS pixels

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /** Take the canvas's size on the page, at the screen's resolution. */
  fit() {
    const { canvas } = this;
    const scale = globalThis.devicePixelRatio || 1;
    [this.width, this.height, this.scale] = [
      canvas.clientWidth,
      canvas.clientHeight,
      scale,
    ];
    canvas.width = Math.round(this.width * scale);
    canvas.height = Math.round(this.height * scale);
    this.#place();
  }

  /** Make room for the numbers at the y axis. */
  measure() {
    this.#digits = Math.max(...ticks(this.yRange).map((y) => label(y).length));
    this.#place();
  }

  #place() {
    const { box, size } = this;
    box.left = Math.round(size * (2.2 + 0.6 * this.#digits));
    box.width = Math.max(this.width - box.left - 10, 1);
    box.height = Math.max(this.height - box.top - Math.round(3 * size), 1);
  }

  /** Data units to CSS pixels and back.
   * @param {number} x */
  px(x) {
    const [low, high] = this.xRange;
    return this.box.left + ((x - low) / (high - low)) * this.box.width;
  }

  /** @param {number} y */
  py(y) {
    const [low, high] = this.yRange;
    return this.box.top + ((high - y) / (high - low)) * this.box.height;
  }

  /** Where on the canvas the pointer is, in the canvas's own pixels: a slide is zoomed.
   * @type {(event: MouseEvent) => [number, number]} */
  pixel(event) {
    const frame = this.canvas.getBoundingClientRect();
    const zoom = this.canvas.currentCSSZoom ?? 1; // not known to older browsers
    return [(event.clientX - frame.left) / zoom, (event.clientY - frame.top) / zoom];
  }

  /** @type {(event: MouseEvent) => Place} */
  at(event) {
    const [x, y] = this.pixel(event);
    const { left, top, width, height } = this.box;
    const across = (x - left) / width;
    const up = 1 - (y - top) / height;
    const [[x0, x1], [y0, y1]] = [this.xRange, this.yRange];
    return { x: x0 + across * (x1 - x0), y: y0 + up * (y1 - y0) };
  }

  /** How much larger marks are than on a page: words that are read from afar are large. */
  get bold() {
    return Math.sqrt(this.size / 12);
  }

  /** An empty plot: grid lines, or else ticks outside the box.
   * @param {Look} look
   * @param {string} xLabel
   * @param {string} yLabel
   * @param {{grid: boolean}} options */
  clear({ font, size, colours }, xLabel, yLabel, { grid }) {
    const { context: c, scale } = this;
    if (size !== this.size) {
      this.size = size;
      this.#place();
    }
    const { left, top, width, height } = this.box;
    c.setTransform(scale, 0, 0, scale, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    c.font = `${size - 1}px ${font}`;
    c.lineWidth = 1;
    c.strokeStyle = grid ? colours.grid : colours.muted;
    c.fillStyle = colours.ink;
    c.textAlign = "center";
    for (const x of ticks(this.xRange)) {
      const at = Math.round(this.px(x)) + 0.5;
      line(c, at, top + (grid ? 0 : height), 0, grid ? height : 4);
      c.fillText(label(x), at, top + height + 1.3 * size);
    }
    c.textAlign = "right";
    for (const y of ticks(this.yRange)) {
      const at = Math.round(this.py(y)) + 0.5;
      line(c, grid ? left : left - 4, at, grid ? width : 4, 0);
      c.fillText(label(y), left - 9, at + size / 3);
    }
    c.fillStyle = colours.muted;
    c.font = `${size}px ${font}`;
    c.textAlign = "center";
    c.fillText(xLabel, left + width / 2, top + height + 2.6 * size);
    c.save();
    c.translate(0.85 * size, top + height / 2);
    c.rotate(-Math.PI / 2);
    c.fillText(yLabel, 0, 0);
    c.restore();
  }

  /** Lines through (xs, ys), broken where y is NaN.
   * @type {(xs: Row, ys: Row, colour: string, width: number, dash?: number[]) => void} */
  curve(xs, ys, colour, width, dash = []) {
    const { context: c } = this;
    c.strokeStyle = colour;
    c.lineWidth = width * this.bold;
    c.lineJoin = "round";
    c.setLineDash(dash);
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
    c.stroke();
    c.setLineDash([]);
  }
}

/** @type {(c: CanvasRenderingContext2D, x: number, y: number, dx: number, dy: number) => void} */
function line(c, x, y, dx, dy) {
  c.beginPath();
  c.moveTo(x, y);
  c.lineTo(x + dx, y + dy);
  c.stroke();
}

/** @param {Interval} range */
function ticks([low, high]) {
  const step = niceStep(high - low, TICKS);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** A short word for a tick: its digits, or thousands and millions.
 * @param {number} tick */
function label(tick) {
  const value = Number(tick.toPrecision(6));
  const [unit, sign] = Math.abs(value) >= 1e6 ? [1e6, "M"] : [1e3, "k"];
  const said = Math.abs(value) >= 1e4 ? `${value / unit}${sign}` : String(value);
  return said.replace("-", "−");
}

/** A filled triangle, as marks the query on an axis.
 * @param {CanvasRenderingContext2D} c
 * @param {string} colour
 * @param {[x: number, y: number][]} corners */
export function triangle(c, colour, ...corners) {
  c.fillStyle = colour;
  c.beginPath();
  for (const [x, y] of corners) c.lineTo(x, y);
  c.fill();
}

/** Runs of queries that no key reaches, as [first, last] of their indices.
 * @param {Row} estimates */
export function gaps(estimates) {
  /** @type {[first: number, last: number][]} */
  const runs = [];
  for (let i = 0; i < estimates.length; i++) {
    if (!Number.isNaN(estimates[i])) continue;
    const run = runs.at(-1);
    if (run?.[1] === i - 1) run[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}
