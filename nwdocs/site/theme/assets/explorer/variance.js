/** Thirty samples at once: the gap between their mean and the truth is bias, their spread variance. */

import { Ghosts } from "./ghosts.js";
import { namedIn } from "./markup.js";
import { text } from "./numbers.js";

/** @import { Live } from "./live.js" */
/** @import { Part, View } from "./types.d.ts" */

/** @type {(live: Live, slot: HTMLElement) => Part} */
export function attach({ model, payload }, slot) {
  slot.innerHTML = `
<style>
.bars { display: grid; grid-template-columns: auto 1fr auto; gap: 8px 10px; align-items: center; margin: 10px 0 }
.bars i { height: 16px; border-radius: 3px; min-width: 2px }
.bars b { font-size: 1.2em; font-variant-numeric: tabular-nums }
.mean::before { width: 16px; border-top: 3px solid var(--nw-ink) }
.ghost::before { width: 16px; border-top: 1.5px solid var(--nw-orange); opacity: .5 }
</style>
<ul class="key"><li class="ghost">30 samples, a curve each<li class="mean">their mean</ul>
<p>Another sample gives another curve. Turn the bandwidth, and see what it trades.</p>
<div class="bars">
  <span>Bias</span><i data-bar="bias" style="background:var(--nw-ink)"></i><b data-say="bias"></b>
  <span>Spread</span><i data-bar="deviation" style="background:var(--nw-orange)"></i><b data-say="deviation"></b>
  <span>Error</span><i data-bar="error" style="background:var(--nw-muted)"></i><b data-say="error"></b>
</div>
<p class="help"><b>Bias</b> is the gap from the mean curve to the truth. <b>Spread</b> is how far a curve is from the mean curve (its square is the variance). <b>Error</b>² = bias² + spread². Each is a root mean square over ${payload.validation.y.length} queries.</p>`;
  const [say, bar] = ["say", "bar"].map((name) => namedIn(slot, name));
  const { every } = payload.validation;
  const queries = model.queries.filter((_, i) => i % every === 0);
  const ghosts = new Ghosts(payload, queries);
  /** @type {View | undefined} */
  let shown;
  let now = ghosts.update(model.view, model.kernel);

  const update = () => {
    if (shown !== model.view) now = ghosts.update(model.view, model.kernel);
    shown = model.view;
  };

  return {
    hides: ["query", "sum", "tiles", "guide"],
    paint(chart, _, { colours }) {
      update();
      chart.context.globalAlpha = 0.35;
      for (const curve of ghosts.curves) chart.curve(queries, curve, colours.orange, 1);
      chart.context.globalAlpha = 1;
      chart.curve(queries, now.mean, colours.ink, 3);
    },
    write() {
      update();
      for (const name of /** @type {const} */ (["bias", "deviation", "error"])) {
        say[name].textContent = text(now[name]);
        bar[name].style.width = `${Math.min(now[name] / 1.5, 1) * 100}%`;
      }
    },
    snapshot() {
      update();
      const { bias, deviation, error, mean } = now;
      return {
        bias,
        deviation,
        error,
        mean: mean.slice(),
        curves: ghosts.curves.map((curve) => curve.slice()),
        samples: ghosts.samples(model.view).map(({ keys, values }) => ({
          keys: keys.slice(),
          values: values.slice(),
        })),
      };
    },
  };
}
