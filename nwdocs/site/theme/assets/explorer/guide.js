/** The guided steps: each says what to do, waits for it, and says what was to be seen. */

import { namedIn } from "./markup.js";
import { showInRow } from "./readout.js";

/** @import { Live } from "./live.js" */
/** @import { Model } from "./model.js" */
/** @import { Goal, Part, View } from "./types.d.ts" */

const INVITATION =
  "The line is the query. The larger a point, the larger its weight. The diamond is their weighted mean. Drag the line, or begin.";

/** Whether a view is what a step waits for; `from` is where the step began.
 * @type {(goal: Goal, model: Model, from: View) => boolean} */
export function reached(goal, { view, x, queries, estimate }, from) {
  const { sigma, kernel, scene, query, moved, answer } = goal;
  return [
    !sigma || (view.sigma >= sigma[0] && view.sigma <= sigma[1]),
    !kernel || view.kernel === kernel,
    !scene || view.scene === scene,
    !query || (x >= query[0] && x <= query[1]),
    !moved || Math.abs(x - queries[from.query]) >= moved,
    answer === undefined || answer === !Number.isNaN(estimate),
  ].every(Boolean);
}

/** @type {(live: Live, slot: HTMLElement) => Part} */
export function attach({ payload: { steps }, views }, slot) {
  slot.innerHTML = `
<style>
.guide .row { margin-bottom: 6px }
.guide p { min-height: 2.8em }
.guide p + p { min-height: 0 }
.guide .done { display: inline-block; color: var(--nw-blue); font-weight: 600 }
.guide [data-go] { float: right; margin: 0 0 4px 10px }
.narrow .guide p { min-height: 4.2em }
.lecture .guide .row { display: none }
</style>
<div class="row">${
    steps.map(({ name, title }) => `<button data-step="${name}">${title}</button>`)
      .join("")
  }</div>
<button data-go="" data-step=""></button>
<p data-say="ask"></p><p data-say="seen" aria-live="polite"></p>`;
  const { ask, seen } = namedIn(slot, "say");
  const buttons = /** @type {HTMLElement[]} */ ([...slot.querySelectorAll(".row > *")]);
  const next = /** @type {HTMLButtonElement} */ (slot.querySelector("[data-go]"));
  let [shown, done] = ["?", false];
  /** Words, where they are not there already.
   * @type {(node: HTMLElement, words: string) => void} */
  const say = (node, words) => {
    if (node.dataset.said === words) return;
    node.dataset.said = words;
    node.innerHTML = words;
  };
  return {
    write(model, { view }) {
      const at = steps.findIndex(({ name }) => name === view.step);
      const step = steps[at];
      if (shown !== view.step) {
        [shown, done] = [view.step, false];
        buttons.forEach((button, i) => {
          button.ariaCurrent = i === at ? "step" : "false";
        });
        if (step) showInRow(buttons[at]);
      }
      done ||= Boolean(step) && reached(step.done, model, views.step(step.name));
      const following = steps[at + 1];
      next.hidden = at >= 0 && !following;
      next.dataset.step = following?.name ?? "";
      say(next, at < 0 ? "Begin" : `Next: ${following?.title}`);
      say(ask, step ? `<b>${at + 1} of ${steps.length}.</b> ${step.ask}` : INVITATION);
      say(seen, done ? `<span class="done">✓ Seen:</span> ${step.seen}` : "");
    },
  };
}
