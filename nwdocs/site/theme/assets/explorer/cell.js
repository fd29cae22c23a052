/** What the heatmap says of the key pointed at. Pure: from model to text. */

import { text } from "./numbers.js";
import { heaviest } from "./words.js";

/** @import { Model } from "./model.js" */

/** The weight of the key pointed at, or the key that has the largest.
 * @type {(model: Model, key: number) => string} */
export function cell(model, key) {
  const { x, row, keys, estimate } = model;
  const query = `Query ${text(x)}`;
  if (Number.isNaN(estimate)) return `${query}: no key in reach, an empty row.`;
  if (keys[key] !== undefined) {
    return `${query}, key ${text(keys[key])}: weight ${text(row[key], 3)}.`;
  }
  const [most] = heaviest(model, 1);
  const ties = row.filter((w) => w === row[most]).length;
  const who = ties > 1 ? `${ties} keys, each with` : `key ${text(keys[most])}:`;
  return `${query} gives most to ${who} weight ${
    text(row[most], 3)
  }. Each row sums to 1.`;
}
