/** The explorable's markup, for its shadow root. */

import { similarity } from "./attention.js";
import { along } from "./numbers.js";
import { style } from "./style.js";

/** @import { Interval, Parts, Payload, Step } from "./types.d.ts" */

/** @param {string} kernel */
const icon = (kernel) => {
  const points = Array.from({ length: 57 }, (_, i) => {
    const height = similarity(kernel, Math.abs(i - 28) / 14);
    return `${i / 2 + 2},${(12 - 10 * height).toFixed(1)}`;
  });
  return `<svg viewBox="0 0 32 14" aria-hidden="true"><polyline points="${
    points.join(" ")
  }"/></svg>`;
};

/** @type {(step: Step, i: number) => string} */
const step = ({ title }, i) =>
  `<button data-step="${i + 1}">${i + 1}<span> ${title}</span></button>`;

/** @type {(kernel: [name: string, {label: string}]) => string} */
const choice = ([name, { label }]) =>
  `<label><input type="radio" name="kernel" value="${name}"><span>${
    icon(name)
  }${label}</span></label>`;

/** @type {(h: number, limits: Interval) => string} */
const mark = (h, limits) =>
  `<button data-sigma="${h}" style="--at:${
    along(h, limits)
  }" aria-label="σ = ${h}">${h}</button>`;

const TILES = {
  effective: "Effective keys",
  answer: "Answer",
  rmse: "Error to the truth",
  loo: "Leave-one-out error",
};

/** @param {string[]} tile */
const tile = ([name, label]) =>
  `<div><dt>${label}</dt><dd data-out="${name}"></dd></div>`;

/** @type {(axis: string, limits: Interval) => string} */
const coordinate = (axis, [low, high]) =>
  `<label>${axis} <input data-edit="${axis}" type="number" step="0.1" min="${low}" max="${high}"></label>`;

/** @type {(name: string, label: string, limits: Interval, by: number) => string} */
const slider = (name, label, [low, high], by) =>
  `<label>${label} <span data-out="${name}"></span><input data-field="${name}" type="range" min="${low}" max="${high}" step="${by}"></label>`;

/** The whole interface for a payload; ids and names stay inside the shadow root.
 * @type {(payload: Payload) => string} */
export const markup = ({ kernels, bandwidths, steps, limits, colours }) => `
<style>${style}</style>
<div class="app">
  <section class="steps" aria-label="Try this">
    <strong>Try this</strong>
    ${steps.map(step).join("")}
    <p data-out="step"></p>
  </section>
  <fieldset class="kernels">
    <legend class="unseen">Kernel</legend>
    ${Object.entries(kernels).map(choice).join("")}
  </fieldset>
  <div class="width">
    <label for="sigma">Bandwidth <b>σ = <span data-out="sigma"></span></b></label>
    <div class="scale">
      <button class="best" data-do="best">least leave-one-out error: σ = <span data-out="best"></span></button>
      <input id="sigma" type="range" min="0" max="1" step="0.005">
      <div class="marks">${bandwidths.map((h) => mark(h, limits.sigma)).join("")}</div>
    </div>
  </div>
  <div class="views">
    <section aria-label="Data">
      <ul class="key"><li class="dot">value, by weight<li class="line">estimate<li class="dash">truth<li class="diamond">answer</ul>
      <canvas data-view="data" role="slider" tabindex="0" aria-label="Query"></canvas>
      <p data-out="sum"></p>
    </section>
    <section aria-label="Weights">
      <div class="key bar">weight 0 <i style="background:linear-gradient(90deg,${colours.map.join()})"></i> <span data-out="top"></span></div>
      <canvas data-view="weights" role="slider" tabindex="0" aria-label="Key"></canvas>
      <p data-out="cell"></p>
    </section>
  </div>
  <dl>
    ${Object.entries(TILES).map(tile).join("")}
  </dl>
  <div class="sample">
    ${slider("noise", "Noise", limits.noise, 0.1)}
    ${slider("points", "Points", limits.points, 1)}
    <span>
      <button data-do="sample">New sample</button>
      <button data-do="edit" aria-controls="edit">Edit points</button>
      <button data-do="reset">Reset</button>
    </span>
  </div>
  <div class="edit" id="edit" role="group" aria-label="Edit points" hidden>
    <p>Drag a point to move it; press an empty spot to add one.</p>
    <span>
      <button data-do="previous" aria-label="Previous point">‹</button>
      <span data-out="selected"></span>
      <button data-do="next" aria-label="Next point">›</button>
    </span>
    <span>${coordinate("x", limits.x)}${coordinate("y", limits.y)}</span>
    <span>
      <button data-do="remove">Remove</button>
      <button data-do="add">Add at the query</button>
    </span>
  </div>
  <div class="unseen" role="status" data-out="status"></div>
</div>
<slot></slot>`;

/** What the markup is made of, by name.
 * @type {(root: ShadowRoot) => Parts} */
export function partsOf(root) {
  const all = (/** @type {string} */ selector) => [...root.querySelectorAll(selector)];
  const named = (/** @type {string} */ data) => {
    const nodes = /** @type {HTMLElement[]} */ (all(`[data-${data}]`));
    return Object.fromEntries(nodes.map((node) => [node.dataset[data], node]));
  };
  const parts = {
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
  return /** @type {any} */ (parts);
}
