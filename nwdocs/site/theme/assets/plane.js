/**
 * <nw-plane>: the picture of a kernel on a plane, with a query that moves.
 *
 * The element holds the build's figure: two panels with a dot for each key. Keys and frames
 * are read off it, so that there is one drawing and one set of keys. In the first panel the
 * distance counts both coordinates, in the second the first alone.
 */

/**
 * @typedef {object} Panel
 * @property {SVGGElement} group
 * @property {DOMRect} frame
 * @property {SVGCircleElement[]} dots
 * @property {SVGElement[]} lines
 * @property {SVGElement} query
 * @property {boolean} both whether both coordinates count
 */

class Plane extends HTMLElement {
  /** @type {Panel[]} */
  #panels = [];
  /** @type {HTMLInputElement[]} */
  #sliders = [];
  #told = document.createElement("output");

  connectedCallback() {
    const groups = this.querySelectorAll("svg .nw-panel");
    if (this.#panels.length || groups.length !== 2) return;
    this.#panels = [...groups].map((group, index) =>
      read(/** @type {SVGGElement} */ (group), index === 0)
    );
    const { across, up } = this.dataset;
    this.#sliders = [
      this.#slider("First coordinate", across ?? "0.5"),
      this.#slider("Second coordinate", up ?? "0.5"),
    ];
    this.append(this.#told);
    for (const panel of this.#panels) this.#listen(panel);
    this.#draw();
  }

  /**
   * @param {string} label
   * @param {string} value
   */
  #slider(label, value) {
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: "0", max: "1", step: "0.01", value });
    input.addEventListener("input", () => this.#draw());
    const name = document.createElement("label");
    name.append(label, " ", input);
    this.append(name);
    return input;
  }

  /** @param {Panel} panel */
  #listen({ group, frame }) {
    group.style.pointerEvents = "bounding-box";
    group.style.touchAction = "pan-y";
    group.style.cursor = "crosshair";
    /** @param {PointerEvent} event */
    const move = (event) => {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(
        group.getScreenCTM()?.inverse(),
      );
      this.#sliders[0].value = String((place.x - frame.x) / frame.width);
      this.#sliders[1].value = String(1 - (place.y - frame.y) / frame.height);
      this.#draw();
    };
    group.addEventListener("pointerdown", move);
    group.addEventListener("pointermove", (event) => event.buttons & 1 && move(event));
  }

  #draw() {
    const [across, up] = this.#sliders.map((slider) => Number(slider.value));
    const used = this.#panels.map((panel) => this.#show(panel, across, up));
    this.#told.textContent =
      `At (${across.toFixed(2)}, ${up.toFixed(2)}): ${
        used[0].toFixed(0)
      } effective keys ` +
      `by both coordinates, ${used[1].toFixed(0)} by the first alone.`;
  }

  /**
   * Draw one panel; return its effective number of keys.
   *
   * @param {Panel} panel
   * @param {number} across
   * @param {number} up
   */
  #show({ frame, dots, lines, query, both }, across, up) {
    const width = Number(this.dataset.width) * frame.width;
    const [x, y] = [frame.x + across * frame.width, frame.bottom - up * frame.height];
    const scores = dots.map((dot) => {
      const dx = dot.cx.baseVal.value - x;
      const dy = both ? dot.cy.baseVal.value - y : 0;
      return -(dx * dx + dy * dy) / (2 * width * width);
    });
    const largest = Math.max(...scores);
    const similar = scores.map((score) => Math.exp(score - largest));
    const total = similar.reduce((sum, each) => sum + each, 0);
    dots.forEach((dot, index) => {
      const area = Number(this.dataset.dot) +
        Number(this.dataset.weight) * similar[index];
      dot.setAttribute("r", (Math.sqrt(area) / 2).toFixed(2));
    });
    const start = [frame.x + Number(this.dataset.across) * frame.width, frame.bottom];
    start[1] -= Number(this.dataset.up) * frame.height;
    const by = `translate(${x - start[0]} ${both ? y - start[1] : 0})`;
    for (const line of lines) line.setAttribute("transform", by);
    query.setAttribute("transform", `translate(${x - start[0]} ${y - start[1]})`);
    const entropy = similar.reduce(
      (sum, each) => each > 0 ? sum - (each / total) * Math.log(each / total) : sum,
      0,
    );
    return Math.exp(entropy);
  }
}

/**
 * @param {SVGGElement} group
 * @param {boolean} both
 * @returns {Panel}
 */
function read(group, both) {
  const frame = /** @type {SVGPathElement} */ (group.querySelector("path")).getBBox();
  const lines = /** @type {SVGElement[]} */ ([
    ...group.querySelectorAll('[style*="stroke:var(--nw-orange"]'),
  ]);
  for (const line of lines) {
    // The frame cuts them off, and must stay where it is.
    const cut = line.getAttribute("clip-path");
    if (cut) line.parentElement?.setAttribute("clip-path", cut);
    line.removeAttribute("clip-path");
  }
  return {
    group,
    frame: DOMRect.fromRect(frame),
    dots: /** @type {SVGCircleElement[]} */ ([...group.querySelectorAll("circle")]),
    lines,
    query: /** @type {SVGElement} */ (
      group.querySelector('use[style*="stroke:var(--nw-paper"]')
    ),
    both,
  };
}

customElements.define("nw-plane", Plane);
