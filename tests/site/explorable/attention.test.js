import assert from "node:assert/strict";
import {
  attend,
  effectiveKeys,
  kernelsOf,
  leaveOneOut,
  pool,
} from "explorer/attention.js";
import { selectBandwidth } from "explorer/search.js";
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
      let next = search.next();
      while (!next.done) next = search.next();
      const found = leaveOneOut(keys, values, kernels[kernel], next.value);
      // The package follows a box's error step by step; the browser tries a grid.
      const room = kernel === "boxcar" ? 1.05 : 1.002;
      assert.ok(found <= error * room, `${kernel}: ${found}, not ${error}`);
    }
  });
}
