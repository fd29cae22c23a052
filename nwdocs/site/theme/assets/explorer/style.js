/** The explorable's style, for its shadow root: nwdocs/site/plugin/script.py makes it short. */

export const style = `<style>
:host { display: block }
.app {
  --tint: color-mix(in srgb, var(--nw-blue) 12%, transparent);
  --tap: 32px; --low: 24px; --picture: clamp(280px, 31cqw, 440px); /* as in explorer.css */
  color: var(--nw-ink); font-size: 14px; line-height: 1.4;
  min-height: var(--tall); padding: 12px; border: 1px solid var(--nw-grid); border-radius: 8px;
  display: grid; gap: 10px 12px; outline: 0;
  grid-template-columns: repeat(12, minmax(0, 1fr)); align-content: start;
}
.app > * { grid-column: 1 / -1; min-width: 0 }
[hidden] { display: none !important }
* { box-sizing: border-box }
p, ul, dl, dd, fieldset, pre { margin: 0; padding: 0; border: 0; min-width: 0 }
button, input, select, textarea { font: inherit; color: inherit; margin: 0 }
button {
  min-height: var(--tap); min-width: var(--tap); padding: 2px 10px; border: 1px solid var(--nw-muted); border-radius: 16px;
  background: none; cursor: pointer; white-space: nowrap;
}
button:hover:enabled { border-color: var(--nw-ink); background: var(--tint) }
button[aria-pressed=true], button[aria-current=step], .kernels :checked + span {
  border-color: var(--nw-blue); box-shadow: inset 0 0 0 1px var(--nw-blue); background: var(--tint);
}
:disabled { opacity: .5; cursor: default }
:focus-visible { outline: 2px solid var(--nw-blue); outline-offset: 2px }
.app:focus-visible { outline: 0 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.row { position: relative; display: flex; gap: 6px; overflow-x: auto; scrollbar-width: none; padding: 2px }
.row > * { flex: none }
.help, dd small { font-size: .86em; line-height: 1.25; color: var(--nw-muted) }
b { font-weight: 600 }

.app > .data, .app > .weights { grid-column: span 6; display: flex; flex-direction: column }
.app > .data:has(~ .weights[hidden] ~ .scene:not(.side)) { grid-column: 1 / -1 }
.key {
  display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: center; list-style: none;
  min-height: 22px; font-size: .9em;
}
.key li::before { content: ""; display: inline-block; margin-right: 5px; vertical-align: middle }
.dot::before { width: 9px; height: 9px; border-radius: 50%; background: var(--nw-blue) }
.line::before { width: 16px; border-top: 2.5px solid var(--nw-orange) }
.dash::before { width: 16px; border-top: 2px dashed var(--nw-muted) }
.diamond::before { width: 8px; height: 8px; rotate: 45deg; background: var(--nw-purple) }
canvas { flex: none; width: 100%; height: var(--picture); touch-action: pan-y; cursor: crosshair }

.dial { display: flex; gap: 16px; align-items: center }
dl { display: flex; gap: 6px 14px }
dt { font-size: .9em; color: var(--nw-muted); white-space: nowrap }
dd { font-size: 1.25em; line-height: 1.25; font-variant-numeric: tabular-nums }
dd.help { font-size: .86em }
.dial dl > * { width: 8.9em }
.scale { position: relative; flex: 1; padding: 22px 0; min-width: 180px }
.scale input { display: block }
.best, .marks button {
  position: absolute; left: calc(9px + var(--at) * (100% - 18px)); min-height: var(--low); padding: 0;
  border: 0; border-radius: 0; font-size: .85em; display: flex; justify-content: center; line-height: 1.5;
}
.best { top: -2px; transform: translateX(calc(var(--at) * -100%)); background: none !important; color: var(--nw-orange) }
.best::after { content: ""; position: absolute; left: calc(var(--at) * 100% - 5px); bottom: -2px; border: 5px solid transparent; border-top: 7px solid; border-bottom: 0 }
.best:hover { text-decoration: underline }
.marks button { bottom: -2px; width: var(--tap); margin-left: calc(var(--tap) / -2); padding-top: 7px }
.marks button::before { content: ""; position: absolute; left: 50%; top: 0; height: 5px; border-left: 1.5px solid var(--nw-muted) }
input[type=range] { appearance: none; width: 100%; height: var(--low); background: none; cursor: pointer; touch-action: pan-y }
input[type=range]::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: var(--nw-muted) }
input[type=range]::-moz-range-track { height: 4px; border-radius: 2px; background: var(--nw-muted) }
input[type=range]::-webkit-slider-thumb {
  appearance: none; width: 18px; height: 18px; margin-top: -7px; border-radius: 50%;
  border: 2px solid var(--nw-paper); background: var(--nw-blue);
}
input[type=range]::-moz-range-thumb {
  width: 14px; height: 14px; border-radius: 50%; border: 2px solid var(--nw-paper); background: var(--nw-blue);
}

.kernels { display: flex; gap: 6px; align-items: center }
.wide:not(.open) > :is(.kernels, .sum, .cell):not([hidden]) { grid-column: span 4 }
.kernels fieldset { flex-wrap: wrap }
.kernels label { position: relative; cursor: pointer }
.kernels span { display: grid; justify-items: center; align-content: center; min-height: var(--tap); padding: 3px 8px; font-size: .85em; border: 1px solid var(--nw-grid); border-radius: 6px }
.kernels span:hover { border-color: var(--nw-ink) }
.kernels :focus-visible + span { outline: 2px solid var(--nw-blue); outline-offset: -3px }
.kernels svg { width: 32px; height: 14px }
.kernels polyline { fill: none; stroke: var(--nw-purple); stroke-width: 1.5 }
.app:not(.open) .rare:not(:has(:checked)) { display: none }

.app > .guide { min-height: 106px }
.guide:not([hidden]) { border: solid var(--nw-grid); border-width: 1px 0; padding: 8px 0 }
.app > .sum, .app > .cell { grid-column: span 6; min-height: 2.8em; font-size: .93em; overflow-wrap: anywhere }
.app > .sum:has(+ .cell[hidden]) { grid-column: 1 / -1 }
.sum b { white-space: nowrap }
.sum b[data-key] { border-bottom: 2px dotted var(--nw-blue) }
.app > .tiles { grid-column: span 6 }
.tiles > * { flex: 1 }
.app > .foot { grid-column: span 6; display: flex; flex-wrap: wrap; gap: 6px; align-content: start; justify-content: end }
.foot > div { flex: 100% 0 0; min-width: 0 }

@media print { .app { display: none } }

/* As wide as a phone: the picture, its slider and its numbers, then the rest. */
.narrow { --tap: 44px; --low: 44px; --picture: 224px; font-size: 13.5px; padding: 8px; gap: 8px }
.narrow > * { grid-column: 1 / -1 !important }
.narrow > :is(.scene, .guide, .kernels, .more) { order: 1 }
.narrow > .weights { order: 2 }
.narrow > :is(.sum, .cell, .tiles, .foot) { order: 3 }
.narrow > .dial { display: block }
.narrow .dial dl > * { width: auto; flex: 1 }
.app:not(.wide) .key span:not([data-out]) { display: none }
.narrow dt { white-space: normal; line-height: 1.15 }
.narrow .scale { padding: 24px 0 30px }
.narrow .best { margin-top: -10px; padding-top: 17px }
.narrow .kernels fieldset { flex-wrap: nowrap }
.narrow > .foot { justify-content: start }
.narrow [data-do=embed] { display: none }
.narrow.app > .guide { min-height: 224px }
</style>`;
