/** The left picture: points sized by weight, the curves, the query and its answer. */

import { GAP, gaps, triangle } from "./chart.js";

/** @import { Chart } from "./chart.js" */
/** @import { Model } from "./model.js" */
/** @import { Look, Part, State } from "./types.d.ts" */

export const DASHES = [8, 6]; // of the truth

/**
 * @param {Chart} chart
 * @param {Model} model
 * @param {Look} look
 * @param {State} state
 * @param {number} selected index of the point being edited, or -1
 * @param {Part} [part] the scene's
 */
export function drawData(chart, model, look, { key, pinned }, selected, part) {
  const { context: c, box: { left, top, width, height } } = chart;
  const shows = (/** @type {string} */ layer) => !part?.hides?.includes(layer);
  chart.clear(look, "x", "y", { grid: true });
  if (shows("query")) markQuery(chart, model, look, pinned);
  c.save();
  c.beginPath();
  c.rect(left, top, width, height);
  c.clip();
  const runs = gaps(model.estimates);
  if (shows("estimate")) shadeGaps(chart, model, look, runs);
  if (shows("query")) drawQuery(chart, model, look, !part?.rule);
  if (shows("truth")) drawTruth(chart, model, look);
  drawPoints(chart, model, look, shows("query"));
  ring(chart, model, look, key, 3);
  ring(chart, model, look, selected, 6);
  part?.paint?.(chart, model, look);
  if (shows("estimate")) {
    chart.curve(model.queries, model.estimates, look.colours.orange, 2.25);
    nameGap(chart, model, look, runs);
  }
  if (shows("query")) drawAnswer(chart, model, look);
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

/** A mark over the query's line: its head is round while the query is pinned.
 * @type {(chart: Chart, model: Model, look: Look, pinned: boolean) => void} */
function markQuery(chart, { x }, { colours }, pinned) {
  const { context: c, box: { top } } = chart;
  const at = chart.px(x);
  if (!pinned) {
    return triangle(c, colours.purple, [at, top], [at - 5, top - 7], [at + 5, top - 7]);
  }
  c.fillStyle = colours.purple;
  c.beginPath();
  c.arc(at, top - 3, 5, 0, 2 * Math.PI);
  c.fill();
}

/** The query's line, and the kernel centred on it: a bump along the floor.
 * @type {(chart: Chart, model: Model, look: Look, bump: boolean) => void} */
function drawQuery(chart, model, look, bump) {
  const { context: c, box: { top, height } } = chart;
  const { colours, lecture } = look;
  const [at, floor] = [chart.px(model.x), top + height];
  if (bump) drawKernel(chart, model, look);
  c.strokeStyle = colours.purple;
  c.lineWidth = lecture ? 3 : 1.5;
  if (lecture) [c.shadowColor, c.shadowBlur] = [colours.purple, 18];
  c.beginPath();
  c.moveTo(at, top);
  c.lineTo(at, floor);
  c.stroke();
  c.shadowBlur = 0;
}

/** @type {(chart: Chart, model: Model, look: Look) => void} */
function drawKernel(chart, { view, kernel, x }, look) {
  const { context: c, box: { left, top, width, height }, xRange: [low, high] } = chart;
  const { colours } = look;
  const [at, floor] = [chart.px(x), top + height];
  c.beginPath();
  c.moveTo(left, floor);
  for (let i = left; i <= left + width; i++) {
    const offset = ((i - at) / width) * (high - low);
    const u = Math.abs(offset) / view.sigma;
    c.lineTo(i, floor - 0.2 * height * kernel.of(u));
  }
  c.lineTo(left + width, floor);
  c.fillStyle = c.strokeStyle = colours.purple;
  c.lineWidth = 1;
  c.globalAlpha = 0.12;
  c.fill();
  c.globalAlpha = 0.8;
  c.stroke();
  c.globalAlpha = 1;
  // Its name stands beside the line, on the side that has more room.
  const word = `${kernel.label} kernel`;
  const onLeft = at > left + width / 2;
  c.textAlign = onLeft ? "right" : "left";
  writeWord(
    chart,
    look,
    colours.purple,
    word,
    at + (onLeft ? -6 : 6),
    floor - 0.2 * height - 5,
  );
}

/** @type {(chart: Chart, model: Model, look: Look) => void} */
function drawTruth(chart, { payload: { truth } }, { colours: { muted } }) {
  if (!truth) return;
  const xs = truth.y.map((_, i) => truth.start + i * truth.step);
  chart.curve(xs, truth.y, muted, 2, DASHES);
}

/** A point's radius: its area is a fixed dot plus its share of the attention.
 * @type {(model: Model, weight: number) => number} */
const radius = ({ payload: { pointArea: { least, perWeight } } }, weight) =>
  Math.sqrt(least + perWeight * weight) / 2;

/** @type {(chart: Chart, model: Model, look: Look, weighed: boolean) => void} */
function drawPoints(chart, model, { colours }, weighed) {
  const { context: c } = chart;
  const { points } = model;
  const row = weighed ? model.row : new Float64Array(points.length).fill(0.05);
  const heaviest = row.reduce((a, b) => Math.max(a, b), 0) || 1;
  c.fillStyle = colours.blue;
  points.forEach((point, j) => {
    const weight = row[j] || 0;
    c.globalAlpha = 0.4 + 0.45 * (weight / heaviest);
    c.beginPath();
    const size = radius(model, weight) * chart.bold;
    c.arc(chart.px(point.x), chart.py(point.y), size, 0, 2 * Math.PI);
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
  const size = radius(model, model.row[index] || 0) * chart.bold + room;
  c.arc(chart.px(point.x), chart.py(point.y), size, 0, 2 * Math.PI);
  c.stroke();
}

/** A word in the widest gap.
 * @type {(chart: Chart, model: Model, look: Look, runs: Runs) => void} */
function nameGap(chart, { queries }, look, runs) {
  if (!runs.length) return;
  const { context: c, box: { left, top, width } } = chart;
  const [first, last] = runs.reduce((a, b) => (b[1] - b[0] > a[1] - a[0] ? b : a));
  c.textAlign = "center";
  const room = c.measureText(GAP).width / 2 + 4;
  const middle = chart.px((queries[first] + queries[last]) / 2);
  const word = Math.min(Math.max(middle, left + room), left + width - room);
  writeWord(chart, look, look.colours.ink, GAP, word, top + look.size + 2);
}

/** A word on the picture, with a rim of paper.
 * @type {(chart: Chart, look: Look, colour: string, word: string, x: number, y: number) => void} */
export function writeWord({ context: c }, { colours }, colour, word, x, y) {
  c.fillStyle = colour;
  c.strokeStyle = colours.paper;
  c.lineWidth = 4;
  c.lineJoin = "round";
  c.strokeText(word, x, y);
  c.fillText(word, x, y);
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
