/**
 * A block of code that a reader edits: keys, colours, and the way back.
 *
 * @import { Words } from "./types.d.ts"
 */

import { paint, unpaint } from "./highlight.js";
import { textOf } from "./text.js";

export class Editor {
  #listening = new AbortController();
  /** @type {Node[]} the code as the page has it */
  #written;

  /**
   * @param {HTMLElement} code
   * @param {string} label
   * @param {Words} words
   * @param {{ run: () => void, changed: () => void }} told when the reader asks for it, and
   *   at each change
   */
  constructor(code, label, words, { run, changed }) {
    this.code = code;
    this.#written = [...code.childNodes].map((node) => node.cloneNode(true));
    code.contentEditable = "plaintext-only";
    if (code.contentEditable !== "plaintext-only") code.contentEditable = "true";
    code.spellcheck = false;
    for (const [name, value] of Object.entries(attributes(label))) {
      code.setAttribute(name, value);
    }
    const { signal } = this.#listening;
    code.addEventListener("keydown", (event) => this.#key(event, run), { signal });
    code.addEventListener("input", () => (paint(code, words), changed()), { signal });
  }

  get text() {
    return textOf(this.code).replace(/\n$/, "");
  }

  reset() {
    unpaint(this.code);
    this.code.replaceChildren(...this.#written.map((node) => node.cloneNode(true)));
  }

  /** End editing; the code stays as it is. */
  shut() {
    this.#listening.abort();
    for (
      const name of ["contenteditable", "spellcheck", ...Object.keys(attributes())]
    ) {
      this.code.removeAttribute(name);
    }
  }

  /** @param {KeyboardEvent} event
   * @param {() => void} run */
  #key(event, run) {
    event.stopPropagation(); // the theme and the pages have keys of their own
    const { key, shiftKey, ctrlKey } = event;
    if (key === "Escape") return this.code.blur(); // out of the editor, for a keyboard
    if (key === "Enter" && (shiftKey || ctrlKey)) run();
    else if (key === "Enter" && !event.isComposing) insert(`\n${this.#indent()}`);
    else if (key === "Tab" && !shiftKey) insert("    ");
    else return;
    event.preventDefault();
  }

  /** What a new line begins with: as the one before it, and more after a colon. */
  #indent() {
    const selection = getSelection();
    if (!selection?.rangeCount) return "";
    const { startContainer, startOffset } = selection.getRangeAt(0);
    const before = document.createRange();
    before.selectNodeContents(this.code);
    before.setEnd(startContainer, startOffset);
    const line = textOf(before.cloneContents()).split("\n").at(-1) ?? "";
    const indent = line.match(/^ */)?.[0] ?? "";
    return /:\s*$/.test(line) ? `${indent}    ` : indent;
  }
}

/** @param {string} text */
function insert(text) {
  document.execCommand("insertText", false, text); // so that it can be undone
}

const attributes = (label = "") => ({
  role: "textbox",
  "aria-multiline": "true",
  "aria-label": label,
});
