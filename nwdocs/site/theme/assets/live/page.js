/**
 * A page whose cells can be edited and run: Python starts in a worker when a reader says so.
 *
 * Cells run in the page's order and share what they compute, as in the build; so before a
 * cell run those above it that have not. What a cell shows stands where the build's stood.
 *
 * @import { Manifest } from "./types.d.ts"
 */

import { missing } from "./support.js";
import { draw, same } from "./outputs.js";

/**
 * One cell, as cells.json has it, and its place on the page.
 * @typedef {object} Cell
 * @property {string} source
 * @property {number} number
 * @property {boolean} inline whether it is an expression in a sentence
 * @property {boolean} hidden
 * @property {boolean} silent whether its outputs are not shown
 * @property {Record<string, any>[]} outputs what the build had
 * @property {HTMLElement | null} place where they stand
 * @property {HTMLElement | null} code where its code can be edited
 * @property {Node[]} built what stood there
 * @property {Node[]} written the code as the page has it
 */

const ABOUT_FILES = new URL("runtime.json", import.meta.url);

/** @template {keyof HTMLElementTagNameMap} T
 * @param {T} name
 * @param {Record<string, unknown>} given
 * @param {(Node | string)[]} inside */
function make(name, given = {}, ...inside) {
  const node = Object.assign(document.createElement(name), given);
  node.append(...inside);
  return node;
}

/** @type {Live | undefined} */
let live;

/** Say what running the page takes, and begin when the reader agrees.
 * @param {HTMLElement} button */
export async function offer(button) {
  if (live) return live.panel.scrollIntoView({ block: "center" });
  live = new Live(button);
  await live.propose();
}

class Live {
  /** @type {Cell[]} */
  cells = [];
  /** @type {Set<number>} cells that have run since Python started */
  ran = new Set();
  /** @type {Worker | undefined} */
  worker;
  /** @type {Manifest | undefined} */
  manifest;
  /** @type {((data: any) => void) | undefined} what waits for the worker */
  heard;
  busy = false;

  /** @param {HTMLElement} button */
  constructor(button) {
    this.words = make("p", { role: "status" });
    this.progress = make("progress", { hidden: true, max: 1, value: 0 });
    this.buttons = make("p");
    this.panel = make(
      "section",
      { className: "nw-run" },
      this.words,
      this.progress,
      this.buttons,
    );
    this.panel.setAttribute("aria-label", "Run this page");
    button.closest("p")?.after(this.panel);
  }

  /** @param {string} words
   * @param {[string, () => unknown][]} choices */
  say(words, ...choices) {
    this.words.textContent = words;
    this.progress.hidden = true;
    this.buttons.replaceChildren(
      ...choices.map(([name, action]) =>
        make(
          "button",
          { type: "button", className: "md-button", onclick: action },
          name,
        )
      ),
    );
  }

  async propose() {
    const lacking = missing();
    if (lacking) {
      return this.say(
        `This browser cannot run Python: it lacks ${lacking}. A current Chrome, Edge or ` +
          "Firefox can; or take the notebook.",
      );
    }
    this.manifest = await (await fetch(ABOUT_FILES)).json();
    const bytes = Object.values(this.manifest?.parts ?? {}).reduce(
      (n, p) => n + p.bytes,
      0,
    );
    this.say(
      `Python runs in this page: ${this.manifest?.about}. It loads ` +
        `${
          (bytes / 1e6).toFixed(0)
        } MB from this site, once for all pages. Nothing that ` +
        "you write is sent anywhere.",
      ["Load and start", () => this.begin()],
      ["Not now", () => this.close()],
    );
  }

  close() {
    this.end();
    this.panel.remove();
    live = undefined;
  }

  /** @returns {Promise<void>} */
  async begin() {
    try {
      await this.start();
      if (!this.cells.length) await this.open();
    } catch (error) {
      this.end();
      return this.say(`It did not start: ${error}`, ["Try again", () => this.begin()]);
    }
    this.ready("Python is running. Change a cell and run it: Shift and Enter.");
  }

  /** Start Python, and wait until it is there. */
  async start() {
    const total = Object.values(this.manifest?.parts ?? {}).reduce(
      (n, p) => n + p.bytes,
      0,
    );
    this.say("Loading…", ["Cancel", () => this.close()]);
    this.progress.hidden = false;
    this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.ran.clear();
    const begun = new Promise((resolve, reject) => {
      if (!this.worker) return;
      this.worker.onerror = (event) =>
        reject(event.message || "the worker cannot be loaded");
      this.worker.onmessage = ({ data }) => {
        if (data.loaded === Infinity) {
          this.words.textContent = "Starting Python…";
          this.progress.removeAttribute("value");
        } else if (data.loaded) this.progress.value = data.loaded / total;
        else if (data.failed) reject(data.failed);
        else if (data.ready) resolve(undefined);
      };
    });
    this.worker.postMessage({ manifest: this.manifest, base: ABOUT_FILES.href });
    await begun;
    if (this.worker) this.worker.onmessage = ({ data }) => this.heard?.(data);
  }

  end() {
    this.worker?.terminate();
    this.worker = undefined;
    this.heard?.({ failed: "stopped" });
  }

  /** @param {string} words */
  ready(words) {
    this.say(
      words,
      ["Run all", () => this.run(this.cells.map((_, i) => i))],
      ["Reset all", () => this.cells.forEach((_, i) => this.reset(i))],
      [
        "Close",
        () => (this.cells.forEach((_, i) => this.reset(i)), this.shut(), this.close()),
      ],
    );
  }

  /** Make the page's cells editors. */
  async open() {
    const { cells } = await (await fetch(new URL("cells.json", location.href))).json();
    this.cells = cells.map((/** @type {Cell} */ cell, /** @type {number} */ index) => {
      const place = document.querySelector(`.nw-live-out[data-cell="${index}"]`);
      const block = cell.hidden ? null : place?.previousElementSibling;
      const code = block?.querySelector("code") ?? null;
      return {
        ...cell,
        place: place instanceof HTMLElement ? place : null,
        built: place ? [...place.childNodes] : [],
        code,
        written: code ? [...code.childNodes].map((node) => node.cloneNode(true)) : [],
      };
    });
    this.cells.forEach((cell, index) => this.edit(cell, index));
  }

  /** @param {Cell} cell
   * @param {number} index */
  edit({ code, place }, index) {
    if (!code || !place) return;
    code.contentEditable = "plaintext-only";
    if (code.contentEditable !== "plaintext-only") code.contentEditable = "true";
    code.spellcheck = false;
    code.setAttribute("role", "textbox");
    code.setAttribute("aria-multiline", "true");
    code.setAttribute("aria-label", `Code of cell ${this.cells[index].number}`);
    code.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the theme and the pages have keys of their own
      if (event.key === "Enter" && (event.shiftKey || event.ctrlKey)) {
        event.preventDefault();
        this.runTo(index);
      } else if (event.key === "Tab" && !event.shiftKey) {
        event.preventDefault();
        document.execCommand("insertText", false, "    ");
      } else if (event.key === "Escape") code.blur(); // out of the editor, for a keyboard
    });
    // What was typed has the colour of what it was typed into, until it is left.
    code.addEventListener("blur", () => {
      const text = this.source(index);
      if (text !== this.cells[index].source) code.replaceChildren(text);
    });
    const button = (/** @type {string} */ name, /** @type {() => unknown} */ onclick) =>
      make("button", { type: "button", onclick }, name);
    const bar = make(
      "div",
      { className: "nw-run-cell" },
      button("Run", () => this.runTo(index)),
      button("Reset", () => this.reset(index)),
    );
    place.before(bar);
  }

  /** Take the editors away. */
  shut() {
    document.querySelectorAll(".nw-run-cell").forEach((bar) => bar.remove());
    for (const { code } of this.cells) {
      code?.replaceWith(code.cloneNode(true)); // without what listens to its keys
    }
    for (const node of document.querySelectorAll("code[contenteditable]")) {
      for (const name of ["contenteditable", "role", "aria-multiline", "aria-label"]) {
        node.removeAttribute(name);
      }
    }
    this.cells = [];
  }

  /** @param {number} index */
  source(index) {
    const { code, source } = this.cells[index];
    return code
      ? (code.innerText ?? "").replace(/\n$/, "").replaceAll("\u00a0", " ")
      : source;
  }

  /** @param {number} index */
  reset(index) {
    const { code, written, place, built } = this.cells[index];
    if (code) code.replaceChildren(...written.map((node) => node.cloneNode(true)));
    place?.replaceChildren(...built);
    this.ran.delete(index);
  }

  /** Run a cell, before it those above that have not run, and after it what shows it.
   * @param {number} index */
  runTo(index) {
    const before = [...this.cells.keys()].filter((i) => i < index && !this.ran.has(i));
    const next = this.cells.findIndex((cell, i) => i > index && !cell.hidden);
    const after = [...this.cells.keys()].filter((i) =>
      i > index && i < (next < 0 ? this.cells.length : next)
    );
    return this.run([...before, index, ...after]);
  }

  /** @param {number[]} order */
  async run(order) {
    if (this.busy) return;
    this.busy = true;
    try {
      if (!this.worker) await this.start();
      for (const index of order) {
        if (this.cells[index].inline) continue;
        this.say(`Running cell ${this.cells[index].number}…`, [
          "Stop",
          () => this.stop(),
        ]);
        const went = await this.one(index);
        if (!went) return;
      }
      this.ready("Done.");
    } catch (error) {
      this.end();
      this.ready(`Python has ended: ${error}. It starts anew with the next Run.`);
    } finally {
      this.busy = false;
    }
  }

  /** End Python: whatever it does, it does no more. */
  stop() {
    this.end();
    this.ready(
      "Stopped. Python starts anew with the next Run, and runs the cells above it.",
    );
  }

  /** Run one cell; whether those after it are to follow.
   * @param {number} index */
  async one(index) {
    const cell = this.cells[index];
    /** @type {Record<string, any>[]} */
    const got = [];
    cell.place?.setAttribute("aria-busy", "true");
    const show = () => {
      if (cell.silent || !cell.place) return;
      const built = same(got, cell.outputs) && this.source(index) === cell.source;
      cell.place.replaceChildren(...(built ? cell.built : draw(got, cell.built)));
    };
    const slow = setInterval(show, 500); // what a long cell prints is seen as it comes
    const ended = await new Promise((resolve) => {
      this.heard = (data) => {
        if (data.message) got.push(data.message);
        else resolve(data);
      };
      this.worker?.postMessage({
        id: index,
        cell: { source: this.source(index), number: cell.number, inline: false },
      });
    });
    clearInterval(slow);
    cell.place?.removeAttribute("aria-busy");
    if (ended.failed === "stopped") return false;
    if (ended.failed) throw ended.failed;
    show();
    this.ran.add(index);
    const error = got.find((message) => message.error)?.error;
    if (error && !cell.outputs.some((output) => output.error)) {
      this.ready(
        `Cell ${cell.number}${
          error.line ? `, line ${error.line}` : ""
        }: ${error.name}.`,
      );
      cell.place?.scrollIntoView({ block: "nearest" });
      return false;
    }
    return true;
  }
}
