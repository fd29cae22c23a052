/** The explorable's style, for its shadow root. */

export const style = `
:host { display: block }
.app {
  --ink: var(--nw-ink, #1b1f24); --muted: var(--nw-muted, #57606a);
  --grid: var(--nw-grid, #d8dee4); --blue: var(--nw-blue, #0072b2);
  --orange: var(--nw-orange, #b84a00); --purple: var(--nw-purple, #9a4d7e);
  --paper: var(--nw-paper, #fff);
  --tint: color-mix(in srgb, var(--blue) 12%, transparent);
  color: var(--ink); font-size: 13px; line-height: 1.4;
  display: flex; flex-direction: column; gap: 10px; box-sizing: border-box;
  min-height: var(--tall); padding: 12px; border: 1px solid var(--grid); border-radius: 8px;
  container-type: inline-size;
}
[hidden] { display: none !important }
* { box-sizing: border-box }
p, ul, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0 }
button, input { font: inherit; color: inherit; margin: 0 }
button {
  min-height: 28px; padding: 2px 10px; border: 1px solid var(--muted); border-radius: 14px;
  background: none; cursor: pointer;
}
button:hover { border-color: var(--ink); background: var(--tint) }
button[aria-pressed=true], .kernels :checked + span {
  border-color: var(--blue); box-shadow: inset 0 0 0 1px var(--blue); background: var(--tint);
}
button:disabled { opacity: .5 }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }

.steps { display: flex; flex-wrap: wrap; gap: 6px; align-items: center }
.steps strong { margin-right: 4px }
.steps p { flex: 100% 0 0; min-height: 4.2em }

.kernels { position: relative; display: flex; gap: 4px; overflow-x: auto; scrollbar-width: thin }
.kernels label { position: relative; flex: 1 0 auto; cursor: pointer }
.kernels input { position: absolute; opacity: 0; width: 1px; height: 1px }
.kernels span {
  display: grid; justify-items: center; padding: 3px 5px; font-size: 11px;
  border: 1px solid var(--grid); border-radius: 6px;
}
.kernels span:hover { border-color: var(--ink) }
.kernels :focus-visible + span { outline: 2px solid var(--blue); outline-offset: -3px }
.kernels svg { width: 32px; height: 14px }
.kernels polyline { fill: none; stroke: var(--purple); stroke-width: 1.5 }

.width { display: flex; gap: 12px; align-items: center }
.width > label { flex: none; width: 8em }
.width b { display: block; font-size: 16px; white-space: nowrap }
.scale { position: relative; flex: 1; padding: 24px 0; min-width: 0 }
.scale input { display: block }
.best, .marks button {
  position: absolute; left: calc(9px + var(--at) * (100% - 18px)); min-height: 24px; padding: 0;
  border: 0; border-radius: 0; font-size: 11.5px; white-space: nowrap;
}
.best { top: 0; transform: translateX(calc(var(--at) * -100%)); background: none !important; color: var(--orange) }
.best::after { content: ""; position: absolute; left: calc(var(--at) * 100% - 5px); top: 19px; border: 5px solid transparent; border-top: 7px solid; border-bottom: 0 }
.best:hover { text-decoration: underline }
.marks button { bottom: 0; width: 28px; margin-left: -14px; padding-top: 6px }
.marks button::before { content: ""; position: absolute; left: 50%; top: 0; height: 5px; border-left: 1.5px solid var(--muted) }

input[type=range] {
  appearance: none; width: 100%; height: 24px; background: none; cursor: pointer; touch-action: pan-y;
}
input[type=range]::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: var(--muted) }
input[type=range]::-moz-range-track { height: 4px; border-radius: 2px; background: var(--muted) }
input[type=range]::-webkit-slider-thumb {
  appearance: none; width: 18px; height: 18px; margin-top: -7px; border-radius: 50%;
  border: 2px solid var(--paper); background: var(--blue);
}
input[type=range]::-moz-range-thumb {
  width: 14px; height: 14px; border-radius: 50%; border: 2px solid var(--paper); background: var(--blue);
}

.views { flex: 1; display: grid; grid-template-columns: 1fr 1fr; gap: 12px }
.views section { display: flex; flex-direction: column; min-width: 0 }
.key {
  display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: center; list-style: none;
  min-height: 22px; font-size: 12px;
}
.key li::before { content: ""; display: inline-block; margin-right: 5px; vertical-align: middle }
.dot::before { width: 9px; height: 9px; border-radius: 50%; background: var(--blue) }
.line::before { width: 16px; border-top: 2.5px solid var(--orange) }
.dash::before { width: 16px; border-top: 2px dashed var(--muted) }
.diamond::before { width: 8px; height: 8px; rotate: 45deg; background: var(--purple) }
.bar { flex-wrap: nowrap; gap: 6px; white-space: nowrap }
.bar i { flex: 0 1 120px; height: 10px }
canvas {
  flex: 1 0 260px; width: 100%; height: 260px; min-height: 0; touch-action: pan-y;
  cursor: crosshair;
}
.editing canvas[data-view=data] { touch-action: none; cursor: copy }
.editing canvas.over { cursor: grab }
.views p { min-height: 4.2em; font-size: 12.5px; overflow-wrap: anywhere }
.views b { font-weight: 600; white-space: nowrap }
.views b[data-key] { border-bottom: 2px dotted var(--blue) }

dl { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px }
dt { color: var(--muted); font-size: 12px }
dd { font-size: 17px; line-height: 1.25; min-height: 1.25em; font-variant-numeric: tabular-nums }
dd small { display: block; font-size: 12px; color: var(--muted) }

.sample, .edit { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center }
.sample label { flex: 1 1 120px; display: flex; gap: 5px; align-items: center; min-width: 0 }
.sample input { flex: 1; min-width: 0 }
.sample label > span { min-width: 1.9em; font-variant-numeric: tabular-nums }
.sample > span, .edit span { display: flex; gap: 6px; align-items: center }
.edit p { flex: 100% 0 0; color: var(--muted) }
.edit input { width: 5.5em; min-height: 28px; padding: 0 4px; border: 1px solid var(--muted); border-radius: 4px; background: none }

@container (width < 560px) {
  .steps p { min-height: 9.8em }
  .steps span { display: none }
  .width { display: block }
  .width b { display: inline }
  .views, dl { grid-template-columns: 1fr }
  dl { grid-template-columns: 1fr 1fr }
}

@media print { .app { display: none } }`;
