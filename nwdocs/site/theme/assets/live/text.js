/** The text of a block that is being edited, and where in the page each part of it is. */

/**
 * The pieces of text under a node, in order; where each begins in the whole.
 * @param {Node} node
 * @returns {{ node: Node, start: number, text: string }[]}
 */
export function piecesOf(node) {
  const shown = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const walker = document.createTreeWalker(node, shown);
  const pieces = [];
  let start = 0;
  while (walker.nextNode()) {
    const { currentNode } = walker;
    // Some browsers break a line so.
    const text = currentNode.nodeName === "BR" ? "\n" : currentNode.nodeValue ?? "";
    if (!text) continue;
    pieces.push({ node: currentNode, start, text: text.replaceAll("\u00a0", " ") });
    start += text.length;
  }
  return pieces;
}

/** @param {Node} node */
export const textOf = (node) => piecesOf(node).map(({ text }) => text).join("");
