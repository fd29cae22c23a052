"""The explorable and a reader who does anything at all."""

import random

import numpy as np

from nwdocs import KERNELS, nadaraya_watson
from support.explorable import SLIDE, Visit, compare, let_pass


def test_five_hundred_things_done_at_random(visit: Visit) -> None:
    explorable = visit(reduced_motion="no-preference")
    page, host = explorable.page, explorable.host
    chance = random.Random(0)
    # The first of each: a reader's own data have an explorable inside.
    pictures = [explorable.data.first, explorable.weights.first]
    pictures[0].scroll_into_view_if_needed()

    def button() -> None:
        host.evaluate(
            """(e, share) => {
              const shown = [...e.shadowRoot.querySelectorAll("button")]
                .filter((b) => b.getClientRects().length && !b.disabled);
              shown[Math.floor(share * shown.length)].click();
            }""",
            chance.random(),
        )

    def pointer() -> None:
        picture = chance.choice(pictures).bounding_box()
        if not picture:  # another scene is open
            return
        x = picture["x"] + chance.uniform(-10, picture["width"] + 10)
        y = picture["y"] + chance.uniform(-10, picture["height"] + 10)
        page.mouse.move(x, y)
        chance.choice([page.mouse.down, page.mouse.up, lambda: None])()

    def key() -> None:
        chance.choice(pictures).focus()
        names = "ArrowUp ArrowDown ArrowLeft ArrowRight Home End PageUp Delete Escape x"
        page.keyboard.press(chance.choice(names.split()))

    def slider() -> None:
        name, low, high = chance.choice(
            [("sigma", 0, 1), ("noise", 0, 2), ("points", 10, 400)]
        )
        node = host.locator(f"#{name}, [data-field={name}]").first
        if node.count():
            node.evaluate(SLIDE, chance.uniform(low, high))

    def kernel() -> None:
        names = list(KERNELS)
        host.locator(f"[value={chance.choice(names)}]").first.evaluate("r => r.click()")

    def history() -> None:
        page.evaluate(
            """(by) => {
              const {currentEntry} = navigation;
              const next = navigation.entries()[currentEntry.index + by];
              if (next?.sameDocument) history.go(by);
            }""",
            chance.choice([-1, 1]),
        )

    for _ in range(500):
        chance.choice([button, pointer, pointer, key, slider, kernel, history])()
    let_pass(page, 700)
    explorable.show(scene="")
    explorable.ready()
    shown = explorable.snapshot()
    text = host.evaluate("e => e.shadowRoot.querySelector('.app').innerText")
    assert "NaN" not in text
    assert "undefined" not in text
    assert "Infinity" not in text
    estimates, _ = nadaraya_watson(
        shown["queries"],
        shown["keys"],
        shown["values"],
        shown["view"]["kernel"],
        bandwidth=float(shown["view"]["sigma"]),
        empty="nan",
    )
    compare(np.array(shown["estimates"], dtype=float), estimates)
