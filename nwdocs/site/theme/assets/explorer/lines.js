/** The six lines of numpy, beside an example in which keys can be moved. */

import { namedIn } from "./markup.js";
import { text } from "./numbers.js";
import { readExample, sixLines, writeExample } from "./six.js";

/** @import { Live } from "./live.js" */
/** @import { Part } from "./types.d.ts" */

const QUERIES = [1, 2, 3];
const VALUES = [2, 4, 3];

/** By array: the line that makes it, its shape, and what its axes are.
 * @type {Record<string, {line: number, shape: string, axes: string}>} */
const ARRAYS = {
  queries: { line: 0, shape: "(3,)", axes: "a number for each query" },
  keys: { line: 0, shape: "(3,)", axes: "a number for each key" },
  values: { line: 0, shape: "(3,)", axes: "a number for each key" },
  u: { line: 1, shape: "(3, 3)", axes: "a row for each query, a column for each key" },
  similarity: { line: 2, shape: "(3, 3)", axes: "1 where query and key are equal" },
  total: { line: 3, shape: "(3, 1)", axes: "the sum of each row" },
  weights: { line: 4, shape: "(3, 3)", axes: "each row sums to 1" },
  estimates: { line: 5, shape: "(3,)", axes: "each row of weights times the values" },
};

/** @type {(name: string, label: string, low: number) => string} */
const slider = (name, label, low) =>
  `<label>${label} <b data-say="${name}"></b><input type="range" data-turn="${name}" min="${low}" max="5" step="0.1"></label>`;

/** @param {string} code */
const escape = (code) => code.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A line, and the arrays that it makes.
 * @type {(line: string, i: number) => string} */
const row = (line, i) =>
  `<li><button data-line="${i}">${i ? "    " : ""}${escape(line)}</button><div>${
    Object.entries(ARRAYS).filter(([, { line }]) => line === i).map((
      [name, { shape, axes }],
    ) =>
      `<figure data-array="${name}"><figcaption>${name} ${shape}<small>${axes}</small></figcaption><table data-cells="${name}"></table></figure>`
    ).join("")
  }</div></li>`;

/** @type {(live: Live, slot: HTMLElement) => Part} */
export function attach(live, slot) {
  slot.innerHTML = `
<style>
.six { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px }
.six ol { list-style: none; margin: 0; padding: 0 }
.six li { display: flex; flex-wrap: wrap; gap: 4px 8px; padding: 6px 0; border-top: 1px solid var(--nw-grid) }
.six li > div { display: flex; flex-wrap: wrap; gap: 8px }
.six li button { display: block; flex: 0 0 39em; overflow-x: auto; min-width: 0; max-width: 100%; text-align: start; align-self: start; border: 0; border-radius: 0; font: .93em/1.5 ui-monospace, monospace; white-space: pre; min-height: 26px }
.narrow .six li button { min-height: 44px }
.six li button.lit, .six figure.lit { background: var(--tint) }
.six .inputs { display: flex; flex-wrap: wrap; gap: 4px 18px }
.six .inputs label { flex: 1 1 120px }
.narrow .six li button { flex-basis: 100%; white-space: pre-wrap }
.six figure { margin: 0; padding: 6px 8px; border: 1px solid var(--nw-grid); border-radius: 6px }
.six figure.lit { border-color: var(--nw-blue); box-shadow: inset 0 0 0 1px var(--nw-blue) }
.six figcaption { font-family: ui-monospace, monospace; font-size: .93em }
.six figcaption small { display: block; font: .86em sans-serif; color: var(--nw-muted); max-width: 16em }
.six table { border-collapse: collapse; font-variant-numeric: tabular-nums }
.six td { padding: 2px 7px; text-align: end; border: 1px solid var(--nw-grid); background: color-mix(in srgb, var(--nw-orange) calc(var(--w, 0) * 60%), transparent) }
</style>
<div class="six">
<p>Move a key, and see which numbers follow. Point at a line, or at an array: the line lights up with what it makes.</p>
<div class="inputs">${slider("key0", "keys[0] =", 0)}${slider("key1", "keys[1] =", 0)}${
    slider("key2", "keys[2] =", 0)
  }${slider("bandwidth", "bandwidth =", 0.2)}</div>
<ol>${live.payload.lines.map(row).join("")}</ol>
</div>`;
  const [say, turn, line, array, cells] = ["say", "turn", "line", "array", "cells"].map(
    (
      name,
    ) => namedIn(slot, name),
  );
  let lit = -1;
  const light = (/** @type {number} */ next) => {
    if (next === lit) return;
    lit = next;
    for (const [i, node] of Object.entries(line)) {
      node.classList.toggle("lit", Number(i) === lit);
    }
    for (const [name, node] of Object.entries(array)) {
      node.classList.toggle("lit", ARRAYS[name].line === lit);
    }
  };
  for (const kind of ["pointerover", "focusin", "click"]) {
    slot.addEventListener(kind, ({ target }) => {
      const node = /** @type {Element} */ (target).closest("[data-line], [data-array]");
      const { line, array } = /** @type {HTMLElement | null} */ (node)?.dataset ?? {};
      if (array) light(ARRAYS[array].line);
      else if (line) light(Number(line));
    });
  }
  for (const [name, node] of Object.entries(turn)) {
    node.addEventListener("input", () => {
      const example = readExample(live.state.view.detail);
      const value = Number(node.value);
      if (name === "bandwidth") example.bandwidth = value;
      else example.keys[Number(name.at(-1))] = value;
      live.dispatch({ type: "detail", detail: writeExample(example), name });
    });
  }
  const now = () => {
    const { keys, bandwidth } = readExample(live.state.view.detail);
    return { bandwidth, arrays: sixLines(QUERIES, keys, VALUES, bandwidth) };
  };
  return {
    write() {
      const { bandwidth, arrays } = now();
      const set = [...arrays.keys[0], bandwidth];
      Object.keys(turn).forEach((name, i) => {
        turn[name].value = String(set[i]);
        say[name].textContent = text(set[i], 1);
      });
      for (const [name, rows] of Object.entries(arrays)) {
        cells[name].innerHTML = rows.map((row) =>
          `<tr>${
            row.map((x) =>
              `<td${name === "weights" ? ` style="--w:${x}"` : ""}>${
                text(x, ARRAYS[name].line ? 2 : 1)
              }</td>`
            ).join("")
          }</tr>`
        ).join("");
      }
    },
    snapshot: now,
  };
}
