/**
 * Python's words and signs, each with the kind by which the build colours it. It need not
 * know the language, only what Pygments makes of it.
 *
 * @import { Words } from "./types.d.ts"
 */

/** @typedef {{ kind: string, start: number, end: number }} Token */

const BETWEEN = /\s+|\\/y;
const COMMENT = /#.*/y;
const DOCSTRING = /(?<=^[ \t]*)[rub]{0,2}("""|''')[^]*?\1/miy;
const MARKS = /[rbuft]{1,2}(?=["'])/iy;
const QUOTE = /"""|'''|"|'/y;
const ESCAPE =
  /\\(?:N\{.*?\}|u[\da-f]{4}|U[\da-f]{8}|x[\da-f]{2}|[0-7]{1,3}|[\\abfnrtv"'\n])/iy;
const RAW_ESCAPE = /\\[\\"'\n]/y;
const DOUBLED = /\{\{|\}\}/y;
const NUMBER =
  /0x[\da-f_]+|0b[01_]+|0o[0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?[\d_]+)?/iy;
const DECORATOR = /@[\p{L}_][\p{L}\p{N}_]*/uy;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const SPECIAL = /__\w+__/y;
const MODULE = /[\p{L}\p{N}_.]+/uy;
const BLANKS = /[ \t]+/y;
const AS = /as(?=\s)/y;
const IMPORT = /import\b/y;
const COMMA = /,/y;
const SOFT =
  /(?<=^[ \t]*)(?:match|case)\b(?![ \t]*(?:[:,;=^&|@~)\]}]|(?:and|as|if|in|is|or)\b))/my;
const OPERATOR = /[!=]=|<<|>>|:=|[-~+/*%=<>&^|.@]/y;
const PUNCTUATION = /[[\]{}:(),;]/y;
const ANY = /[^]/y;
const BRACE = /\{/y;
const CONVERSION = /(?:=\s*)?(?:![sraf])?(?=[:}])/y;
const FIELD_ENDS = /[:}]/y;

/**
 * The coloured parts of some code, in order.
 * @param {string} source
 * @param {Words} words which names are of what kind
 * @returns {Token[]}
 */
export function tokens(source, words) {
  /** @type {Token[]} */
  const found = [];
  let at = 0;

  /** Go past what is next, if it is so; its text.
   * @param {RegExp} form
   * @param {string} [kind] */
  function take(form, kind) {
    form.lastIndex = at;
    const text = form.exec(source)?.[0] ?? "";
    if (text && kind) found.push({ kind, start: at, end: at + text.length });
    at += text.length;
    return text;
  }

  /** One part of code. */
  function part() {
    return take(BETWEEN) || take(COMMENT, "comment") || take(DOCSTRING, "comment") ||
      string() || take(NUMBER, "number") || take(SOFT, "keyword") ||
      take(DECORATOR, "keyword") || name() || take(OPERATOR, "operator") ||
      take(PUNCTUATION, "punctuation") || take(ANY);
  }

  function name() {
    const attribute = source[at - 1] === ".";
    const start = at;
    const text = take(NAME);
    if (!text) return "";
    const kind = attribute ? "name" : kindOf(text, words);
    found.push({ kind, start, end: at });
    if (text === "def" || text === "class") {
      take(BETWEEN);
      take(SPECIAL, "name") || take(NAME, "function");
    } else if (text === "import") {
      do module(); while (take(COMMA, "operator"));
    } else if (text === "from") {
      take(BETWEEN);
      take(MODULE, "function");
      take(BETWEEN);
      take(IMPORT, "keyword");
    }
    return text;
  }

  /** A module's name, and what it is to be called. */
  function module() {
    take(BETWEEN);
    take(MODULE, "function");
    take(BLANKS);
    if (!take(AS, "keyword")) return;
    take(BLANKS);
    take(MODULE, "function");
    take(BLANKS);
  }

  function string() {
    const marks = take(MARKS, "name").toLowerCase();
    const quote = take(QUOTE, "string");
    if (!quote) return "";
    const escape = marks.includes("r") ? RAW_ESCAPE : ESCAPE;
    const fields = /[ft]/.test(marks);
    while (at < source.length) {
      if (source.startsWith(quote, at)) return take(QUOTE, "string");
      if (quote.length === 1 && source[at] === "\n") break; // it is being typed
      if (take(escape, "special") || fields && take(DOUBLED, "special")) continue;
      if (fields && take(BRACE, "string")) field();
      else take(ANY, "string");
    }
    return quote;
  }

  /** What stands in braces in a string, up to its format. */
  function field() {
    for (let depth = 0; at < source.length && source[at] !== "\n";) {
      if (depth === 0) {
        take(CONVERSION, "string");
        if (take(FIELD_ENDS, "string")) return;
      }
      if ("[({".includes(source[at])) depth++;
      else if ("])}".includes(source[at])) depth--;
      part();
    }
  }

  while (at < source.length) part();
  return found;
}

/** @param {string} name
 * @param {Words} words */
function kindOf(name, words) {
  return Object.keys(words).find((kind) => words[kind].includes(name)) ?? "name";
}
