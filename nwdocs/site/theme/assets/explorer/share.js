/** A link to a view, the explorable in a page of someone else's, and before an audience. */

import { codeOf, notebookOf } from "./code.js";
import { namedIn } from "./markup.js";

/** @import { Live } from "./live.js" */
/** @import { Model } from "./model.js" */
/** @import { Payload, View } from "./types.d.ts" */

/** The address of what is shown, on this page.
 * @param {Live} live */
const address = ({ host, views, state }) => {
  const url = views.toURL(state.view, location.href);
  url.hash = host.id;
  return url.href;
};

/** Markup of a frame that holds the explorable alone, as it is shown. All of the view is
 * said: the page in the frame may begin with another.
 * @param {Live} live */
export function frame({ views, state, host }) {
  const url = new URL("../../embed/", import.meta.url);
  for (const [name, word] of Object.entries(views.words(state.view))) {
    if (word) url.searchParams.set(`explore.${name}`, word);
  }
  const height = Math.ceil(host.shadowRoot?.querySelector(".app")?.clientHeight ?? 700);
  return `<iframe src="${url.href.replaceAll("&", "&amp;")}" width="100%" height="${
    height + 40
  }" style="border:0" title="Attention pooling, to touch" loading="lazy" allow="fullscreen; clipboard-write"></iframe>`;
}

/** Copy, and where a browser does not let us, show what is to be copied.
 * @type {(live: Live, text: string, what: string) => Promise<void>} */
async function copy(live, text, what) {
  const { button, slot: { share } } = live.parts;
  button.code.ariaExpanded = "false"; // its place is taken
  const words = document.createElement("p");
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.rows = 2;
  field.ariaLabel = what;
  field.style.cssText =
    "width:100%;font:12px monospace;background:none;border:1px solid var(--nw-muted);border-radius:4px;padding:4px";
  share.setAttribute("role", "status");
  share.replaceChildren(words, field);
  field.select();
  try {
    await navigator.clipboard.writeText(text);
    words.textContent = `${what}: copied.`;
  } catch {
    words.textContent = `${what}: copy it from here.`;
  }
}

/** @param {Live} live */
export const copyLink = (live) => copy(live, address(live), "Link to this view");

/** @param {Live} live */
export const offerEmbed = (live) =>
  copy(live, frame(live), "HTML that embeds this view");

const PYTHON = "[data-do=run][data-script]"; // a page's button, where it can run Python

/** What runs Python in this page.
 * @returns {Promise<{runSource: (source: string, place: HTMLElement) => unknown}>} */
function python() {
  const button = /** @type {HTMLElement} */ (document.querySelector(PYTHON));
  return import(new URL(button.dataset.script ?? "", location.href).href);
}

/** The view as code, which follows the view; or put it away.
 * @param {Live} live */
export function showCode(live) {
  const { host, model, parts: { button, slot: { share } }, payload, views } = live;
  const open = button.code.ariaExpanded === "true";
  button.code.ariaExpanded = String(!open);
  share.removeAttribute("role");
  if (open) return share.replaceChildren();
  share.innerHTML = `<style>
.app > .foot:has(pre) { grid-column: 1 / -1 }
pre { overflow: auto; max-height: 32em; margin: 4px 0 8px; padding: 8px; border: 1px solid var(--nw-grid); border-radius: 6px; font: 12.5px/1.45 ui-monospace, monospace }
.ran { margin-inline-start: 8px }
</style>
<pre tabindex="0" aria-label="This view in Python"></pre>
<button data-press="copy">Copy code</button> <button data-press="run" hidden>Run</button><span class="ran" role="status" data-press="said"></span>`;
  const { copy, run, said } = namedIn(share, "press");
  const code = /** @type {HTMLElement} */ (share.querySelector("pre"));
  const place = document.createElement("div"); // on the page, whose look outputs have
  const gone = new AbortController();
  /** @type {View | undefined} */
  let shown;
  const write = () => {
    if (!code.isConnected) {
      place.remove();
      return gone.abort();
    }
    if (model.view === shown || model.view !== live.state.view) return;
    shown = model.view;
    code.textContent = codeOf(payload, model, views.initial);
    said.textContent = "";
    place.replaceChildren();
  };
  host.addEventListener("nw-update", write, { signal: gone.signal });
  live.draw();
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      said.textContent = "Copied.";
    } catch {
      getSelection()?.selectAllChildren(code);
      said.textContent = "Selected: copy it from here.";
    }
  });
  run.hidden = !document.querySelector(PYTHON);
  run.addEventListener("click", async () => {
    host.after(place);
    try {
      await (await python()).runSource(code.textContent ?? "", place);
    } catch {
      said.textContent = "Python could not be loaded.";
    }
  });
}

/** @type {(payload: Payload, model: Model) => void} */
export function saveNotebook(payload, model) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(
    new Blob([notebookOf(payload, model)], { type: "application/x-ipynb+json" }),
  );
  link.download = "attention-pooling.ipynb";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const ROOM = `<style>
:host(.lecture) { position: fixed; inset: 0; z-index: 99; overflow: auto; background: var(--nw-paper, #fff) }
.lecture { font-size: 24px; min-height: 100vh; border: 0; border-radius: 0; --tap: 48px; --picture: max(240px, min(50vh, 100vh - 560px)) }
.lecture > :is(.sum, .cell, .tiles), .lecture > .foot > :not([data-do=lecture]) { display: none }
.lecture > .dial { grid-column: 1 / -1 }
.lecture > .foot { grid-column: 1 / -1 }
.lecture .scale { padding: 44px 0 }
</style>`;

/** Fill the screen, or stop doing so: with the browser's own, where there is one.
 * @param {Live} live */
export async function lecture(live) {
  if (live.state.lecture) return leave(live);
  const { host, parts: { app, button } } = live;
  if (!host.shadowRoot?.querySelector(".room")) {
    app.insertAdjacentHTML(
      "beforebegin",
      ROOM.replace("<style", '<style class="room"'),
    );
  }
  live.dispatch({ type: "lecture", on: true });
  if (!live.state.view.step) step(live, 1);
  live.draw("look", "layout");
  button.lecture.textContent = "End lecture";
  app.focus({ preventScroll: true });
  const ended = new AbortController();
  const { signal } = ended;
  const end = () => {
    ended.abort();
    live.dispatch({ type: "lecture", on: false });
    button.lecture.textContent = "Lecture";
    live.draw("look", "layout");
  };
  addEventListener("nw-lecture-end", end, { signal });
  addEventListener("keydown", (event) => {
    const by = turns(event);
    if (event.key === "Escape") leave(live);
    else if (by) step(live, by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal, capture: true });
  try {
    await host.requestFullscreen();
    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement) leave(live);
    }, { signal });
  } catch { /* it fills the window, at least */ }
}

/** @param {Live} live */
function leave(live) {
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  if (live.state.lecture) dispatchEvent(new Event("nw-lecture-end"));
}

/** How many steps on a key goes.
 * @param {KeyboardEvent} event */
function turns({ key }) {
  return { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[key] ?? 0;
}

/** @type {(live: Live, by: number) => void} */
function step(live, by) {
  const { steps } = live.payload;
  const at = steps.findIndex(({ name }) => name === live.state.view.step);
  const next = steps[Math.min(Math.max(at + by, 0), steps.length - 1)];
  if (next) live.dispatch({ type: "step", step: next.name });
}
