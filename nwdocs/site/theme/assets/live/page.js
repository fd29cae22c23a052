/**
 * A page whose cells can be edited and run: Python starts in a worker when a reader says so.
 *
 * Cells run in the page's order and share what they compute, as in the build. So before a
 * cell run those above it that have not, or that were changed since; and with it runs what
 * follows up to the next cell that can be edited: its figures, and the numbers in sentences.
 *
 * @import { Manifest } from "./types.d.ts"
 */

import { Editor } from "./editor.js";
import { draw, same, wordsOf } from "./outputs.js";
import { Session, size } from "./session.js";
import { missing } from "./support.js";

/** @typedef {Record<string, any>} Message what a cell prints or shows, or its error */

/**
 * One cell, as cells.json has it, and its place on the page.
 * @typedef {object} Cell
 * @property {string} source
 * @property {number} number
 * @property {boolean} inline whether it is an expression in a sentence
 * @property {boolean} hidden
 * @property {boolean} silent whether its outputs are not shown
 * @property {Message[]} outputs what the build had
 * @property {HTMLElement | null} place where they stand
 * @property {Node[]} built what stood there
 * @property {Editor | null} editor
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
  live = new Live((panel) => button.closest("p")?.after(panel));
  await live.propose();
}

/**
 * Run code that is in no cell of the page, in the page's Python. If that has not started,
 * the reader is asked first, above `place`.
 * @param {string} source
 * @param {HTMLElement} place for what it shows: text, tables, figures, an error
 * @returns {Promise<boolean>} whether it ran to its end without an error
 */
export async function runSource(source, place) {
  if (!live) {
    live = new Live((panel) => place.before(panel));
    await live.propose();
  }
  const here = live;
  return await here.agreed && here.runSource(source, place);
}

class Live {
  /** @type {Cell[]} */
  cells = [];
  /** How many cells, from the first, have run as they stand. */
  done = 0;
  /** @type {Session | undefined} */
  session;
  /** @type {Manifest | undefined} */
  manifest;
  busy = false;
  /** @type {(agreed: boolean) => void} */
  decide = () => {};
  /** @type {Promise<boolean>} whether the reader had Python started */
  agreed = new Promise((resolve) => this.decide = resolve);

  /** @param {(panel: HTMLElement) => void} put puts the panel where the reader is */
  constructor(put) {
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
    put(this.panel);
  }

  /** @param {string} words
   * @param {[string, () => unknown][]} choices */
  say(words, ...choices) {
    this.words.textContent = words;
    this.progress.hidden = true;
    this.buttons.replaceChildren(
      ...choices.map(([name, onclick]) =>
        make("button", { type: "button", className: "md-button", onclick }, name)
      ),
    );
  }

  async propose() {
    const lacking = missing();
    if (lacking) {
      this.decide(false);
      return this.say(
        `This browser cannot run Python: it lacks ${lacking}. A current Chrome, Edge or ` +
          "Firefox can; or take the notebook.",
      );
    }
    this.manifest = /** @type {Manifest} */ (await (await fetch(ABOUT_FILES)).json());
    const megabytes = (size(this.manifest) / 1e6).toFixed(0);
    this.say(
      `Python runs in this page: ${this.manifest.about}. It loads ${megabytes} MB from ` +
        "this site, once for all pages. Nothing that you write is sent anywhere.",
      ["Load and start", () => this.begin()],
      ["Not now", () => this.close()],
    );
  }

  close() {
    this.end();
    this.decide(false);
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
    this.ready(
      this.cells.some(({ editor }) => editor)
        ? "Python is running. Change a cell and run it: Shift and Enter."
        : "Python is running. This page shows no code; its figures can be computed anew.",
    );
    this.decide(true);
  }

  /** Start Python, and wait until it is there. */
  async start() {
    if (!this.manifest) return;
    this.say("Loading…", ["Cancel", () => this.close()]);
    this.progress.hidden = false;
    this.done = 0;
    this.session = new Session();
    await this.session.start(this.manifest, ABOUT_FILES.href, (share) => {
      if (share <= 1) return this.progress.value = share;
      this.words.textContent = "Starting Python…";
      this.progress.removeAttribute("value");
    });
  }

  end() {
    this.session?.end();
    this.session = undefined;
  }

  /** @param {string} words */
  ready(words) {
    this.say(
      words,
      ["Run all", () => (this.done = 0, this.run(this.cells.length))],
      ["Reset all", () => {
        this.reset(0, this.cells.length);
        this.ready("The page is as it was.");
      }],
      ["Close", () => this.shut()],
    );
  }

  /** Make the page's cells editors. */
  async open() {
    const { cells } = await (await fetch(new URL("cells.json", location.href))).json();
    this.cells = cells.map((/** @type {Cell} */ cell, /** @type {number} */ index) => {
      const place = document.querySelector(`[data-cell="${index}"]`);
      const code = cell.hidden
        ? null
        : place?.previousElementSibling?.querySelector("code");
      return {
        ...cell,
        place: place instanceof HTMLElement ? place : null,
        built: [...place?.childNodes ?? []],
        editor: place && code ? this.edit(code, place, cell.number, index) : null,
      };
    });
  }

  /** @param {HTMLElement} code
   * @param {Element} place
   * @param {number} number
   * @param {number} index */
  edit(code, place, number, index) {
    const button = (/** @type {string} */ name, /** @type {() => unknown} */ onclick) =>
      make("button", { type: "button", onclick }, name);
    const run = () => this.runAt(index);
    const bar = make(
      "div",
      { className: "nw-run-cell" },
      button("Run", run),
      button("Reset", () => this.reset(index, this.after(index))),
    );
    place.before(bar);
    const changed = () => this.done = Math.min(this.done, index);
    return new Editor(code, `Code of cell ${number}`, this.manifest?.words ?? {}, {
      run,
      changed,
    });
  }

  /** Take the editors away, and leave the page as the build made it. */
  shut() {
    this.reset(0, this.cells.length);
    document.querySelectorAll(".nw-run-cell").forEach((bar) => bar.remove());
    this.cells.forEach(({ editor }) => editor?.shut());
    this.close();
  }

  /** Where the cells end that run with one.
   * @param {number} index */
  after(index) {
    const next = this.cells.findIndex(({ hidden }, i) => i > index && !hidden);
    return next < 0 ? this.cells.length : next;
  }

  /** Give cells back what the build had of them.
   * @param {number} from
   * @param {number} to */
  reset(from, to) {
    for (const { editor, place, built } of this.cells.slice(from, to)) {
      editor?.reset();
      place?.replaceChildren(...built);
      if (place) unmark(place);
    }
    this.done = Math.min(this.done, from);
  }

  /** Run a cell, with what must run before it and what shows it.
   * @param {number} index */
  runAt(index) {
    if (this.busy) return;
    this.done = Math.min(this.done, index);
    return this.run(this.after(index));
  }

  /** Run the cells that have not run, up to one.
   * @param {number} end */
  async run(end) {
    await this.alone(async () => {
      while (this.done < end) if (!await this.one(this.done)) return;
      this.ready(
        end < this.cells.length && this.cells.some(changedIn)
          ? "Done. Run all takes what you changed to the end of the page."
          : "Done.",
      );
    });
  }

  /** Do this when Python has started, and nothing else meanwhile.
   * @param {() => Promise<void>} work */
  async alone(work) {
    if (this.busy) return;
    this.busy = true;
    try {
      if (!this.session) await this.start();
      await work();
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
    const { number, place, inline } = cell;
    const source = cell.editor?.text ?? cell.source;
    /** @type {Message[]} */
    const got = [];
    const show = () => place && showIn(place, cell, got, source === cell.source);
    if (!inline) this.say(`Running cell ${number}…`, ["Stop", () => this.stop()]);
    place?.setAttribute("aria-busy", "true");
    const slow = setInterval(show, 500); // what a long cell prints is seen as it comes
    const ended = await this.session?.run(
      { source, number, inline },
      (message) => got.push(message),
    ).finally(() => {
      clearInterval(slow);
      place?.removeAttribute("aria-busy");
    });
    show();
    if (!ended) return false;
    this.done = index + 1;
    const error = got.find((message) => message.error)?.error;
    if (!error || inline || cell.outputs.some((output) => output.error)) return true;
    const line = error.line ? `, line ${error.line}` : "";
    this.ready(
      cell.hidden
        ? `A cell that is not shown ended with ${error.name}: ${error.message}.`
        : `Cell ${number}${line}: ${error.name}.`,
    );
    place?.scrollIntoView({ block: "nearest" });
    return false;
  }

  /** Run code that is in no cell; whether it ran to its end without an error.
   * @param {string} source
   * @param {HTMLElement} place */
  async runSource(source, place) {
    let well = false;
    await this.alone(async () => {
      /** @type {Message[]} */
      const got = [];
      this.say("Running the code…", ["Stop", () => this.stop()]);
      const cell = { source, number: 0, inline: false };
      if (!await this.session?.run(cell, (message) => got.push(message))) return;
      place.replaceChildren(...draw(got, []));
      well = !got.some((message) => message.error);
      this.ready(well ? "Done." : "The code ended with an error.");
    });
    return well;
  }
}

/** @param {Cell} cell */
const changedIn = ({ editor, source }) => editor !== null && editor.text !== source;

/** Show what a cell gave, in the build's own words if it gave the same.
 * @param {HTMLElement} place
 * @param {Cell} cell
 * @param {Message[]} got
 * @param {boolean} untouched whether its code is the build's */
function showIn(place, { inline, silent, outputs, built }, got, untouched) {
  if (silent || inline && !got.length) return;
  if (untouched && same(got, outputs)) {
    place.replaceChildren(...built);
    return unmark(place);
  }
  if (!inline) return place.replaceChildren(...draw(got, built));
  const before = built.map((node) => node.textContent).join("");
  const error = got.find((message) => message.error)?.error;
  place.replaceChildren(error ? "?" : wordsOf(got));
  place.dataset.changed = "";
  place.title = error
    ? `It cannot be computed: ${error.name}. The page had ${before}.`
    : `The page had ${before}.`;
}

/** @param {HTMLElement} place */
function unmark(place) {
  delete place.dataset.changed;
  place.removeAttribute("title");
}
