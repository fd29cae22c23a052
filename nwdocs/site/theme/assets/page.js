/** What a button in a page's head does. Without this script there is none. */

const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
  document.querySelectorAll("[data-do=print]")
);
for (const button of buttons) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
