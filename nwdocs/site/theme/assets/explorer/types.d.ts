/** The explorable's nouns. This file is for the type checker: no browser loads it. */

import type { Chart } from "./chart.js";
import type { Model } from "./model.js";

export type Interval = readonly [low: number, high: number];
export type Row = ArrayLike<number>;
export type Axis = "x" | "y";
/** What a slider turns. */
export type Turned = "sigma" | "noise" | "points";

/**
 * A kernel of the scaled distance u >= 0, as the coefficients of 1, u, u², ...: of its
 * logarithm; or of a factor that is taken to a power where u < support, and else is 0. An
 * arch is that of a cosine.
 */
export type Formula =
  | { log: number[] }
  | { arch: number; support: number }
  | { factor: number[]; power: number; support: number };

/** A formula, ready to be computed. */
export interface Kernel {
  label: string;
  of(u: number): number;
  log?: [number, number, number]; // of kernels that never reach 0: of 1, u and u²
  flat: boolean; // whether it ignores the distance, and with it the bandwidth
}

export interface KernelFacts {
  label: string;
  best: number | null; // the bandwidth of least leave-one-out error
  formula: Formula;
  code: string; // the similarity in numpy, of u
}

/** What the build tells the browser: written by nwdocs/figures/explorer.py. */
export interface Payload {
  view: Pick<View, "kernel" | Turned | "query">; // its query in the data's units
  controls: string[]; // what a reader is shown
  kernels: Record<string, KernelFacts>;
  first: string[]; // kernels that are offered at once
  bandwidths: number[]; // of the marks under the slider
  limits: Record<Turned | Axis, Interval>;
  domain: Interval; // of keys and queries
  queries: Queries;
  data: { x: number[]; y: number[]; error: number[]; noise: number };
  truth: Curve | null; // where there is one
  validation: { every: number; y: number[] }; // the truth at every so many queries
  colours: { tokens: Record<string, string>; map: string[] };
  pointArea: { least: number; perWeight: number }; // area: least + perWeight * weight
  steps: Step[];
  lines: string[]; // the estimator in numpy
  source: string | null; // what gives the data in Python
}

/** The queries are start, start + 1 / perUnit, and so on. */
export interface Queries {
  start: number;
  count: number;
  perUnit: number;
}

/** A curve as a table of equally distant points. */
export interface Curve {
  start: number;
  step: number;
  y: number[];
}

/** A guided step: what to do, and what was to be seen once it is done. */
export interface Step {
  name: string;
  title: string;
  ask: string; // HTML
  seen: string; // HTML
  view: Partial<Payload["view"]> & { scene?: string };
  done: Goal;
}

/** What a step waits for: all that it names must hold. */
export interface Goal {
  sigma?: Interval;
  kernel?: string;
  scene?: string;
  query?: Interval; // in the data's units
  moved?: number; // how far the query is from where the step began
  answer?: boolean; // whether the query has one
}

/** All that a link to a view says. */
export interface View {
  step: string; // the name of a guided one, or nothing
  scene: string; // what the picture is used for; "" for plain exploring
  detail: string; // what is set in the scene, in the scene's own words
  kernel: string;
  sigma: number;
  query: number; // a row of the matrix
  noise: number;
  points: number;
  seed: number; // 0 is the build's own sample
  edits: Edits;
}

/** By point: where it was moved or added to; null where it was removed. */
export type Edits = ReadonlyMap<number, Place | null>;

export interface Place {
  x: number;
  y: number;
}

export interface Point extends Place {
  id: number;
}

/** All that a reader can change. */
export interface State {
  view: View;
  pinned: boolean; // whether the query stays when the mouse moves
  more: boolean; // whether all controls are shown
  lecture: boolean; // whether it fills the screen
  editing: boolean;
  selected?: number; // id of the point that the edit panel is about
  dragged?: number; // id of the point under a pressed pointer
  key: number; // index of the key pointed at, -1 for none
}

/** All that a reader can do. */
export type Action =
  | { type: "open"; view: View; animate?: boolean }
  | { type: "step"; step: string }
  | { type: "scene"; scene: string }
  | { type: "detail"; detail: string; name: string } // name: of what was turned
  | { type: "kernel"; kernel: string }
  | { type: "turn"; control: Turned; value: number }
  | { type: "release"; control: string }
  | { type: "jump"; sigma: number }
  | { type: "sample" }
  | { type: "reset" }
  | { type: "more" }
  | { type: "lecture"; on: boolean }
  | { type: "point"; query?: number; key?: number; pinned?: boolean }
  | { type: "edit"; first: number }
  | { type: "neighbour"; by: number }
  | { type: "add"; at: Place }
  | { type: "place"; at: Place }
  | { type: "remove" }
  | { type: "grab"; id?: number; at: Place }
  | { type: "drag"; at: Place }
  | { type: "drop" };

/** A part of a view as text, and back: undefined where the text makes no sense. */
export interface Field<T> {
  read(text?: string): T | undefined;
  write(value: T): string;
}

/** What to draw with: the page's font and colours by token, and 256 of the heatmap. */
export interface Look {
  font: string;
  size: number; // of the words on the pictures, in CSS pixels
  lecture: boolean;
  colours: Record<string, string>;
}

/** Writes the weights of one query, in place of a kernel, from `start` on. */
export type Rule = (query: number, weights: Float64Array, start: number) => void;

/** A part of the explorable that is loaded when it is needed. */
export interface Part {
  /** What is not shown: layers of the left picture (truth, estimate, query), and blocks of
   * the interface by their class names. */
  hides?: string[];
  /** How weights are found, where not by kernel and bandwidth. */
  rule?(view: View, model: Model): Rule;
  /** Draw on the left picture, between the points and the estimate. */
  paint?(chart: Chart, model: Model, look: Look): void;
  /** Bring words and controls up to date. */
  write(model: Model, state: State): void;
  /** A pointer on the left picture; true where it is the part's business. */
  pointer?(event: PointerEvent, at: Place): boolean;
  /** A key pressed on the left picture; true where it is the part's business. */
  keydown?(event: KeyboardEvent): boolean;
  /** What snapshot() says of it. */
  snapshot?(): Record<string, unknown>;
}

/** What the shadow root is made of, by name. */
export interface Parts {
  app: HTMLElement;
  sigma: HTMLInputElement;
  kernels: HTMLInputElement[];
  out: Record<string, HTMLElement>;
  button: Record<string, HTMLButtonElement>;
  slot: Record<string, HTMLElement>;
  scenes: HTMLButtonElement[];
  marks: HTMLButtonElement[];
  picture: Record<"data" | "weights", HTMLCanvasElement>;
}
