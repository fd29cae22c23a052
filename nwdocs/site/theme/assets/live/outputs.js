/** What a cell sent, as the page shows it: text, tables, figures, errors. */

const FIGURE = "application/vnd.nwdocs.figure+json";

/** @typedef {Record<string, any>} Message */

/** @param {string} name
 * @param {string} classes
 * @param {(Node | string)[]} inside */
function make(name, classes, ...inside) {
  const node = document.createElement(name);
  if (classes) node.className = classes;
  node.append(...inside);
  return node;
}

/** Messages with what was printed in a row as one. @param {Message[]} messages */
function joined(messages) {
  /** @type {Message[]} */
  const out = [];
  for (const message of messages) {
    const last = out.at(-1);
    if (last && message.stream && last.stream === message.stream) {
      last.text += message.text;
    } else out.push({ ...message });
  }
  return out;
}

/** Whether a cell showed what the build had of it.
 * @param {Message[]} messages
 * @param {Message[]} built */
export function same(messages, built) {
  const got = joined(messages);
  return got.length === built.length &&
    got.every((message, i) => equal(message, built[i]));
}

/** @param {Message} message
 * @param {Message} built */
function equal(message, built) {
  if (message.stream) {
    return message.stream === built.stream && message.text === built.text;
  }
  if (message.error) return message.error.message === built.error?.message;
  const figure = message.display?.[FIGURE];
  if (figure) return figure.name === built.figure && figure.caption === built.caption;
  const [one, other] = [message.display ?? message.value ?? {}, built.display ?? {}];
  const kind = "text/markdown" in one ? "text/markdown" : "text/plain";
  return one[kind] === other[kind];
}

/** @param {Message[]} messages
 * @param {Node[]} built what the build had there
 * @returns {Node[]} */
export function draw(messages, built) {
  return joined(messages).map((message) => {
    if (message.stream) {
      return text(message.text, message.stream === "stderr" && "nw-stderr");
    }
    if (message.error) return text(message.error.text, "nw-raised");
    return shown(message.display ?? {}, built);
  });
}

/** The value of an expression, as a sentence has it.
 * @param {Message[]} messages */
export const wordsOf = ([{ value }]) =>
  String(value["text/markdown"] ?? value["text/latex"] ?? value["text/plain"]);

/** @param {string} words
 * @param {string | false} more */
function text(words, more = false) {
  const code = make("code", "", words.replace(/\n$/, ""));
  const classes = `language-text highlight nw-output${more ? ` ${more}` : ""}`;
  return make("div", classes, make("pre", "", code));
}

/** @param {Record<string, any>} data
 * @param {Node[]} built
 * @returns {Node} */
function shown(data, built) {
  if (data[FIGURE]) return figure(data[FIGURE], built);
  if (data["text/markdown"]) return markdown(data["text/markdown"]);
  if (data["image/svg+xml"]) {
    return make("figure", "nw-figure", picture(data["image/svg+xml"]));
  }
  if (data["text/html"]) {
    const box = make("div", "nw-html");
    box.innerHTML = data["text/html"]; // the reader's own code made it
    return box;
  }
  return text(data["text/plain"] ?? "");
}

/** @param {string} svg */
function picture(svg) {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const node = document.importNode(parsed, true);
  if (!(node instanceof SVGSVGElement)) throw new Error("a picture that is no SVG");
  return node;
}

/** A figure in place of the build's, with the build's links; or one of its own.
 * @param {Record<string, any>} data
 * @param {Node[]} built */
function figure(data, built) {
  const before = built
    .map((node) => (node instanceof Element ? node : null))
    .map((node) =>
      node?.matches("figure") ? node : node?.querySelector("figure.nw-figure")
    )
    .find((node) => node?.id === `fig-${data.name}`);
  const svg = stackable(data.inline);
  if (!before) {
    return make("figure", "nw-figure", svg, make("figcaption", "", data.caption));
  }
  const copy = /** @type {Element} */ (before.cloneNode(true));
  copy.querySelector("svg")?.replaceWith(svg);
  const words = copy.querySelector("figcaption > p");
  const number = words?.querySelector(".nw-number");
  words?.replaceChildren(...(number ? [number, " "] : []), data.caption);
  return copy;
}

/** A picture whose panels a page can move: nwdocs/site/html/figures.py does the same.
 * @param {string} source */
function stackable(source) {
  const svg = picture(source);
  const most = (/** @type {RegExp} */ name) =>
    [...source.matchAll(name)].map(([, value]) => Number(value));
  const [down, up] = [most(/--dy:(\d+)px/g), most(/--ry:-(\d+)px/g)];
  svg.classList.add("nw-svg", down.length > 1 ? "nw-panels" : "nw-single");
  if (up.length) svg.classList.add("nw-row");
  svg.style.cssText =
    `--w:${svg.getAttribute("width")};--h:${svg.getAttribute("height")};` +
    `--more:${Math.max(0, ...down)}${up.length ? `;--up:${Math.max(...up)}` : ""}`;
  svg.setAttribute("preserveAspectRatio", "xMinYMin");
  return svg;
}

// --- Markdown that cells show: tables, paragraphs, code, notes. It is no more than that. ---

/** @param {string} source */
function markdown(source) {
  const box = make("div", "");
  const lines = source.split("\n");
  while (lines.length) {
    const line = lines.shift() ?? "";
    const fence = line.match(/^(`{3,})/);
    const note = line.match(/^(?:!!!|\?\?\?\+?) +([\w -]+?)(?: +"(.*)")?$/);
    if (fence) {
      const code = upTo(lines, (other) => other.startsWith(fence[1]));
      lines.shift();
      box.append(text(code.join("\n")));
    } else if (note) {
      const inside = upTo(lines, (other) => other !== "" && !other.startsWith("    "));
      const fold = make(
        "details",
        note[1],
        make("summary", "", ...spans(note[2] ?? note[1])),
      );
      fold.append(markdown(inside.map((other) => other.slice(4)).join("\n")));
      box.append(fold);
    } else if (line.startsWith("|")) {
      box.append(table([line, ...upTo(lines, (other) => !other.startsWith("|"))]));
    } else if (line.trim()) {
      const rest = upTo(lines, (other) => !other.trim());
      box.append(make("p", "", ...spans([line, ...rest].join(" "))));
    }
  }
  return box;
}

/** Take lines up to one that ends them. @param {string[]} lines
 * @param {(line: string) => boolean} ends */
function upTo(lines, ends) {
  const at = lines.findIndex(ends);
  return lines.splice(0, at < 0 ? lines.length : at);
}

/** @param {string[]} rows */
function table(rows) {
  const cells = (/** @type {string} */ row) =>
    row.replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) =>
      cell.trim().replace(/\\\|/g, "|")
    );
  const [head, rule, ...body] = rows.map(cells);
  const aligned = (rule ?? []).map((mark) => mark.endsWith(":") ? "right" : "left");
  const row = (/** @type {string} */ kind, /** @type {string[]} */ all) =>
    make(
      "tr",
      "",
      ...all.map((words, i) => {
        const cell = make(kind, "", ...spans(words));
        cell.style.textAlign = aligned[i] ?? "left";
        return cell;
      }),
    );
  return make(
    "table",
    "",
    make("thead", "", row("th", head)),
    make("tbody", "", ...body.map((all) => row("td", all))),
  );
}

/** Code, strong words, and the words of links. @param {string} words
 * @returns {(Node | string)[]} */
function spans(words) {
  return words.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*|\[[^\]]+\]\([^)]*\))/).map(
    (part) => {
      if (/^`.+`$/.test(part)) return make("code", "", part.slice(1, -1));
      if (/^\*\*.+\*\*$/.test(part)) return make("strong", "", part.slice(2, -2));
      if (/^\*.+\*$/.test(part)) return make("em", "", part.slice(1, -1));
      return part.replace(/^\[([^\]]+)\]\(.*$/, "$1");
    },
  );
}
