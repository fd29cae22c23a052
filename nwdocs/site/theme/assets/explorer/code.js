/**
 * A view as code: its points, the query, and the lines of numpy that find the weights and
 * the estimate. Pure.
 */

import { isBuilds } from "./best.js";

/** @import { Model } from "./model.js" */
/** @import { Payload, Row, View } from "./types.d.ts" */

const WIDTH = 79; // characters of a line
const SMALLEST = 1e-280; // a similarity below it may be the float 0: of all keys, too

/** The estimator, with a kernel's similarity in place of its own.
 * @type {(lines: string[], similarity: string) => string} */
export const estimator = ([first, ...body], similarity) =>
  [
    first,
    ...body.map((line) =>
      `    ${line.startsWith("similarity") ? `similarity = ${similarity}` : line}`
    ),
  ].join("\n");

/** An array of numbers, all digits of them, a few lines long.
 * @type {(name: string, numbers: Row) => string} */
export function literal(name, numbers) {
  const lines = [""];
  for (const number of Array.from(numbers, String)) {
    const line = lines[lines.length - 1];
    if (line.length + number.length + 6 > WIDTH) lines.push(`${number},`);
    else lines[lines.length - 1] = `${line}${line && " "}${number},`;
  }
  return `${name} = np.array([\n${lines.map((line) => `    ${line}`).join("\n")}\n])`;
}

/** The similarity as numpy finds it. Where the float of every key's would be 0, it is taken
 * relative to the nearest key's, as the picture takes it.
 * @type {(payload: Payload, model: Model) => string} */
export function similarityOf({ kernels }, { kernel, keys, view, x }) {
  const { code } = kernels[view.kernel];
  const nearest = keys.reduce(
    (least, key) => Math.min(least, Math.abs(key - x)),
    Infinity,
  );
  if (!kernel.log || kernel.of(nearest / view.sigma) > SMALLEST) return code;
  return code.replace(
    /^np\.exp\((.*)\)$/,
    "np.exp($1 - ($1).max(axis=1, keepdims=True))",
  );
}

/** @type {(payload: Payload, model: Model, initial: View) => string} */
export function codeOf(payload, model, initial) {
  const { lines, source } = payload;
  const { keys, values, view, x } = model;
  const ours = source && isBuilds(view, initial);
  return [
    "import numpy as np",
    ...(ours
      ? [
        "from nwdocs import synthetic_data",
        "",
        `keys, values, *_ = ${source}`,
      ]
      : ["", literal("keys", keys), literal("values", values)]),
    `queries = np.array([${x}])`,
    "",
    "",
    estimator(lines, similarityOf(payload, model)),
    "",
    "",
    "estimates, weights = attention_pooling(",
    `    queries, keys, values, bandwidth=${view.sigma}`,
    ")",
    'print("estimate:", estimates[0])',
    'print("largest weight:", weights.max())',
    "",
  ].join("\n");
}

/** A notebook with the points, the estimator, and the estimates over all of them.
 * @type {(payload: Payload, model: Model) => string} JSON */
export function notebookOf(payload, model) {
  const { keys, values, view } = model;
  const cells = [
    `import numpy as np\n\n${literal("keys", keys)}\n${literal("values", values)}`,
    estimator(payload.lines, similarityOf(payload, model)),
    "queries = np.linspace(keys.min(), keys.max(), 200)\n" +
    "estimates, weights = attention_pooling(\n" +
    `    queries, keys, values, bandwidth=${view.sigma}\n)\nestimates`,
  ].map((source, i) => ({
    id: `cell-${i}`,
    cell_type: "code",
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  }));
  const kernelspec = { display_name: "Python 3", language: "python", name: "python3" };
  return JSON.stringify({
    cells,
    metadata: { kernelspec },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
