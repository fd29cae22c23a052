/** The bandwidth of least leave-one-out error: the build's, or searched for, a bit a frame. */

/** @import { Model } from "./model.js" */
/** @import { Payload, View } from "./types.d.ts" */

export const searching = () => import("./search.js");
const REST = 250; // ms before a search begins
const SLICE = 6; // ms of it at a time

/** Whether the sample of a view is the one that the build drew.
 * @type {(view: View, initial: View) => boolean} */
export const isBuilds = (view, { noise, points }) =>
  view.seed === 0 && view.edits.size === 0 && view.noise === noise &&
  view.points === points;

export class BestBandwidths {
  /** @type {Map<string, number>} for this sample: kernel -> bandwidth, NaN for none */
  #known = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #search = {}; // the latest; an earlier one stops when it sees another

  /**
   * @param {Payload} payload
   * @param {View} initial
   * @param {() => void} found is called after a search
   */
  constructor(payload, initial, found) {
    this.payload = payload;
    this.initial = initial;
    this.found = found;
  }

  /** @type {(kernel: string) => number | undefined} */
  of(kernel) {
    return this.#known.get(kernel);
  }

  /** Know the view's, at once or after a search.
   * @param {Model} model up to date with the sample, and perhaps on its way to the view
   * @param {View} view
   * @param {boolean} sampleChanged */
  find({ keys, values, kernels }, view, sampleChanged) {
    if (sampleChanged) this.#known.clear();
    this.stop();
    const { kernel } = view;
    if (this.#known.has(kernel)) return;
    const { best } = this.payload.kernels[kernel];
    if (kernels[kernel].flat || (best && isBuilds(view, this.initial))) {
      this.#known.set(kernel, best ?? NaN);
      this.found();
    } else {
      const { sigma } = this.payload.limits;
      const token = this.#search;
      this.#timer = setTimeout(async () => {
        const { inSlices, selectBandwidth } = await searching();
        const steps = selectBandwidth(keys, values, kernels[kernel], sigma);
        const best = await inSlices(steps, SLICE, () => this.#search === token);
        if (best === undefined) return;
        this.#known.set(kernel, Number(best.toPrecision(4)));
        this.found();
      }, REST);
    }
  }

  stop() {
    clearTimeout(this.#timer);
    this.#search = {};
  }
}
