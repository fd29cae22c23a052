/** The explorable's nouns. This file is for the type checker: no browser loads it. */

export type Interval = readonly [low: number, high: number];
export type Row = ArrayLike<number>;
export type Axis = "x" | "y";
/** What a slider turns. */
export type Turned = "sigma" | "noise" | "points";

/** What the build tells the browser: written by nwdocs/explorer.py. */
export interface Payload {
  view: Pick<View, "kernel" | Turned | "query">; // its query in the data's units
  kernels: Record<string, { label: string; best: number | null }>;
  bandwidths: number[]; // of the marks under the slider
  limits: Record<Turned | Axis, Interval>;
  domain: Interval; // of keys and queries
  queries: Queries;
  data: { x: number[]; y: number[]; error: number[]; noise: number };
  truth: Curve;
  validation: { every: number; y: number[] }; // the truth at every so many queries
  colours: { tokens: Record<string, string>; map: string[] };
  pointArea: { least: number; perWeight: number }; // area: least + perWeight * weight
  steps: Step[];
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

/** A guided step. */
export interface Step {
  title: string;
  text: string; // HTML
  view: Partial<Payload["view"]>;
}

/** All that a link to a view says. */
export interface View {
  step: number; // of the guided ones, from 1; 0 for none
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
  editing: boolean;
  selected?: number; // id of the point that the edit panel is about
  dragged?: number; // id of the point under a pressed pointer
  key: number; // index of the key pointed at, -1 for none
}

/** All that a reader can do. */
export type Action =
  | { type: "open"; view: View; animate?: boolean }
  | { type: "step"; step: number }
  | { type: "kernel"; kernel: string }
  | { type: "turn"; control: Turned; value: number }
  | { type: "release"; control: string }
  | { type: "jump"; sigma: number }
  | { type: "sample" }
  | { type: "reset" }
  | { type: "point"; query?: number; key?: number }
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
  colours: Record<string, string>;
  map: Uint32Array;
}

/** What the shadow root is made of, by name. */
export interface Parts {
  app: HTMLElement;
  edit: HTMLElement;
  sigma: HTMLInputElement;
  steps: HTMLElement[];
  kernels: HTMLInputElement[];
  out: Record<string, HTMLElement>;
  button: Record<string, HTMLButtonElement>;
  field: Record<"noise" | "points", HTMLInputElement>;
  coordinate: Record<Axis, HTMLInputElement>;
  picture: Record<"data" | "weights", HTMLCanvasElement>;
}
