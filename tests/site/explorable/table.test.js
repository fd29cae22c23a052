import assert from "node:assert/strict";
import { MOST_ROWS, readRows, readTable, writeRows } from "explorer/table.js";

/** @param {string} text */
function columns(text) {
  const read = readTable(text);
  assert.ok(!("message" in read), "message" in read ? read.message : "");
  return read;
}

/** @param {string} text */
function message(text) {
  const read = readTable(text);
  assert.ok("message" in read, text.slice(0, 50));
  return read.message;
}

const THREE = { x: [1, 2.5, 3], y: [4, -5, 0.5] };

Deno.test("two columns are read as spreadsheets and files write them", () => {
  for (
    const text of [
      "1\t4\n2.5\t-5\n3\t0.5",
      "1,4\r\n2.5,-5\r\n3,0.5\r\n",
      "1;4\n2,5;-5\n3;0,5",
      "1 4\n2.5 -5\n3 .5",
      "1\t4\n2,5\t-5\n3\t0,5",
      "x\ty\n3\t0.5\n1\t4\n\n2.5\t−5\n\n",
      '"x","y"\n"1","4"\n"2.5","-5"\n"3","5e-1"',
      "  1 , 4 \n 2.5 , -5 \n 3 , 0.5 ",
      "1\t4\t\n2.5\t-5\t\n3\t0.5\t",
    ]
  ) assert.deepEqual(columns(text), THREE, text);
});

Deno.test("what is not two columns of numbers is told, with the line", () => {
  assert.match(message(""), /Paste two columns/);
  assert.match(message("\n \n\t\n"), /Paste two columns/);
  assert.match(message("1\t2\n3\t4"), /3 rows of numbers or more, and here is 2/);
  assert.match(message("x\ty"), /3 rows/);
  assert.match(message("1\n2\n3"), /Line 1 has one column/);
  assert.match(message("1\t2\t3\n4\t5\t6\n7\t8\t9"), /Line 1 has 3 columns/);
  assert.match(message("1\t2\n3\t4\n5\tsix"), /Line 3: “six” is no number/);
  assert.match(message("1\t2\n3\tNaN\n5\t6"), /Line 2: “NaN” is no number/);
  assert.match(message("1\t2\nInfinity\t4\n5\t6"), /is no number/);
  assert.match(message("1\t2\n3\t1e400\n5\t6"), /too large/);
  assert.match(message("1\t2\n3\t0x10\n5\t6"), /is no number/);
  assert.match(message("1\t1\n1\t2\n1\t3"), /All x are 1/);
  assert.match(message("1\t\n2\t3\n4\t5"), /Line 1/);
});

Deno.test("HTML stays words, and long ones are cut", () => {
  assert.match(message("1\t2\n<img src=x onerror=alert(1)>\t4\n5\t6"), /“<img/);
  assert.ok(message(`1\t2\n${"y".repeat(1e5)}\t1\n3\t4`).length < 200);
});

Deno.test("two thousand rows are taken, more are not, and a million are refused at once", () => {
  const rows = (/** @type {number} */ n) =>
    Array.from({ length: n }, (_, i) => `${i}\t${i % 7}`).join("\n");
  assert.equal(columns(rows(MOST_ROWS)).x.length, MOST_ROWS);
  assert.match(message(rows(MOST_ROWS + 1)), /2001 rows; up to 2000/);
  assert.match(message(rows(1e6)), /1000000 lines/);
  assert.match(message("\n".repeat(1e6)), /lines/);
});

Deno.test("rows survive their link", () => {
  assert.deepEqual(columns(readRows(writeRows(THREE))), THREE);
});
