/**
 * A view: everything that a reader can set, and how the page's URL says it.
 *
 * ?explore.kernel=boxcar&explore.sigma=0.1 is a view of the explorable with the id
 * "explore". What a URL does not say, or says wrongly, is as the build set it.
 */

import { rowAt } from "./numbers.js";
import { ADDED } from "./sample.js";

/** @import { Edits, Field, Interval, Payload, Place, View } from "./types.d.ts" */

const MOST_ADDED = 50;
const MOST_DETAIL = 4000; // characters: browsers and mail take links of about that

/** @type {(names: string[]) => Field<string>} */
const oneOf = (names) => ({
  read: (text = "") => (names.includes(text) ? text : undefined),
  write: String,
});

/** @type {(limits: Interval, whole?: boolean) => Field<number>} */
const numeric = (limits, whole = false) => ({
  read(text = "") {
    const value = text.trim() === "" ? NaN : Number(text);
    if (!(value >= limits[0] && value <= limits[1])) return undefined;
    return whole && !Number.isInteger(value) ? undefined : value;
  },
  write: String,
});

/** @type {(payload: Payload) => Field<number>} */
const queryField = ({ limits, queries }) => ({
  read(text) {
    const x = numeric(limits.x).read(text);
    return x === undefined ? undefined : rowAt(queries, x);
  },
  write: (row) => String(queries.start + row / queries.perUnit),
});

/** "d17 m12_1.25_3.4 a_2_5": remove point 17, move point 12, add one at (2, 5).
 * @type {(limits: Payload["limits"]) => Field<Edits>} */
const editsField = (limits) => ({
  read(text = "") {
    const [point, x, y] = [
      numeric([0, ADDED - 1], true),
      numeric(limits.x),
      numeric(limits.y),
    ];
    /** @type {Map<number, Place | null>} */
    const edits = new Map();
    let next = ADDED;
    for (const token of text.split(" ")) {
      const [head, ...at] = token.split("_");
      const id = point.read(head.slice(1));
      const place = { x: x.read(at[0]), y: y.read(at[1]) };
      if (head[0] === "d" && id !== undefined) edits.set(id, null);
      if (!isPlace(place)) continue;
      if (head[0] === "m" && id !== undefined) edits.set(id, place);
      if (head === "a" && next < ADDED + MOST_ADDED) edits.set(next++, place);
    }
    return edits;
  },
  write: (edits) =>
    Array.from(edits, ([id, at]) => {
      if (!at) return `d${id}`;
      const head = id < ADDED ? `m${id}` : "a";
      return `${head}_${at.x}_${at.y}`;
    }).join(" "),
});

/** @type {(at: Partial<Place>) => at is Place} */
const isPlace = (at) => at.x !== undefined && at.y !== undefined;

/** Reads and writes the views of one explorable. */
export class Views {
  /** @type {Record<string, Field<any>>} by their names in View */
  #fields;
  /** @type {Map<string, Record<string, unknown>>} what each guided step shows */
  #steps;

  /**
   * @param {string} id
   * @param {Payload} payload
   */
  constructor(id, payload) {
    const { controls, kernels, limits, steps, view } = payload;
    this.id = id;
    this.#steps = new Map(steps.map((step) => [step.name, step.view]));
    this.#fields = {
      step: oneOf(["", ...this.#steps.keys()]),
      scene: oneOf(["", ...controls]),
      detail: { read: (s = "") => s.slice(0, MOST_DETAIL), write: String },
      kernel: oneOf(Object.keys(kernels)),
      sigma: numeric(limits.sigma),
      query: queryField(payload),
      noise: numeric(limits.noise),
      points: numeric(limits.points, true),
      seed: numeric([0, 2 ** 31], true),
      edits: editsField(limits),
    };
    /** @type {View} how the build set the explorable */
    this.initial = this.merge({
      step: "",
      scene: "",
      detail: "",
      seed: 0,
      edits: new Map(),
      ...view,
    }, view);
  }

  /** `view` with those of `changes` that make sense, in the URL's words.
   * @type {(view: View, changes: Record<string, unknown>) => View} */
  merge(view, changes) {
    const merged = Object.entries(this.#fields).map(([name, { read }]) => {
      const word = changes[name] ?? undefined;
      return [name, word === undefined ? undefined : read(String(word))];
    });
    return {
      ...view,
      ...Object.fromEntries(merged.filter(([, value]) => value !== undefined)),
    };
  }

  /** What a guided step shows; without one, how the build set the explorable.
   * @type {(step: string) => View} */
  step(step) {
    return this.merge({ ...this.initial, step }, this.#steps.get(step) ?? {});
  }

  /** @type {(view: View) => Record<string, string>} */
  words(view) {
    /** @type {Record<string, unknown>} */
    const values = { ...view };
    const fields = Object.entries(this.#fields);
    return Object.fromEntries(
      fields.map(([name, { write }]) => [name, write(values[name])]),
    );
  }

  /** @type {(url: URL) => View} */
  fromURL(url) {
    const said = Object.fromEntries(
      Object.keys(this.#fields).map((name) => [
        name,
        url.searchParams.get(`${this.id}.${name}`),
      ]),
    );
    return this.merge(this.step(this.#fields.step.read(said.step ?? "") ?? ""), said);
  }

  /** `url` with this view in place of its own; other explorables' views stay.
   * @type {(view: View, url: string | URL) => URL} */
  toURL(view, url) {
    /** @type {Record<string, string>} */
    const usual = { ...this.words(this.step(view.step)), step: "" };
    const result = new URL(url);
    for (const [name, word] of Object.entries(this.words(view))) {
      if (word === usual[name]) result.searchParams.delete(`${this.id}.${name}`);
      else result.searchParams.set(`${this.id}.${name}`, word);
    }
    return result;
  }
}
