/** What the package computed: test_script_modules.py writes it. */

/** @import { Payload } from "explorer/types.d.ts" */

/**
 * @typedef {object} Case
 * @property {string} kernel
 * @property {number} bandwidth
 * @property {(number | null)[]} estimates
 * @property {(number | null)[]} effectiveKeys
 * @property {(number | null)[]} weights of some rows
 * @property {number | null} leaveOneOut
 */

/**
 * @typedef {object} Cases
 * @property {Payload} payload
 * @property {number[]} queries
 * @property {number} everyRow of which the weights are given
 * @property {{name: string, keys: number[], values: number[], cases: Case[],
 *   least: Record<string, number>}[]} sets
 * @property {(number | null)[]} rmse of the cases of the first set
 * @property {{curves: (number | null)[][], truth: number[], bias: number,
 *   deviation: number, error: number}} spread
 * @property {{queries: number[], keys: number[], sigma: number,
 *   domain: [number, number]}} dotsInput
 * @property {{detail: string, weights: (number | null)[] | null}[]} dots
 * @property {{keys: number[], bandwidth: number,
 *   arrays: Record<string, number[]>}[]} lines
 */

/** @type {Cases} */
export const told = JSON.parse(Deno.readTextFileSync(Deno.args[0]));

export const { payload } = told;

/** Whether numbers are the package's, to nine digits; null is for NaN.
 * @type {(actual: number, expected: number | null) => boolean} */
export const same = (actual, expected) =>
  expected === null
    ? Number.isNaN(actual)
    : Math.abs(actual - expected) <= 1e-9 * Math.abs(expected) + 1e-290;

/** The first place where two rows of numbers differ, or -1.
 * @type {(actual: ArrayLike<number>, expected: (number | null)[]) => number} */
export const difference = (actual, expected) =>
  actual.length === expected.length
    ? expected.findIndex((number, i) => !same(actual[i], number))
    : Math.min(actual.length, expected.length);
