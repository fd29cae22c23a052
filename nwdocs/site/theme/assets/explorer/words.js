/** What the numbers say, in words. Pure: from model and state to text. */

import { effectiveKeys } from "./attention.js";
import { short, text } from "./numbers.js";
import { interpolate } from "./sample.js";

/** @import { Model } from "./model.js" */
/** @import { Payload } from "./types.d.ts" */

/** @type {(estimate: number) => string} */
export const answer = (estimate) =>
  Number.isNaN(estimate) ? "no answer" : text(estimate);

/** Indices of the query's heaviest keys, the nearest first where weights are equal.
 * @type {(model: Model, count: number) => number[]} */
export function heaviest({ row, keys, x }, count) {
  const order = Array.from(row.keys()).filter((j) => row[j] > 0);
  const distance = (/** @type {number} */ j) => Math.abs(keys[j] - x);
  return order.sort((a, b) => row[b] - row[a] || distance(a) - distance(b)).slice(
    0,
    count,
  );
}

/** The answer written out as the weighted sum that it is.
 * @type {(model: Model) => string} HTML; a term's data-key is the index of its key */
export function sum(model) {
  const { x, row, values, estimate } = model;
  if (Number.isNaN(estimate)) {
    return `<b>x = ${
      text(x)
    }</b> has no key in reach: its weights would be 0/0, so there is no answer.`;
  }
  const top = heaviest(model, 3);
  const terms = top.map((j) =>
    `<b data-key="${j}">${text(row[j])} × ${text(values[j])}</b>`
  );
  let [weight, share, others] = [0, 0, 0];
  row.forEach((w, j) => {
    if (w === 0 || top.includes(j)) return;
    [weight, share, others] = [weight + w, share + w * values[j], others + 1];
  });
  if (others) {
    terms.push(
      `<b>${text(weight)} × ${text(share / weight)}</b> (${others} other${
        others > 1 ? "s" : ""
      })`,
    );
  }
  return `<b>ŷ(${text(x)})</b> = ${terms.join(" + ")} = <b>${text(estimate)}</b>`;
}

/** Each tile's number, and the note under it.
 * @type {(payload: Payload, model: Model, moving?: boolean) => Record<string, string>} */
export function tiles({ truth, validation }, model, moving = false) {
  const { x, row, keys, estimate, rmse, unanswered } = model;
  const later = moving && model.large;
  const loo = later ? 0 : model.loo;
  const effective = Number.isNaN(estimate) ? "none" : text(effectiveKeys(row), 1);
  return {
    answer: text(estimate),
    truth: truth
      ? `the truth there is ${text(interpolate(truth, x))}`
      : "the weighted mean there",
    effective,
    of: `as many of the ${keys.length} keys as share the weight`,
    rmse: text(rmse),
    unanswered: unanswered
      ? `${unanswered} of ${validation.y.length} unanswered`
      : "from curve to dashes (RMSE)",
    loo: later ? "…" : text(loo),
    alone: Number.isNaN(loo) ? "a point is alone" : "points guessed from the others",
  };
}

/** All that matters, for a screen reader.
 * @type {(payload: Payload, model: Model) => string} */
export function status(
  { kernels, truth },
  { view, keys, x, row, estimate, rmse, loo },
) {
  return `${kernels[view.kernel].label} kernel, bandwidth ${short(view.sigma)}, ` +
    `${keys.length} points. Query ${text(x)}: ${answer(estimate)}, ` +
    `${text(effectiveKeys(row), 1)} effective keys. ` +
    (truth ? `RMSE to the truth ${text(rmse)}, ` : "") +
    `leave-one-out error ${text(loo)}.`;
}
