/** A reader's own two columns: the bandwidth is chosen for them, and nothing leaves the page. */

import { effectiveKeys, kernelOf } from "./attention.js";
import { searching } from "./best.js";
import { namedIn } from "./markup.js";
import { short, text } from "./numbers.js";
import { share } from "./scenes.js";
import { MOST_ROWS, readRows, readTable, writeRows } from "./table.js";

/** @import { Live } from "./live.js" */
/** @import { Interval, Part, Payload } from "./types.d.ts" */
/** @import { Columns } from "./table.js" */

const MOST_IN_LINK = 3500; // characters
const MOST_PASTED = 200_000; // characters that go into the text field
const STRETCH = 12; // ms of a search, between which the page can answer
const ROWS = 11; // of the table

/** What an explorable of these points is told.
 * @type {(payload: Payload, columns: Columns, sigma: number) => Payload} */
export function payloadOf(payload, { x, y }, sigma) {
  const domain = /** @type {const} */ ([x[0], x[x.length - 1]]);
  const span = domain[1] - domain[0];
  const [least, most] = [Math.min(...y), Math.max(...y)];
  return {
    ...payload,
    controls: ["kernels", "bandwidth", "weights"],
    view: {
      kernel: "gaussian",
      sigma,
      query: (domain[0] + domain[1]) / 2,
      noise: 0,
      points: x.length,
    },
    kernels: Object.fromEntries(
      Object.entries(payload.kernels).map(([name, kernel]) => [
        name,
        { ...kernel, best: name === "gaussian" ? sigma : null },
      ]),
    ),
    bandwidths: [40, 20, 10, 5].map((n) => Number((span / n).toPrecision(1))),
    limits: {
      ...payload.limits,
      sigma: widths(domain),
      points: [x.length, x.length],
      noise: [0, 0],
      x: domain,
      y: [least, most],
    },
    domain,
    queries: { start: domain[0], count: 200, perUnit: 199 / span },
    data: { x, y, error: x.map(() => 0), noise: 0 },
    truth: null,
    source: null,
    validation: { every: 1, y: [] },
    steps: [],
  };
}

/** @type {(domain: Interval) => Interval} */
const widths = ([low, high]) => [(high - low) / 200, high - low];

/** @type {(live: Live, slot: HTMLElement) => Part} */
export function attach(live, slot) {
  const { payload } = live;
  slot.innerHTML = `
<style>
.own { display: grid; gap: 10px }
.own textarea { width: 100%; min-height: 7.5em; font: 13px/1.4 ui-monospace, monospace; background: none; border: 1px solid var(--nw-muted); border-radius: 6px; padding: 6px }
.own .row { flex-wrap: wrap }
.own .bad { color: var(--nw-orange); font-weight: 600 }
.own table { border-collapse: collapse; font-variant-numeric: tabular-nums }
.own :is(td, th) { padding: 3px 14px 3px 0; border-bottom: 1px solid var(--nw-grid); text-align: end; font-weight: 400 }
.own details > summary { min-height: var(--tap); cursor: pointer; align-content: center }
</style>
<div class="own">
<label>Two columns of numbers, x and y, as a spreadsheet copies them: up to ${MOST_ROWS} rows. Nothing leaves this page.
<textarea data-say="text" spellcheck="false" placeholder="0.1&#9;2.3&#10;0.4&#9;3.1&#10;…"></textarea></label>
<div class="row"><button data-press="show">Show it</button><button data-press="example">An example</button><button data-press="notebook" hidden>Notebook</button><button data-press="stop" hidden>Stop</button></div>
<p data-say="message" role="status"></p>
<div data-say="place"></div>
<details data-say="answers" hidden><summary>The estimates as a table</summary><table><thead><tr><th>x</th><th>estimate</th><th>effective keys</th></tr></thead><tbody data-say="rows"></tbody></table></details>
</div>`;
  const say = namedIn(slot, "say");
  const { show, example, notebook: save, stop } = namedIn(slot, "press");
  /** @type {Columns | undefined} */
  let columns;
  /** @type {any} the element that shows them */
  let shown;
  let known = "";
  let search = { stopped: false }; // the latest; an earlier one ends when it sees another

  /** @type {(words: string, bad?: boolean) => void} */
  const tell = (words, bad = false) => {
    say.message.textContent = words;
    say.message.classList.toggle("bad", bad);
  };

  /** Show what the text says, and put it into the link where it fits.
   * @param {string} typed
   * @param {boolean} linked whether it came from the link */
  function open(typed, linked) {
    const read = readTable(typed);
    search = { stopped: true };
    stop.hidden = true;
    if ("message" in read) return tell(read.message, true);
    columns = read;
    const rows = writeRows(read);
    const fits = rows.length <= MOST_IN_LINK;
    if (!linked) {
      known = fits ? rows : "";
      live.dispatch({ type: "detail", detail: known, name: `data ${rows.length}` });
    }
    choose(read, fits ? "" : " They are too many for a link: it will not carry them.");
  }

  /** Let leave-one-out choose the bandwidth, a slice at a time, and show the points.
   * @type {(columns: Columns, note: string) => Promise<void>} */
  async function choose({ x, y }, note) {
    const domain = /** @type {const} */ ([x[0], x[x.length - 1]]);
    const kernel = kernelOf("", payload.kernels.gaussian.formula);
    const token = search = { stopped: false };
    const choosing = (/** @type {number} */ done) =>
      tell(
        `Choosing a bandwidth for ${x.length} points … ${Math.floor(100 * done)} %`,
      );
    choosing(0);
    stop.hidden = false;
    const { inSlices, selectBandwidth } = await searching();
    const found = await inSlices(
      selectBandwidth(x, y, kernel, widths(domain)),
      STRETCH,
      () => search === token && !token.stopped,
      choosing,
    );
    if (search !== token) return;
    stop.hidden = true;
    const sigma = short(found || (domain[1] - domain[0]) / 10);
    place(sigma);
    const why = found
      ? `Leave-one-out chose σ = ${sigma}.`
      : `${
        token.stopped ? "Stopped" : "Leave-one-out cannot tell widths apart here"
      }: σ is a tenth of the range.`;
    tell(`${x.length} points. ${why}${note}`);
  }

  /** @param {number} sigma */
  function place(sigma) {
    if (!columns) return;
    const script = document.createElement("script");
    script.type = "application/json";
    script.text = JSON.stringify(payloadOf(payload, columns, sigma));
    const made = document.createElement("nw-explorer");
    made.id = `${live.host.id}_data`;
    made.style.setProperty("--tall", "0px");
    made.append(script);
    made.addEventListener("nw-update", () => answer());
    say.place.replaceChildren(made);
    shown = made;
    shown.wake();
    save.hidden = say.answers.hidden = false;
    answer();
  }

  /** The table, at evenly spaced x. */
  function answer() {
    if (!say.answers.open || !shown) return;
    const { queries, estimates, weights } = shown.numbers();
    const n = weights.length / queries.length;
    say.rows.innerHTML = Array.from({ length: ROWS }, (_, i) => {
      const q = Math.round(i * (queries.length - 1) / (ROWS - 1));
      const used = effectiveKeys(weights.subarray(q * n, (q + 1) * n));
      return `<tr><td>${text(queries[q])}</td><td>${text(estimates[q], 3)}</td><td>${
        text(used, 1)
      }</td></tr>`;
    }).join("");
  }

  stop.addEventListener("click", () => search.stopped = true);
  show.addEventListener("click", () => open(say.text.value, false));
  example.addEventListener("click", () => {
    const { x, y } = payload.data; // the deck's own
    say.text.value = `x\ty\n${
      x.map((one, i) => `${one.toFixed(2)}\t${y[i].toFixed(2)}`).join("\n")
    }`;
    open(say.text.value, false);
  });
  say.text.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => {
    const pasted = event.clipboardData?.getData("text") ?? "";
    const { value, selectionStart, selectionEnd } = say.text;
    const whole = selectionEnd - selectionStart === value.length;
    if (whole || pasted.length > MOST_PASTED) {
      event.preventDefault(); // a browser is slow to type so much
      if (pasted.length <= MOST_PASTED) say.text.value = pasted;
      return open(pasted, false);
    }
    setTimeout(() => open(say.text.value, false)); // when it is in its place
  });
  say.answers.addEventListener("toggle", answer);
  save.addEventListener("click", async () => {
    const { saveNotebook } = await share();
    saveNotebook(payload, shown.numbers());
  });

  return {
    write(_, { view: { detail } }) {
      if (detail === known) return;
      known = detail;
      if (!detail) return;
      say.text.value = readRows(detail);
      open(say.text.value, true);
    },
    snapshot: () => ({ columns, message: say.message.textContent }),
  };
}
