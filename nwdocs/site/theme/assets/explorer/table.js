/** Two columns of numbers out of pasted text, or a message that says what is wrong. Pure. */

export const MOST_ROWS = 2000;
const FEWEST_ROWS = 3;
const LARGEST = 1e12; // of what squares and sums leave exact enough
const MOST_SHOWN = 40; // characters of a row, in a message

/** @typedef {{x: number[], y: number[]}} Columns */

/** @type {(message: string) => {message: string}} */
const wrong = (message) => ({ message });

/** @param {string} row */
const quoted = (row) =>
  `“${row.length > MOST_SHOWN ? `${row.slice(0, MOST_SHOWN)}…` : row}”`;

/** How many lines a text has, without taking it apart.
 * @param {string} text */
function lineCount(text) {
  let [count, at] = [0, -1];
  do {
    count++;
    at = text.indexOf("\n", at + 1);
  } while (at >= 0);
  return count;
}

/** The cells of a row: at tabs or semicolons, else commas, else spaces. With tabs,
 * semicolons or spaces, a comma is a decimal one.
 * @param {string} row */
function cellsOf(row) {
  const sign = ["\t", ";"].find((one) => row.includes(one));
  const decimal = (/** @type {string} */ cell) =>
    cell.replace(/^([^,]*),([^,]*)$/, "$1.$2");
  if (sign) return trimmed(row.split(sign)).map(decimal);
  const spaced = row.split(/\s+/);
  if (spaced.length > 1 && !/,\s|\s,|,.*,/.test(row)) {
    return trimmed(spaced).map(decimal);
  }
  return trimmed(row.split(","));
}

/** Without space around, quotes of a spreadsheet, and empty cells at the end.
 * @param {string[]} cells */
function trimmed(cells) {
  const clean = cells.map((cell) => cell.trim().replace(/^"(.*)"$/, "$1").trim());
  while (clean.length > 2 && clean.at(-1) === "") clean.pop();
  return clean;
}

/** @param {string} cell */
const numberOf = (cell) =>
  /^[+\-−]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell)
    ? Number(cell.replace("−", "-"))
    : NaN;

/**
 * Rows of two numbers, ordered by the first. A first row of words is the columns' names.
 * @type {(text: string) => Columns | {message: string}}
 */
export function readTable(text) {
  const lines = lineCount(text);
  if (lines > 2 * MOST_ROWS) {
    return wrong(
      `These are ${lines} lines; up to ${MOST_ROWS} rows can be shown. Take a part.`,
    );
  }
  /** @type {[number, number][]} */
  const points = [];
  let seen = 0;
  for (const [i, line] of text.split(/\r\n?|\n/).entries()) {
    const row = line.trim();
    if (row === "") continue;
    const cells = cellsOf(row);
    const numbers = cells.map(numberOf);
    const first = seen++ === 0;
    if (cells.length !== 2) {
      return wrong(
        `Line ${i + 1} has ${
          cells.length === 1 ? "one column" : `${cells.length} columns`
        }, not two: ${quoted(row)}.`,
      );
    }
    if (first && numbers.every(Number.isNaN)) continue;
    const bad = numbers.findIndex((x) => !(Math.abs(x) <= LARGEST));
    if (bad >= 0) {
      const why = Number.isNaN(numbers[bad]) ? "no number" : "too large";
      return wrong(`Line ${i + 1}: ${quoted(cells[bad])} is ${why}.`);
    }
    points.push([numbers[0], numbers[1]]);
  }
  if (points.length < FEWEST_ROWS) {
    return wrong(
      points.length || seen
        ? `There must be ${FEWEST_ROWS} rows of numbers or more, and here is ${
          points.length || "none"
        }.`
        : "Paste two columns of numbers: x and y.",
    );
  }
  if (points.length > MOST_ROWS) {
    return wrong(
      `These are ${points.length} rows; up to ${MOST_ROWS} can be shown. Take a part.`,
    );
  }
  points.sort((a, b) => a[0] - b[0]);
  const columns = { x: points.map(([x]) => x), y: points.map(([, y]) => y) };
  const [low, high] = [columns.x[0], columns.x[columns.x.length - 1]];
  if (!(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)))) {
    return wrong(`All x are ${low}: a curve needs different ones.`);
  }
  return columns;
}

/** Rows as a link carries them: numbers to six digits.
 * @type {(columns: Columns) => string} */
export const writeRows = ({ x, y }) =>
  x.map((one, i) => `${Number(one.toPrecision(6))}_${Number(y[i].toPrecision(6))}`)
    .join(" ");

/** @type {(detail: string) => string} the text of a link's rows */
export const readRows = (detail) => detail.replaceAll(" ", "\n").replaceAll("_", "\t");
