/** The explorable's markup, for its shadow root. */

import { kernelOf } from "./attention.js";
import { along } from "./numbers.js";
import { SCENES } from "./scenes.js";
import { style } from "./style.js";

/** @import { Formula, Interval, Parts, Payload } from "./types.d.ts" */

/** @param {Formula} formula */
const icon = (formula) => {
  const kernel = kernelOf("", formula);
  const points = Array.from({ length: 57 }, (_, i) => {
    const height = kernel.of(Math.abs(i - 28) / 14);
    return `${i / 2 + 2},${(12 - 10 * height).toFixed(1)}`;
  });
  return `<svg viewBox="0 0 32 14" aria-hidden="true"><polyline points="${
    points.join(" ")
  }"/></svg>`;
};

/** @type {(payload: Payload) => string} */
const kernels = ({ kernels, first }) =>
  Object.entries(kernels).map(([name, { label, formula }]) =>
    `<label${
      first.includes(name) ? "" : ' class="rare"'
    }><input class="unseen" type="radio" name="kernel" value="${name}"><span>${
      icon(formula)
    }${label}</span></label>`
  ).join("");

/** @type {(h: number, limits: Interval) => string} */
const mark = (h, limits) =>
  `<button data-sigma="${h}" style="--at:${
    along(h, limits)
  }" aria-label="σ = ${h}">${h}</button>`;

/** @type {(name: string, label: string, help: string) => string} */
const tile = (name, label, help) =>
  `<div><dt>${label}</dt><dd data-out="${name}"></dd><dd class="help">${help}</dd></div>`;

/** @param {string[]} controls */
const scenes = (controls) =>
  Object.entries(SCENES).filter(([name]) => !name || controls.includes(name)).map((
    [name, { label }],
  ) => `<button data-scene="${name}">${label}</button>`).join("");

/** The whole interface for a payload; ids and names stay inside the shadow root.
 * @type {(payload: Payload) => string} */
export function markup(payload) {
  const { colours, controls, bandwidths, limits, truth } = payload;
  const has = (/** @type {boolean | string} */ shown) =>
    (typeof shown === "string" ? controls.includes(shown) : shown) ? "" : " hidden";
  const several = Object.keys(SCENES).some((name) => name && controls.includes(name));
  return `
${style}
<div class="app" tabindex="-1">
  <nav class="scenes row" aria-label="What to do with the picture"${has(several)}>${
    scenes(controls)
  }</nav>
  <section class="data" aria-label="Data">
    <ul class="key"><li class="dot">value<span>, by weight</span><li class="line">estimate${
    truth ? '<li class="dash">truth' : ""
  }<li class="diamond">answer</ul>
    <canvas data-view="data" role="slider" tabindex="0" aria-label="Query"></canvas>
  </section>
  <section class="weights" aria-label="Weights"${has("weights")}>
    <div class="key" style="flex-wrap:nowrap;white-space:nowrap">weight 0 <i style="flex:0 1 120px;height:10px;background:linear-gradient(90deg,${colours.map.join()})"></i> <span data-out="top"></span></div>
    <canvas data-view="weights" role="slider" tabindex="0" aria-label="Key"></canvas>
  </section>
  <div class="scene" data-slot="scene" hidden></div>
  <div class="dial"${has("bandwidth")}>
    <dl>
      ${
    tile(
      "sigma",
      "Bandwidth σ",
      '<span data-out="reach">reach of attention</span>',
    )
  }
      ${
    truth
      ? tile(
        "rmse",
        "Error to the truth",
        '<span data-out="unanswered">from curve to dashes (RMSE)</span>',
      )
      : ""
  }
      ${
    tile(
      "loo",
      "Leave-one-out error",
      '<span data-out="alone">points guessed from the others</span>',
    )
  }
    </dl>
    <div class="scale">
      <button class="best" data-do="best">least leave-one-out error: σ&nbsp;=&nbsp;<span data-out="best"></span></button>
      <input id="sigma" type="range" min="0" max="1" step="0.005" aria-label="Bandwidth σ">
      <div class="marks">${bandwidths.map((h) => mark(h, limits.sigma)).join("")}</div>
    </div>
  </div>
  <section class="guide" aria-label="Guided steps" data-slot="guide"${
    has("steps")
  }></section>
  <div class="kernels"${has("kernels")}>
    <fieldset class="row"><legend class="unseen">Kernel</legend>${
    kernels(payload)
  }</fieldset>
    <button data-do="more" aria-expanded="false">More</button>
  </div>
  <div class="more" data-slot="more" hidden></div>
  <p class="sum" data-out="sum"></p>
  <p class="cell" data-out="cell"${has("weights")}></p>
  <dl class="tiles">
    ${tile("answer", "Answer", '<span data-out="truth"></span>')}
    ${
    tile(
      "effective",
      "Effective keys",
      '<span data-out="of"></span>',
    )
  }
  </dl>
  <div class="foot">
    <button data-do="link">Copy link</button>
    <button data-do="code" aria-expanded="false">As code</button>
    <button data-do="embed"${has(Boolean(truth))}>Embed</button>
    <button data-do="lecture"${has("steps")}>Lecture</button>
    <button data-do="reset">Reset</button>
    <div data-slot="share"></div>
  </div>
  <div class="unseen" role="status" data-out="status"></div>
</div>
<slot></slot>`;
}

/** What markup is made of, by name.
 * @type {(root: ParentNode) => Parts} */
export function partsOf(root) {
  const all = (/** @type {string} */ selector) => [...root.querySelectorAll(selector)];
  const parts = {
    app: root.querySelector(".app"),
    sigma: root.querySelector("#sigma"),
    kernels: all("[name=kernel]"),
    scenes: all("[data-scene]"),
    marks: all("[data-sigma]"),
    out: namedIn(root, "out"),
    button: namedIn(root, "do"),
    slot: namedIn(root, "slot"),
    picture: namedIn(root, "view"),
  };
  return /** @type {any} */ (parts);
}

/** Elements by what they say in an attribute data-….
 * @type {(root: ParentNode, data: string) => Record<string, any>} */
export const namedIn = (root, data) =>
  Object.fromEntries(
    /** @type {HTMLElement[]} */ ([...root.querySelectorAll(`[data-${data}]`)]).map((
      node,
    ) => [node.dataset[data], node]),
  );
