/** What the six lines of the estimator compute, array by array. Pure. */

/** @import { Row } from "./types.d.ts" */

/** @typedef {number[][]} Table rows of an array; one of a single axis is one row */

/** @type {(queries: number[], keys: number[], values: number[], bandwidth: number) =>
 *   Record<string, Table>} */
export function sixLines(queries, keys, values, bandwidth) {
  const u = queries.map((q) => keys.map((k) => (q - k) / bandwidth));
  const similarity = u.map((row) => row.map((x) => Math.exp(-(x * x) / 2)));
  const total = similarity.map((row) => [row.reduce((a, b) => a + b)]);
  const weights = similarity.map((row, i) => row.map((s) => s / total[i][0]));
  const estimates = weights.map((row) =>
    row.reduce((sum, w, j) => sum + w * values[j], 0)
  );
  return {
    queries: [queries],
    keys: [keys],
    values: [values],
    u,
    similarity,
    total,
    weights,
    estimates: [estimates],
  };
}

/** Three keys and a bandwidth, as the detail of a view says them.
 * @type {(detail: string) => {keys: number[], bandwidth: number}} */
export function readExample(detail) {
  const numbers = detail.split("_").map((word) => word === "" ? NaN : Number(word));
  const good = numbers.length === 4 && numbers.every((x) => x >= 0 && x <= 5) &&
    numbers[3] >= 0.2;
  const [a, b, c, bandwidth] = good ? numbers : [1, 2.5, 4, 1];
  return { keys: [a, b, c], bandwidth };
}

/** @type {(example: {keys: number[], bandwidth: number}) => string} */
export const writeExample = ({ keys, bandwidth }) => [...keys, bandwidth].join("_");
