/** The left picture: points sized by weight, the curves, the query and its answer. */

import { similarity } from "./attention.js";
import { GAP, gaps, triangle } from "./chart.js";

/** @import { Chart } from "./chart.js" */
/** @import { Model } from "./model.js" */
/** @import { Look } from "./types.d.ts" */

/**
 * @param {Chart} chart
 * @param {Model} model
 * @param {Look} look
 * @param {number} key index of the key pointed at, or -1
 * @param {number} selected index of the point being edited, or -1
 */
export function drawData(chart, model, look, key, selected) {
  const { context: c, box: { left, top, width, height } } = chart;
  const { colours } = look;
  chart.clear(look, "x", "y", { grid: true });
  const at = chart.px(model.x);
  triangle(c, colours.purple, [at, top], [at - 5, top - 7], [at + 5, top - 7]);
  c.save();
  c.beginPath();
  c.rect(left, top, width, height);
  c.clip();
  const runs = gaps(model.estimates);
  shadeGaps(chart, model, look, runs);
  drawQuery(chart, model, look);
  drawTruth(chart, model, look);
  drawPoints(chart, model, look);
  ring(chart, model, look, key, 3);
  ring(chart, model, look, selected, 6);
  drawEstimate(chart, model, look);
  nameGap(chart, model, look, runs);
  drawAnswer(chart, model, look);
  c.restore();
}

/** @typedef {[first: number, last: number][]} Runs of queries without an answer */

/** @type {(chart: Chart, model: Model, look: Look, runs: Runs) => void} */
function shadeGaps(chart, { queries }, { colours }, runs) {
  const { context: c, box: { top, height } } = chart;
  const half = (queries[1] - queries[0]) / 2;
  c.fillStyle = colours.muted;
  c.globalAlpha = 0.14;
  for (const [first, last] of runs) {
    const left = chart.px(queries[first] - half);
    c.fillRect(left, top, chart.px(queries[last] + half) - left, height);
  }
  c.globalAlpha = 1;
}

/** The query's line, and the kernel centred on it: a bump along the floor.
 * @type {(chart: Chart, model: Model, look: Look) => void} */
function drawQuery(chart, { view, x }, { colours }) {
  const { context: c, box: { left, top, width, height }, xRange: [low, high] } = chart;
  const [at, floor] = [chart.px(x), top + height];
  c.beginPath();
  c.moveTo(left, floor);
  for (let i = left; i <= left + width; i++) {
    const offset = ((i - at) / width) * (high - low);
    const u = Math.abs(offset) / view.sigma;
    c.lineTo(i, floor - 0.2 * height * similarity(view.kernel, u));
  }
  c.lineTo(left + width, floor);
  c.fillStyle = c.strokeStyle = colours.purple;
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
}

/** @type {(chart: Chart, model: Model, look: Look) => void} */
function drawTruth(chart, { payload: { truth } }, { colours }) {
  const { context: c } = chart;
  c.strokeStyle = colours.muted;
  c.lineWidth = 2;
  c.setLineDash([8, 6]);
  chart.path(truth.y.map((_, i) => truth.start + i * truth.step), truth.y);
  c.stroke();
  c.setLineDash([]);
}

/** A point's radius: its area is a fixed dot plus its share of the attention.
 * @type {(model: Model, weight: number) => number} */
const radius = ({ payload: { pointArea: { least, perWeight } } }, weight) =>
  Math.sqrt(least + perWeight * weight) / 2;

/** @type {(chart: Chart, model: Model, look: Look) => void} */
function drawPoints(chart, model, { colours }) {
  const { context: c } = chart;
  const { points, row } = model;
  const heaviest = row.reduce((a, b) => Math.max(a, b), 0) || 1;
  c.fillStyle = colours.blue;
  points.forEach((point, j) => {
    const weight = row[j] || 0;
    c.globalAlpha = 0.4 + 0.45 * (weight / heaviest);
    c.beginPath();
    c.arc(chart.px(point.x), chart.py(point.y), radius(model, weight), 0, 2 * Math.PI);
    c.fill();
  });
  c.globalAlpha = 1;
}

/** A ring around a point, with some room between.
 * @type {(chart: Chart, model: Model, look: Look, index: number, room: number) => void} */
function ring(chart, model, { colours }, index, room) {
  const { context: c } = chart;
  const point = model.points[index];
  if (!point) return;
  c.strokeStyle = colours.ink;
  c.lineWidth = 2;
  c.beginPath();
  const size = radius(model, model.row[index] || 0) + room;
  c.arc(chart.px(point.x), chart.py(point.y), size, 0, 2 * Math.PI);
  c.stroke();
}

/** @type {(chart: Chart, model: Model, look: Look) => void} */
function drawEstimate(chart, { queries, estimates }, { colours }) {
  const { context: c } = chart;
  c.strokeStyle = colours.orange;
  c.lineWidth = 2.25;
  c.lineJoin = "round";
  chart.path(queries, estimates);
  c.stroke();
}

/** A word in the widest gap.
 * @type {(chart: Chart, model: Model, look: Look, runs: Runs) => void} */
function nameGap(chart, { queries }, { colours }, runs) {
  if (!runs.length) return;
  const { context: c, box: { left, top, width } } = chart;
  const [first, last] = runs.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a));
  c.fillStyle = colours.ink;
  c.textAlign = "center";
  const room = c.measureText(GAP).width / 2 + 4;
  const middle = chart.px((queries[first] + queries[last]) / 2);
  const word = Math.min(Math.max(middle, left + room), left + width - room);
  c.strokeStyle = colours.paper;
  c.lineWidth = 5;
  c.strokeText(GAP, word, top + 14);
  c.fillText(GAP, word, top + 14);
}

/** @type {(chart: Chart, model: Model, look: Look) => void} */
function drawAnswer(chart, { x, estimate }, { colours }) {
  if (Number.isNaN(estimate)) return;
  const { context: c } = chart;
  c.translate(chart.px(x), chart.py(estimate));
  c.rotate(Math.PI / 4);
  c.fillStyle = colours.purple;
  c.strokeStyle = colours.paper;
  c.lineWidth = 1.5;
  c.beginPath();
  c.rect(-5, -5, 10, 10);
  c.fill();
  c.stroke();
}
