/**
 * The colours of Python as it is typed: those that the build gives, without a change of the
 * page. A browser without the CSS Custom Highlight API keeps the colours of before.
 *
 * @import { Words } from "./types.d.ts"
 */

import { piecesOf, textOf } from "./text.js";
import { tokens } from "./tokens.js";

/** @type {Map<HTMLElement, [string, Range][]>} what is painted of each block */
const painted = new Map();
const can = typeof Highlight === "function" && "highlights" in CSS;

/** Colour a block of code.
 * @param {HTMLElement} code
 * @param {Words} words */
export function paint(code, words) {
  unpaint(code);
  if (!can) return;
  const pieces = piecesOf(code);
  /** @type {[string, Range][]} */
  const ranges = [];
  let from = 0;
  for (const { kind, start, end } of tokens(textOf(code), words)) {
    while (pieces[from] && ends(pieces[from]) <= start) from++;
    for (let i = from; i < pieces.length && pieces[i].start < end; i++) {
      const { node, start: begin, text } = pieces[i];
      if (node.nodeType !== Node.TEXT_NODE) continue;
      const range = new Range();
      range.setStart(node, Math.max(0, start - begin));
      range.setEnd(node, Math.min(text.length, end - begin));
      ranges.push([kind, range]);
    }
  }
  for (const [kind, range] of ranges) of(kind).add(range);
  painted.set(code, ranges);
}

/** Take a block's colours back. @param {HTMLElement} code */
export function unpaint(code) {
  for (const [kind, range] of painted.get(code) ?? []) of(kind).delete(range);
  painted.delete(code);
}

/** @param {{ start: number, text: string }} piece */
const ends = ({ start, text }) => start + text.length;

/** The parts of one kind, with the colour that the theme has for it.
 * @param {string} kind */
function of(kind) {
  const name = `nw-${kind}`;
  const known = CSS.highlights.get(name);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(name, made);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`::highlight(${name}) { color: var(--md-code-hl-${kind}-color) }`);
  document.adoptedStyleSheets.push(sheet);
  return made;
}
