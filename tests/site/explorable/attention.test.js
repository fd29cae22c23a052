import assert from "node:assert/strict";
import {
  attend,
  effectiveKeys,
  kernelsOf,
  leaveOneOut,
  pool,
} from "explorer/attention.js";
import { finished, selectBandwidth } from "explorer/search.js";
import { smooth } from "explorer/smooth.js";
import { difference, payload, same, told } from "./cases.js";

const kernels = kernelsOf(payload.kernels);

Deno.test("each kernel is 1 where query and key are equal, and never rises", () => {
  for (const [name, { of }] of Object.entries(kernels)) {
    const heights = Array.from({ length: 300 }, (_, i) => of(i / 100));
    assert.equal(heights[0], 1, name);
    assert.ok(heights.every((h, i) => !i || h <= heights[i - 1]), name);
  }
});

Deno.test("only a kernel that is the same everywhere ignores the bandwidth", () => {
  const flat = Object.keys(kernels).filter((name) => kernels[name].flat);
  assert.deepEqual(flat, ["constant"]);
});

/** @type {Record<string, {from: number, to: number, keys: number[]}>} */
const ODD = {
  "far from every key": { from: 0, to: 5, keys: [2.1, 2.2] },
  "a lonely key": { from: 0, to: 5, keys: [0, 0.01, 0.02, 5] },
  "numbers with few digits left": { from: 2e9, to: 2e9 + 5, keys: [2e9, 2e9 + 1] },
  "below zero, and on the queries": { from: -5, to: 0, keys: [-5, -4, -4, -3, 0] },
};

for (const [name, { from, to, keys }] of Object.entries(ODD)) {
  Deno.test(`${name}: estimates without weights are those with them`, () => {
    const queries = Float64Array.from(
      { length: 51 },
      (_, i) => from + i * (to - from) / 50,
    );
    const values = keys.map((_, j) => 1 + j * j);
    const [smoothed, row] = [new Float64Array(51), new Float64Array(keys.length)];
    for (const [kernel, made] of Object.entries(kernels)) {
      for (const bandwidth of [0.02, 0.1, 0.7, 20]) {
        smooth(queries, keys, values, made, bandwidth, smoothed);
        const expected = Array.from(queries, (query) => {
          attend(query, keys, made, bandwidth, row);
          const estimate = pool(row, values);
          return Number.isNaN(estimate) ? null : estimate;
        });
        assert.equal(difference(smoothed, expected), -1, `${kernel}, ${bandwidth}`);
      }
    }
  });
}

for (const { name, keys, values, cases, least } of told.sets) {
  Deno.test(`${name}: every number is the package's`, () => {
    const matrix = new Float64Array(told.queries.length * keys.length);
    for (const { kernel, bandwidth, ...expected } of cases) {
      const rows = told.queries.map((query, i) => {
        attend(query, keys, kernels[kernel], bandwidth, matrix, i * keys.length);
        return matrix.subarray(i * keys.length, (i + 1) * keys.length);
      });
      const shown = rows.filter((_, i) => i % told.everyRow === 0);
      const estimates = rows.map((_, i) => pool(matrix, values, i * keys.length));
      const where = `${kernel}, ${bandwidth}`;
      assert.equal(
        difference(shown.flatMap((row) => [...row]), expected.weights),
        -1,
        where,
      );
      assert.equal(difference(estimates, expected.estimates), -1, where);
      const smoothed = new Float64Array(told.queries.length);
      smooth(told.queries, keys, values, kernels[kernel], bandwidth, smoothed);
      assert.equal(difference(smoothed, expected.estimates), -1, where);
      assert.equal(
        difference(rows.map(effectiveKeys), expected.effectiveKeys),
        -1,
        where,
      );
      assert.ok(
        same(
          leaveOneOut(keys, values, kernels[kernel], bandwidth),
          expected.leaveOneOut,
        ),
        where,
      );
    }
  });

  Deno.test(`${name}: the search finds the least leave-one-out error`, () => {
    for (const [kernel, error] of Object.entries(least)) {
      const search = selectBandwidth(
        keys,
        values,
        kernels[kernel],
        payload.limits.sigma,
      );
      const found = leaveOneOut(keys, values, kernels[kernel], finished(search));
      // The package follows a box's error step by step; the browser tries a grid.
      const room = kernel === "boxcar" ? 1.05 : 1.002;
      assert.ok(found <= error * room, `${kernel}: ${found}, not ${error}`);
    }
  });
}
