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
