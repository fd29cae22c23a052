/** What the scenes have in common: the style of where they stand. */

/** @import { Live } from "./live.js" */
/** @import { Part } from "./types.d.ts" */

const STYLE = `<style>
.app > .side { grid-column: span 6; display: flex; flex-direction: column; justify-content: center; gap: 12px }
.app[data-place=side] > .weights, .app[data-place=side] > .cell,
.app[data-place=alone] > :not(.scenes, .scene, .foot, .unseen),
.app:not([data-scene=""], [data-scene=variance]) [data-do=code],
.app[data-hides~=dial] > .dial, .app[data-hides~=kernels] > .kernels, .app[data-hides~=sum] > .sum, .app[data-hides~=tiles] > .tiles, .app[data-hides~=guide] > .guide, .app[data-hides~=cell] > .cell, .app[data-hides~=more] > .more, 
.app[data-hides~=truth] .dash, .app[data-hides~=estimate] .line, .app[data-hides~=query] .diamond,
.app[data-hides~=errors] :is(.best, .dial dl > :not(:first-child)) { display: none }
.app[data-place=alone] [data-do=lecture], .app[data-scene=data] [data-do=link] { display: none }
.app[data-hides~=query] .dot span { display: none }
.app:is([data-place=side], [data-place=alone]):not(.lecture) { min-height: 0 }
.app.wide[data-hides~=kernels] > :is(.sum, .cell):not([hidden]) { grid-column: span 6 }
.app[data-scene=draw] canvas { touch-action: none }
.app[data-place=side] > .sum, .app[data-place=alone] > .foot, .app[data-hides~=tiles] > .foot { grid-column: 1 / -1 }
</style>`;

/** @type {(live: Live) => Part} */
export function attach({ host }) {
  host.shadowRoot?.querySelector("style")?.insertAdjacentHTML("afterend", STYLE);
  return { write() {} };
}
