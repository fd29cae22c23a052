/** A curve as heights over evenly spaced knots, as a reader draws it. Pure. */

/** @import { Interval } from "./types.d.ts" */

export const KNOTS = 26; // over the domain: every 0.2 of the deck's

/** "1.2_-0.4_…" as heights; undefined for what is no such curve.
 * @type {(text: string, limits: Interval) => (number | null)[] | undefined} */
export function readKnots(text, [low, high]) {
  const words = text.split("_");
  if (words.length !== KNOTS) return undefined;
  const knots = words.map((word) => word === "" ? null : Number(word));
  const good = knots.every((y) => y === null || (y >= low && y <= high));
  return good && knots.some((y) => y !== null) ? knots : undefined;
}

/** @type {(knots: (number | null)[]) => string} */
export const writeKnots = (knots) =>
  knots.map((y) => y === null ? "" : Number(y.toFixed(2))).join("_");

/** The knots after a stroke from one place to the next; x is in knots, from 0.
 * @type {(knots: (number | null)[], from: {x: number, y: number}, to: {x: number, y: number}) => (number | null)[]} */
export function stroke(knots, from, to) {
  const [left, right] = from.x <= to.x ? [from, to] : [to, from];
  return knots.map((y, i) => {
    if (i < Math.round(left.x) || i > Math.round(right.x)) return y;
    const along = right.x === left.x ? 1 : (i - left.x) / (right.x - left.x);
    return left.y + Math.min(Math.max(along, 0), 1) * (right.y - left.y);
  });
}

/** The curve at x (in knots), straight between knots; NaN where nothing is drawn.
 * @type {(knots: (number | null)[], x: number) => number} */
export function heightAt(knots, x) {
  const i = Math.min(Math.floor(x), knots.length - 2);
  const [a, b] = [knots[i], knots[i + 1]];
  if (x === i) return a ?? NaN;
  return a === null || b === null ? NaN : a + (x - i) * (b - a);
}
