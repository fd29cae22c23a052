/** From kernel to transformer: the same picture, one control at a time. */

import { attend, effectiveKeys } from "./attention.js";
import { namedIn } from "./markup.js";
import { text } from "./numbers.js";
import { interpolate } from "./sample.js";
import { DASHES } from "./scatter.js";
import {
  DIMENSIONS,
  MOST_TURN,
  readSetting,
  score,
  softmax,
  turnLoss,
  vectors,
  writeSetting,
} from "./scores.js";

/** @import { Live } from "./live.js" */
/** @import { Part, Row } from "./types.d.ts" */
/** @import { Model } from "./model.js" */
/** @import { Setting, Vectors } from "./scores.js" */

const AHEAD = 45; // degrees: where the answer is that the turn can learn

/** @type {Record<Setting["stage"], Setting>} how each stage begins */
const BEGIN = {
  bias: { stage: "bias", on: true },
  dimensions: { stage: "dimensions", d: 1, on: true },
  turn: { stage: "turn", angle: 0 },
};

/** @type {(live: Live, slot: HTMLElement) => Part} */
export function attach(live, slot) {
  const { payload: { domain, truth } } = live;
  const ahead = AHEAD / 180 * (domain[1] - domain[0]); // the same, along x
  slot.innerHTML = `
<style>
.dots { display: grid; gap: 8px; border: solid var(--nw-grid); border-width: 1px 0; padding: 10px 0 }
.dots .row { flex-wrap: wrap; align-items: center }
.dots label { display: inline-flex; gap: 6px; align-items: center; min-height: var(--tap) }
.dots [type=checkbox] { width: 18px; height: 18px; accent-color: var(--nw-blue) }
.dots output { display: block; font-family: monospace; font-size: .95em }
.dots [type=range] { width: 12em }
.dots p { min-height: 4.2em }
.narrow .dots p { min-height: 7em }
</style>
<div class="dots">
<div class="row"><button data-stage="bias">1 The same weights</button><button data-stage="dimensions">2 Dimensions</button><button data-stage="turn">3 A turn of the query</button></div>
<output data-say="formula"></output>
<div class="row" data-set="bias"><label><input type="checkbox" data-turn="bias"> key-norm bias</label></div>
<div class="row" data-set="dimensions">dimensions d: ${
    DIMENSIONS.map((d) => `<button data-d="${d}">${d}</button>`).join("")
  }<label><input type="checkbox" data-turn="root"> divide by √d</label></div>
<div class="row" data-set="turn"><label>turn <input type="range" data-turn="angle" min="${-MOST_TURN}" max="${MOST_TURN}" step="1"> <span data-say="angle"></span></label><button data-press="learn">Learn it</button></div>
<p data-say="words"></p>
</div>`;
  const [say, stage, set, turn, d] = ["say", "stage", "set", "turn", "d"].map((name) =>
    namedIn(slot, name)
  );
  const { learn } = namedIn(slot, "press");

  /** @type {(setting: Setting, name: string) => void} */
  const go = (setting, name) =>
    live.dispatch({ type: "detail", detail: writeSetting(setting), name });
  const now = () => readSetting(live.state.view.detail);
  for (const name of /** @type {Setting["stage"][]} */ (Object.keys(stage))) {
    stage[name].addEventListener("click", () => go(BEGIN[name], `stage ${name}`));
  }
  const dimensions = () => {
    const setting = now();
    return setting.stage === "dimensions"
      ? setting
      : /** @type {Extract<Setting, {stage: "dimensions"}>} */ (BEGIN.dimensions);
  };
  for (const node of Object.values(d)) {
    node.addEventListener("click", () =>
      go(
        { ...dimensions(), d: Number(node.dataset.d) },
        `d ${node.dataset.d}`,
      ));
  }
  turn.bias.addEventListener(
    "input",
    () => go({ stage: "bias", on: turn.bias.checked }, `bias ${turn.bias.checked}`),
  );
  turn.root.addEventListener(
    "input",
    () => go({ ...dimensions(), on: turn.root.checked }, `root ${turn.root.checked}`),
  );
  turn.angle.addEventListener(
    "input",
    () => go({ stage: "turn", angle: Number(turn.angle.value) }, "turn"),
  );

  /** What the answers should be when the turn is learned; NaN where there is no truth.
   * @param {Row} queries */
  const wanted = (queries) =>
    Float64Array.from(
      queries,
      (x) => truth && x + ahead <= domain[1] ? interpolate(truth, x + ahead) : NaN,
    );

  // Gradient descent on the turn, a step a frame, where a reader can see it.
  learn.addEventListener("click", () => {
    let [steps, last] = [0, ""];
    const step = () => {
      const setting = now();
      if (setting.stage !== "turn" || (last && live.state.view.detail !== last)) return;
      const { queries, keys, values } = live.model;
      const { sigma } = live.state.view;
      const made = vectors(setting, queries, keys, sigma, domain);
      const { slope } = turnLoss(made, values, wanted(queries));
      const by = Math.min(Math.max(-8 * slope, -4), 4);
      const angle = Number((setting.angle + by).toFixed(2));
      last = writeSetting({ stage: "turn", angle });
      if (Math.abs(angle) > MOST_TURN || ++steps > 90 || Math.abs(by) < 0.02) return;
      go({ stage: "turn", angle }, "learn");
      requestAnimationFrame(step);
    };
    step();
  });

  /** @type {Vectors} */
  let made;
  return {
    get hides() {
      const { stage } = now();
      return ["kernels", "more", "errors", "guide"].concat(
        stage === "bias" ? [] : "truth",
        stage === "dimensions" ? "dial" : [],
      );
    },
    rule(view, model) {
      const setting = readSetting(view.detail);
      made = vectors(setting, model.queries, model.keys, view.sigma, domain);
      const n = model.keys.length;
      return (query, weights, start) => {
        score(made, query, weights, start);
        softmax(weights, start, n);
      };
    },
    paint(chart, { queries }, { colours }) {
      if (now().stage !== "turn") return;
      chart.curve(queries, wanted(queries), colours.muted, 2, DASHES);
    },
    write(model) {
      const setting = now();
      for (const [name, node] of Object.entries(stage)) {
        node.setAttribute("aria-pressed", String(name === setting.stage));
        set[name].hidden = name !== setting.stage;
      }
      const [formula, words] = describe(setting, model);
      say.formula.textContent = formula;
      say.words.textContent = words;
      if (setting.stage === "bias") turn.bias.checked = setting.on;
      if (setting.stage === "dimensions") {
        turn.root.checked = setting.on;
        for (const node of Object.values(d)) {
          node.setAttribute(
            "aria-pressed",
            String(Number(node.dataset.d) === setting.d),
          );
        }
      }
      if (setting.stage === "turn") {
        turn.angle.value = String(setting.angle);
        say.angle.textContent = `${text(setting.angle, 0)}°`;
      }
    },
    snapshot() {
      const { d, queries, keys, scale, bias } = made;
      return {
        setting: now(),
        d,
        scale,
        queries: queries.slice(),
        keys: keys.slice(),
        bias: bias.slice(),
      };
    },
  };

  /** The formula, and what to see.
   * @type {(setting: Setting, model: Model) => [formula: string, words: string]} */
  function describe(setting, model) {
    const { keys, queries, row, x, view: { sigma } } = model;
    const middle = (domain[0] + domain[1]) / 2;
    const most = keys[row.indexOf(Math.max(...row))];
    switch (setting.stage) {
      case "bias": {
        const formula = `weights = softmax(q·k / σ²${setting.on ? " − k²/2σ²" : ""})`;
        const temperature = `The divisor σ² = ${
          text(sigma ** 2)
        } is what is called a temperature. `;
        if (setting.on) {
          const gap = furthest(model);
          return [
            formula,
            `Multiply out the square in exp(−(q − k)²/2σ²): the term in q² is the same for all keys, and cancels. What is left is a softmax of dot products, and its weights are the Gaussian kernel's: the largest difference is ${
              gap ? gap.toExponential(0) : "0"
            }. ${temperature}x is counted from ${text(middle, 1)}.`,
          ];
        }
        return [
          formula,
          `Without the bias the largest key wins for every q > 0, and the smallest for every q < 0, however near others are: a dot product grows with the key's length. The query at x = ${
            text(x)
          } is q = ${text(x - middle)}, and its largest weight is at x = ${
            text(most)
          }.`,
        ];
      }
      case "dimensions": {
        const { d, on } = setting;
        const n = keys.length;
        let used = 0;
        for (let q = 0; q < queries.length; q++) used += effectiveKeys(model.rowOf(q));
        return [
          `weights = softmax(q·k${on ? " / √d" : ""}), d = ${d}`,
          `${
            d === 1
              ? "Each vector is x, scaled to a standard deviation of 1."
              : `To x come ${
                d - 1
              } coordinates of noise, as in a network that has learned nothing yet.`
          } ${
            on ? "Divided by √d, scores" : "Undivided, scores"
          } have a standard deviation of about ${
            text(on ? 1 : Math.sqrt(d), 0)
          }: a query uses ${text(used / queries.length, 1)} of ${n} keys.${
            d === 1
              ? " Raise d, with the division by √d and without."
              : on
              ? " Attention stays broad, whatever d is."
              : " One or two keys win, whoever they are."
          }`,
        ];
      }
      case "turn": {
        const { loss } = turnLoss(made, model.values, wanted(queries));
        return [
          "weights = softmax((turned q)·k / σ²)",
          `Here keys lie on a half circle, all of one length: no bias is needed. The dashed line is a task: at x, answer with the curve at x + ${
            text(ahead)
          }. Nearness alone cannot; a learned matrix can turn the query first. The largest weight of the query at x = ${
            text(x)
          } is at x = ${text(most)}; the error is ${text(Math.sqrt(loss))}.`,
        ];
      }
    }
  }
}

/** The largest difference between the weights shown and those of the Gaussian kernel.
 * @param {Model} model */
function furthest({ queries, keys, kernels, view, weights }) {
  const row = new Float64Array(keys.length);
  let most = 0;
  queries.forEach((query, q) => {
    attend(query, keys, kernels.gaussian, view.sigma, row);
    for (let j = 0; j < row.length; j++) {
      most = Math.max(most, Math.abs(row[j] - weights[q * row.length + j]));
    }
  });
  return most;
}
