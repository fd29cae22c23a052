/** What the picture can be used for, and what else is loaded when it is needed. */

/** @import { Live } from "./live.js" */
/** @import { Part } from "./types.d.ts" */

/** @typedef {(live: Live, slot: HTMLElement) => Part} Attach */
/** @typedef {() => Promise<{attach: Attach}>} Load */

/**
 * The scenes by name. `side`: the panel stands in the heatmap's place; `alone`: in place
 * of all that the other scenes share.
 * @type {Record<string, {label: string, load?: Load, place?: "side" | "alone" | "below"}>}
 */
export const SCENES = {
  "": { label: "Explore" },
  variance: {
    label: "30 samples",
    place: "side",
    load: () => import("./variance.js"),
  },
  draw: { label: "You draw it", place: "side", load: () => import("./draw.js") },
  dots: {
    label: "To transformers",
    place: "below",
    load: () => import("./dots.js"),
  },
  lines: { label: "Six lines", place: "alone", load: () => import("./lines.js") },
  data: { label: "Your data", place: "alone", load: () => import("./paste.js") },
};

/** @type {Record<string, Load>} */
export const EXTRAS = {
  stage: () => import("./stage.js"),
  heatmap: () => import("./heatmap.js"),
  guide: () => import("./guide.js"),
  more: () => import("./more.js"),
};

export const share = () => import("./share.js");
