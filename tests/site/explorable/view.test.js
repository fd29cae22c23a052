import assert from "node:assert/strict";
import { Views } from "explorer/view.js";
import { payload } from "./cases.js";

const views = new Views("explore", payload);
const from = (/** @type {string} */ query) =>
  views.fromURL(new URL(`https://example.org/?${query}`));

Deno.test("a URL that says nothing is the view that the build set", () => {
  assert.deepEqual(from(""), views.initial);
  assert.equal(views.toURL(views.initial, "https://example.org/").search, "");
});

Deno.test("a URL says what differs, and leaves the rest of it alone", () => {
  const url = "https://example.org/a?other.sigma=2&explore.sigma=0.1#b";
  const view = { ...views.initial, kernel: "boxcar", query: 10 };
  assert.equal(
    views.toURL(view, url).href,
    "https://example.org/a?other.sigma=2&explore.kernel=boxcar&explore.query=0.25#b",
  );
});

Deno.test("a guided step comes first, what else the URL says on top of it", () => {
  const { name, view: { sigma } } = payload.steps[2];
  const view = from(`explore.step=${name}&explore.query=3`);
  assert.equal(view.sigma, sigma);
  assert.equal(view.query, 120);
});

Deno.test("what makes no sense is as the build set it", () => {
  for (
    const query of [
      "explore.kernel=__proto__",
      "explore.sigma=",
      "explore.sigma=Infinity",
      "explore.points=40.5",
      "explore.seed=-1",
      "explore.step=99",
      "explore.step=constructor",
      "explore.scene=kernels0",
      "explore.query=NaN",
      "explore.edits=m1_2+d-4+a_99_1+x3_1_1+a__+d1e9",
      "kernel=boxcar",
    ]
  ) assert.deepEqual(from(query), views.initial, query);
});
