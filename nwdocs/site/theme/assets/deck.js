/**
 * The deck: one slide at a time, all at once, or the speaker's view in a second window.
 *
 * Without this script the slides stand one below the other. A slide's name in the address
 * leads to it, as `deck/#bandwidth-matters` does. Windows on one deck turn together.
 */

const root = document.documentElement;

/** @type {HTMLElement[]} */
const slides = [...document.querySelectorAll(".slide")].filter(
  (node) => node instanceof HTMLElement,
);
const TALL = 730; // pixels of an explorable on a wide page, explorer.css
const speaking = new URLSearchParams(location.search).has("speaker");
const together = new BroadcastChannel(`nw-deck ${location.pathname}`);

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

let now = 0;

/**
 * Turn to a slide.
 * @param {number} index from 0; beyond an end it is the end
 * @param {boolean} told whether another window did it
 */
function turn(index, told = false) {
  now = Math.max(0, Math.min(slides.length - 1, index));
  slides.forEach((slide, i) => {
    slide.toggleAttribute("data-now", i === now);
    slide.toggleAttribute("data-next", i === now + 1);
  });
  byId("place").textContent = `${now + 1} / ${slides.length}`;
  const hash = `#${slides[now].id}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
  fit();
  if (speaking) speak();
  else scrollTo(0, 0);
  if (!told) together.postMessage(now);
}

/** Make explorables, which have a size of their own, as large as their slides allow. */
function fit() {
  const upright = innerWidth <= innerHeight && root.dataset.view !== "overview";
  for (const box of document.querySelectorAll(".shown > .nw-explorable")) {
    const shown = box.parentElement;
    if (!(box instanceof HTMLElement) || !shown?.clientHeight) continue;
    box.style.setProperty("zoom", upright ? "1" : String(shown.clientHeight / TALL));
  }
}
addEventListener("resize", fit);

/** Show what the speaker may say of this slide. */
function speak() {
  const notes = slides[now].querySelector(".notes");
  const said = notes
    ? [...notes.children].filter((node) => node.localName !== "summary")
    : [];
  byId("spoken").replaceChildren(...said.map((node) => node.cloneNode(true)));
  byId("spoken").scrollTop = 0;
}

/** @param {string} view */
function look(view) {
  root.dataset.view = view;
  for (const slide of slides) slide.tabIndex = view === "overview" ? 0 : -1;
  fit();
  if (view !== "overview") return scrollTo(0, 0);
  slides[now].focus({ preventScroll: true });
  slides[now].scrollIntoView({ block: "center" });
}

const usual = speaking ? "speaker" : "slides";
const overview = () => look(root.dataset.view === "overview" ? usual : "overview");

/** Choose a slide in the overview. @param {EventTarget | null} target */
function choose(target) {
  if (root.dataset.view !== "overview" || !(target instanceof Element)) return false;
  const slide = slides.findIndex((each) => each.contains(target));
  if (slide < 0) return false;
  look(usual);
  turn(slide);
  return true;
}

// --- Light or dark: as the pages are, which keep it under the theme's own name -----------

const kept = `${new URL("..", location.href).pathname}.__palette`;

/** @param {boolean} dark */
function paint(dark) {
  document.body.dataset.mdColorScheme = dark ? "slate" : "default";
  document.body.dataset.mdColorPrimary = dark ? "black" : "white";
}

function preferred() {
  const asked = matchMedia("(prefers-color-scheme: dark)").matches;
  try {
    const palette = JSON.parse(localStorage.getItem(kept) ?? "null");
    return palette ? palette.color.scheme === "slate" : asked;
  } catch {
    return asked; // a browser that keeps nothing
  }
}

// --- What turns slides -----------------------------------------------------------------

/** @type {Record<string, () => unknown>} */
const actions = {
  on: () => turn(now + 1),
  back: () => turn(now - 1),
  first: () => turn(0),
  last: () => turn(slides.length - 1),
  overview,
  speaker: () =>
    open(`?speaker#${slides[now].id}`, "nw-speaker", "popup,width=1180,height=700"),
  full: () =>
    document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen(),
  scheme: () => paint(document.body.dataset.mdColorScheme !== "slate"),
  print: () => print(),
  reset: () => (began = Date.now(), tell()),
};

/** @type {Record<string, string>} */
const keys = {
  ArrowRight: "on",
  ArrowDown: "on",
  PageDown: "on",
  " ": "on",
  ArrowLeft: "back",
  ArrowUp: "back",
  PageUp: "back",
  Home: "first",
  End: "last",
  o: "overview",
  Escape: "overview",
  s: "speaker",
  f: "full",
  d: "scheme",
  p: "print",
};

addEventListener("keydown", (event) => {
  const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
  if (event.defaultPrevented || altKey || ctrlKey || metaKey) return;
  const inside = event.composedPath()[0];
  const typing = inside instanceof Element &&
    inside.closest(
      "input, select, textarea, [contenteditable], nw-explorer, [role=slider]",
    );
  // An explorable has keys of its own; a button is pressed by them.
  const within = event.composedPath().some((node) =>
    node instanceof Element && node.localName === "nw-explorer"
  );
  const pressing = inside instanceof Element && inside.closest("button, a, summary");
  if (typing || within || (pressing && (key === " " || key === "Enter"))) return;
  if (key === "Enter" && choose(target)) return event.preventDefault();
  if (key === "Escape" && document.fullscreenElement) return;
  const tall = root.scrollHeight > innerHeight + 1;
  if (tall && /ArrowUp|ArrowDown| /.test(key)) return; // a long slide scrolls
  const action = actions[key === " " && shiftKey ? "back" : keys[key]];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", (event) => {
  if (choose(event.target)) return event.preventDefault();
  const button = event.target instanceof Element && event.target.closest("[data-do]");
  if (button instanceof HTMLElement) actions[button.dataset.do ?? ""]?.();
});

/** @type {Touch | undefined} */
let touched;
addEventListener("touchstart", (event) => {
  const free = event.touches.length === 1 && event.target instanceof Element &&
    !event.target.closest("nw-explorer, pre, .nw-formula, table");
  touched = free ? event.touches[0] : undefined;
}, { passive: true });
addEventListener("touchend", (event) => {
  const [end] = event.changedTouches;
  if (!touched || root.dataset.view === "overview") return;
  const [across, down] = [end.clientX - touched.clientX, end.clientY - touched.clientY];
  if (Math.abs(across) > 48 && Math.abs(across) > 2 * Math.abs(down)) {
    turn(now + (across < 0 ? 1 : -1));
  }
}, { passive: true });

addEventListener("hashchange", () => {
  const named = slides.findIndex(({ id }) => `#${id}` === location.hash);
  if (named >= 0 && named !== now) turn(named);
});
together.addEventListener("message", ({ data }) => {
  if (data === "where") together.postMessage(now);
  else turn(data, true);
});

// --- The speaker's clock ---------------------------------------------------------------

let began = Date.now();

function tell() {
  const seconds = Math.round((Date.now() - began) / 1000);
  const rest = String(seconds % 60).padStart(2, "0");
  byId("elapsed").textContent = `${Math.floor(seconds / 60)}:${rest}`;
  byId("clock").textContent = new Date().toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
  });
}

// --- Begin -------------------------------------------------------------------------------

paint(preferred());
look(usual);
for (const hidden of document.querySelectorAll(".controls, .speaker")) {
  hidden.toggleAttribute("hidden", hidden.matches(".speaker") && !speaking);
}
if (speaking) {
  document.title = `Speaker: ${document.title}`;
  setInterval(tell, 1000);
  tell();
}
turn(Math.max(0, slides.findIndex(({ id }) => `#${id}` === location.hash)), true);
if (speaking && !location.hash) together.postMessage("where");
