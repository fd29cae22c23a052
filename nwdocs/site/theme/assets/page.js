/** What the buttons in a page's head do. Without this script there are none. */

/** @type {Record<string, (button: HTMLElement) => unknown>} */
const actions = {
  print: () => print(),
  // What runs the page's cells is loaded when somebody asks for it, and not before.
  run: async (button) => {
    const { offer } = await import(
      new URL(button.dataset.script ?? "", location.href).href
    );
    offer(button);
  },
};

for (const button of document.querySelectorAll(".nw-about [data-do]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => actions[button.dataset.do ?? ""]?.(button));
}

/**
 * Draw figures that were left until they are near the screen, one at a time whenever the
 * page is at rest: it may be saved, or pictured as a whole.
 * @param {Element[]} figures
 */
const drawRest = ([figure, ...rest]) => {
  if (!(figure instanceof SVGElement)) return;
  figure.style.contentVisibility = "visible";
  whenIdle(() => drawRest(rest));
};
const whenIdle = globalThis.requestIdleCallback ?? ((f) => setTimeout(f, 1000));
const begin = () =>
  whenIdle(() => drawRest([...document.querySelectorAll("svg.nw-svg")]));
if (document.readyState === "complete") begin();
else addEventListener("load", begin, { once: true });
