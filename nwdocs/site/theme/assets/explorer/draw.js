/** The truth is hidden: a reader draws a curve, and then sees what it would have cost. */

import { attend, pool } from "./attention.js";
import { heightAt, KNOTS, readKnots, stroke, writeKnots } from "./knots.js";
import { namedIn } from "./markup.js";
import { clamp, text } from "./numbers.js";
import { finished, selectBandwidth } from "./search.js";
import { writeWord } from "./scatter.js";

/** @import { Live } from "./live.js" */
/** @import { Part, Place } from "./types.d.ts" */

const BLOCKS = ["query", "dial", "kernels", "sum", "tiles", "guide", "more"];

/** @type {(live: Live, slot: HTMLElement) => Part} */
export function attach(live, slot) {
  const { model, payload } = live;
  const { domain: [low, high], limits, truth, validation } = payload;
  slot.innerHTML = `
<style>
.draw { display: grid; gap: 12px }
.draw table { border-collapse: collapse; width: 100% }
.draw :is(td, th) { text-align: start; padding: 4px 8px 4px 0; border-bottom: 1px solid var(--nw-grid); font-weight: 400 }
.draw td { font-size: 1.2em; font-variant-numeric: tabular-nums }
.draw .row { flex-wrap: wrap }
</style>
<div class="draw">
<p data-say="ask"></p>
<div class="row"><button data-press="compare">Compare</button><button data-press="clear">Draw anew</button><button data-press="other">Other points</button></div>
<table data-say="table" hidden><thead><tr><th>Error to the truth (RMSE)</th><th></th></tr></thead><tbody>
<tr><th>Your curve</th><td data-say="yours"></td></tr>
<tr><th>Leave-one-out's <span data-say="width"></span></th><td data-say="chosen"></td></tr></tbody></table>
<p data-say="verdict"></p>
<p class="help">By keyboard: focus the picture, choose a knot with ← and →, move it with ↑ and ↓, and compare with Enter.</p>
</div>`;
  const say = namedIn(slot, "say");
  const { compare, clear, other } = namedIn(slot, "press");
  const SHOWN = "!"; // at the end of the detail once the reader has compared
  /** @type {(number | null)[]} */
  let knots = [];
  let [known, revealed, at] = ["?", false, Math.floor(KNOTS / 2)];
  /** @type {Place | undefined} the stroke's last place, x in knots */
  let last;
  const width = (high - low) / (KNOTS - 1);
  const xs = Array.from({ length: KNOTS }, (_, i) => low + i * width);

  const read = () => {
    const { detail } = live.state.view;
    if (detail === known) return;
    known = detail;
    const shown = detail.endsWith(SHOWN);
    knots = readKnots(shown ? detail.slice(0, -1) : detail, limits.y) ??
      Array.from({ length: KNOTS }, () => null);
    revealed = shown && complete();
  };
  const complete = () => knots.every((y) => y !== null);

  /** @type {(next: (number | null)[], shown?: boolean) => void} */
  const set = (next, shown = false) =>
    live.dispatch({
      type: "detail",
      detail: next.some((y) => y !== null)
        ? writeKnots(next) + (shown ? SHOWN : "")
        : "",
      name: shown ? "compare" : "draw",
    });

  /** Where nothing is drawn yet, as high as the nearest knot. */
  const filled = () =>
    knots.map((y, i) => {
      if (y !== null) return y;
      const near = knots.map((z, j) => z === null ? Infinity : Math.abs(i - j));
      return knots[near.indexOf(Math.min(...near))] ?? 0;
    });

  /** The estimate at the width that leave-one-out chooses, and both errors. */
  const scores = () => {
    const { keys, values, kernels, queries } = model;
    const search = selectBandwidth(keys, values, kernels.gaussian, limits.sigma);
    const sigma = finished(search);
    const weights = new Float64Array(keys.length);
    const { y, every } = validation;
    const error = (/** @type {(x: number) => number} */ curve) =>
      Math.sqrt(
        y.reduce((sum, t, i) => sum + (curve(queries[i * every]) - t) ** 2, 0) /
          y.length,
      );
    const curve = (/** @type {number} */ x) => {
      attend(x, keys, kernels.gaussian, sigma, weights);
      return pool(weights, values);
    };
    return {
      sigma,
      curve,
      yours: error((x) => heightAt(knots, (x - low) / width)),
      chosen: error(curve),
    };
  };
  /** @type {ReturnType<typeof scores> | undefined} */
  let scored;
  let scoredOf = "";
  const score = () => {
    const of = `${live.state.view.detail} ${model.keys} ${model.values}`;
    if (scoredOf !== of) [scored, scoredOf] = [scores(), of];
    return /** @type {ReturnType<typeof scores>} */ (scored);
  };

  compare.addEventListener("click", () => set(filled(), true));
  clear.addEventListener("click", () => set([]));
  other.addEventListener("click", () => {
    set([]);
    live.dispatch({ type: "sample" });
  });

  return {
    get hides() {
      read();
      return [...BLOCKS, "estimate", ...(revealed ? [] : ["truth"])];
    },
    paint(chart, { queries }, look) {
      read();
      const { context: c } = chart;
      if (revealed) {
        chart.curve(
          queries,
          [...queries].map(score().curve),
          look.colours.orange,
          2.25,
        );
      }
      c.fillStyle = look.colours.purple;
      chart.curve(xs, knots.map((y) => y ?? NaN), look.colours.purple, 3);
      for (let i = 0; i < KNOTS; i++) {
        const y = knots[i];
        const alone = y !== null && (knots[i - 1] ?? knots[i + 1] ?? null) === null;
        if (y === null || !(alone || (i === at && document.activeElement))) continue;
        c.beginPath();
        c.arc(chart.px(xs[i]), chart.py(y), 4, 0, 2 * Math.PI);
        c.fill();
      }
      if (!knots.some((y) => y !== null)) {
        c.textAlign = "center";
        const { left, top, width, height } = chart.box;
        writeWord(
          chart,
          look,
          look.colours.purple,
          "Draw the curve behind the points",
          left + width / 2,
          top + height / 2,
        );
      }
    },
    pointer(event, place) {
      const here = {
        x: clamp((place.x - low) / width, [0, KNOTS - 1]),
        y: Number(clamp(place.y, limits.y).toFixed(2)),
      };
      if (event.type === "pointerdown") last = here;
      if (last && event.buttons && event.type !== "pointercancel") {
        read();
        at = Math.round(here.x);
        set(stroke(knots, last, here));
        last = here;
      }
      if (event.type === "pointerup" || event.type === "pointercancel") {
        last = undefined;
      }
      return true;
    },
    keydown({ key, shiftKey }) {
      read();
      const aside = { ArrowLeft: -1, ArrowRight: 1, Home: -KNOTS, End: KNOTS }[key];
      const up = { ArrowUp: 0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 }[key];
      if (aside) {
        at = clamp(at + aside, [0, KNOTS - 1]);
        live.draw();
      } else if (up) {
        const y = (filled()[at] ?? 0) + up * (shiftKey ? 10 : 1);
        set(knots.map((old, i) => i === at ? clamp(y, limits.y) : old));
      } else if (key === "Enter") set(filled(), true);
      else return false;
      return true;
    },
    write({ keys }) {
      read();
      const some = knots.some((y) => y !== null);
      say.ask.textContent = revealed
        ? "The dashed curve is the truth, the orange one the estimate."
        : `The ${keys.length} points are a curve and noise. Draw that curve: the truth is hidden until you compare.`;
      compare.disabled = !some || revealed;
      clear.disabled = !some;
      say.table.hidden = !revealed;
      say.verdict.textContent = "";
      const canvas = live.parts.picture.data;
      const height = knots[at] === null ? "not drawn" : text(knots[at] ?? NaN, 1);
      canvas.ariaValueText = `Knot at x = ${text(xs[at], 1)}, height ${height}`;
      if (!revealed || !truth) return;
      const { sigma, yours, chosen } = score();
      say.yours.textContent = text(yours);
      say.chosen.textContent = text(chosen);
      say.width.textContent = `(σ = ${text(sigma)})`;
      say.verdict.textContent = yours < chosen
        ? "Yours is nearer to the truth. Try another sample: it has to choose from the points alone, as you did."
        : "Leave-one-out is nearer to the truth, from the points alone.";
    },
    snapshot() {
      read();
      const { sigma, yours, chosen } = revealed
        ? score()
        : { sigma: null, yours: null, chosen: null };
      return { knots: [...knots], revealed, sigma, yours, chosen };
    },
  };
}
