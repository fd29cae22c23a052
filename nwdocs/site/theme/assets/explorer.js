/**
 * <nw-explorer>: attention you can touch.
 *
 * The element holds a JSON payload from the build (nwdocs/figures/explorer.py) and a static
 * figure, which stays for print, for pages without JavaScript, and where the payload cannot
 * be drawn. It comes alive when it is about to be seen, or the page is at rest. Its view
 * lives in the page's URL (explorer/view.js). For other scripts, and tests:
 *
 *   element.show({kernel: "boxcar", sigma: 0.1})  change the view, in the URL's words
 *   element.snapshot()  the view, and each number on screen at full precision
 *   await element.ready()  until all that the view needs has been loaded
 */

import { calm, Live } from "./explorer/live.js";

/** @type {Set<Explorer>} those on the page */
const explorers = new Set();

// A page that is just opening has better things to do than to draw what nobody sees yet.
const approaching = new IntersectionObserver(
  (all) =>
    all.forEach(({ isIntersecting, target }) => {
      if (isIntersecting && target instanceof Explorer) target.wake();
    }),
  { rootMargin: "100% 0px" }, // a screen before it is on screen
);

// What floats over the page makes room for one that is on screen: explorer.css.
const seen = new IntersectionObserver((all) =>
  all.forEach(({ isIntersecting, target }) =>
    target.toggleAttribute("data-seen", isIntersecting)
  )
);

/** Once the page is at rest, all are drawn: it may be saved, or pictured as a whole. */
const atRest = () => {
  const rest = globalThis.requestIdleCallback ?? ((f) => setTimeout(f, 1000));
  rest(() => explorers.forEach((one) => one.wake()));
};
if (document.readyState === "complete") atRest();
else addEventListener("load", atRest, { once: true });

class Explorer extends HTMLElement {
  /** @type {Live | undefined} */
  #live;

  connectedCallback() {
    explorers.add(this);
    seen.observe(this);
    if (!this.#live) return approaching.observe(this);
    this.#live.watch();
    this.#live.open();
    this.#live.render(); // a frame before that would be laid out for another width
  }

  disconnectedCallback() {
    explorers.delete(this);
    seen.unobserve(this);
    this.#live?.stop();
  }

  /** Come alive, unless it is already; without a payload the static figure stays. */
  wake() {
    approaching.unobserve(this);
    const script = this.querySelector("script");
    if (!script || this.#live || !this.isConnected) return;
    try {
      this.#live = new Live(this, JSON.parse(script.text));
    } catch (error) {
      script.remove(); // it is not tried again
      return console.error("The explorable stays a picture:", error);
    }
    this.dataset.alive = "";
    this.connectedCallback();
  }

  /** Take the view from the page's URL; one that sleeps will when it wakes. */
  follow() {
    this.#live?.open(true);
  }

  /** @param {Record<string, unknown>} changes */
  show(changes) {
    this.wake();
    this.#live?.show(changes);
  }

  snapshot() {
    this.wake();
    return this.#live?.snapshot();
  }

  /** The numbers as they are, not to be changed: for who needs them often. */
  numbers() {
    return this.#live?.model;
  }

  async ready() {
    this.wake();
    await this.#live?.ready();
  }
}

const follow = () => explorers.forEach((one) => one.follow());
addEventListener("popstate", follow);

/** Bring all of an explorable into view, or its top where it is taller than that.
 * @param {Explorer} explorer */
function bringIntoView(explorer) {
  const room = innerHeight - parseFloat(getComputedStyle(explorer).scrollMarginTop);
  const { top, bottom, height } = explorer.getBoundingClientRect();
  if (top >= innerHeight - room && bottom <= innerHeight) return;
  explorer.scrollIntoView({
    behavior: calm.matches ? "auto" : "smooth",
    block: height <= room ? "end" : "start",
  });
}

// A link to a view on this very page changes the view, without loading the page anew.
document.addEventListener("click", (event) => {
  const { button, ctrlKey, metaKey, shiftKey } = event;
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (!link?.href || button || ctrlKey || metaKey || shiftKey) return;
  if (link.origin + link.pathname !== location.origin + location.pathname) return;
  const shown = [...explorers].find(({ id }) => link.search.match(`[?&]${id}\\.`));
  if (!shown) return;
  event.preventDefault();
  if (link.href !== location.href) history.pushState(history.state, "", link.href);
  follow();
  bringIntoView(shown);
});

customElements.define("nw-explorer", Explorer);
