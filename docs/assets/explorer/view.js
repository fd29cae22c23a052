/**
 * A view: everything that a reader can set, and how the page's URL says it.
 *
 * ?explore.kernel=boxcar&explore.sigma=0.1 is a view of the explorable with the id
 * "explore". What a URL does not say, or says wrongly, is as the build set it.
 */

import { ADDED } from "./model.js";

const MOST_ADDED = 50;

export const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

/** The row of the matrix whose query is nearest to x. */
export const rowAt = ({ start, perUnit, count }, x) =>
  clamp(Math.round((x - start) * perUnit), [0, count - 1]);

const numeric = (limits, whole = false) => ({
  read(string = "") {
    const value = string.trim() === "" ? NaN : Number(string);
    if (!(value >= limits[0] && value <= limits[1])) return undefined;
    return whole && !Number.isInteger(value) ? undefined : value;
  },
  write: String,
});

/** Reads and writes the views of one explorable. */
export class Views {
  constructor(id, payload) {
    const { kernels, limits, queries, steps, view } = payload;
    const x = numeric(limits.x);
    this.id = id;
    this.steps = steps;
    this.fields = {
      step: numeric([0, steps.length], true),
      kernel: { read: (s) => (Object.hasOwn(kernels, s) ? s : undefined), write: String },
      sigma: numeric(limits.sigma),
      query: {
        read: (s) => (x.read(s) === undefined ? undefined : rowAt(queries, x.read(s))),
        write: (row) => String(queries.start + row / queries.perUnit),
      },
      noise: numeric(limits.noise),
      points: numeric(limits.points, true),
      seed: numeric([0, 2 ** 31], true),
      edits: {
        read: (s) => readEdits(s, numeric(limits.x), numeric(limits.y)),
        write: writeEdits,
      },
    };
    this.initial = this.merge({ step: 0, seed: 0, edits: new Map() }, view);
  }

  /** `view` with those of `changes` that make sense, in the URL's words. */
  merge(view, changes) {
    const merged = { ...view };
    for (const [name, { read }] of Object.entries(this.fields)) {
      if (changes[name] === undefined || changes[name] === null) continue;
      const value = read(String(changes[name]));
      if (value !== undefined) merged[name] = value;
    }
    return merged;
  }

  /** What a guided step shows; step 0 is how the build set the explorable. */
  step(step) {
    return step ? this.merge({ ...this.initial, step }, this.steps[step - 1].view) : this.initial;
  }

  words(view) {
    return Object.fromEntries(
      Object.entries(this.fields).map(([name, { write }]) => [name, write(view[name])]),
    );
  }

  fromURL(url) {
    const said = (name) => url.searchParams.get(`${this.id}.${name}`) ?? undefined;
    const changes = Object.fromEntries(Object.keys(this.fields).map((n) => [n, said(n)]));
    return this.merge(this.step(this.fields.step.read(changes.step) ?? 0), changes);
  }

  /** `url` with this view in place of its own; other explorables' views stay. */
  toURL(view, url) {
    const usual = { ...this.words(this.step(view.step)), step: "0" };
    const result = new URL(url);
    for (const [name, word] of Object.entries(this.words(view))) {
      if (word === usual[name]) result.searchParams.delete(`${this.id}.${name}`);
      else result.searchParams.set(`${this.id}.${name}`, word);
    }
    return result;
  }
}

/** "d17 m12_1.25_3.4 a_2_5": remove point 17, move point 12, add one at (2, 5). */
function readEdits(string, numericX, numericY) {
  const edits = new Map();
  let next = ADDED;
  for (const token of string.split(" ")) {
    const [head, ...at] = token.split("_");
    const id = numeric([0, ADDED - 1], true).read(head.slice(1));
    const place = { x: numericX.read(at[0]), y: numericY.read(at[1]) };
    const placed = place.x !== undefined && place.y !== undefined;
    if (head[0] === "d" && id !== undefined) edits.set(id, null);
    if (head[0] === "m" && id !== undefined && placed) edits.set(id, place);
    if (head === "a" && placed && next < ADDED + MOST_ADDED) edits.set(next++, place);
  }
  return edits;
}

const writeEdits = (edits) =>
  Array.from(edits, ([id, at]) => {
    if (!at) return `d${id}`;
    const head = id < ADDED ? `m${id}` : "a";
    return `${head}_${at.x}_${at.y}`;
  }).join(" ");
