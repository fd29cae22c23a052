/**
 * <nw-explorer>: attention you can touch.
 *
 * The element holds a JSON payload from the build (nwdocs/explorer.py) and a static figure,
 * which stays for print and for pages without JavaScript. It comes alive when it is about to
 * be seen. Its view lives in the page's URL (explorer/view.js). For other scripts, and tests:
 *
 *   element.show({kernel: "boxcar", sigma: 0.1})  change the view, in the URL's words
 *   element.snapshot()  the view, and each number on screen at full precision
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

class Explorer extends HTMLElement {
  /** @type {Live | undefined} */
  #live;

  connectedCallback() {
    explorers.add(this);
    if (!this.#live) return approaching.observe(this);
    this.#live.watch();
    this.#live.open();
  }

  disconnectedCallback() {
    explorers.delete(this);
    this.#live?.stop();
  }

  /** Come alive, unless it is already; without a payload the static figure stays. */
  wake() {
    approaching.unobserve(this);
    const script = this.querySelector("script");
    if (!script || this.#live) return;
    this.#live = new Live(this, JSON.parse(script.text));
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
}

const follow = () => explorers.forEach((one) => one.follow());
addEventListener("popstate", follow);

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
  shown.scrollIntoView({
    behavior: calm.matches ? "auto" : "smooth",
    block: "nearest",
  });
});

customElements.define("nw-explorer", Explorer);
