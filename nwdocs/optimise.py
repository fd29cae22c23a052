"""Gradient descent, small enough to read: what training is, once there is a gradient."""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numpy as np

from nwdocs.kernels import Floats

__all__ = ["Descent", "Objective", "descend"]

#: Parameters of any shape -> their loss, and its gradient of the parameters' shape.
Objective = Callable[[Floats], tuple[Floats, Floats]]


class Descent(NamedTuple):
    """Where a descent went: T steps take it to T + 1 places."""

    parameters: Floats  # (T + 1, *shape of the parameters)
    losses: Floats  # (T + 1, *shape of the loss)

    @property
    def final(self) -> Floats:
        """The parameters after the last step."""
        return self.parameters[-1]


def descend(objective: Objective, start: Floats, *, steps: int, rate: float) -> Descent:
    """Follow the gradient downhill from `start`, by Adam.

    Each coordinate steps by about `rate` wherever its gradient keeps its sign, however
    steep or flat it is there. The rate shrinks to 0 along the way, so that it settles.

    Args:
        objective: the loss and its gradient, at given parameters. A loss of several
            numbers is several descents side by side.
        start: parameters of any shape.
        steps: how many.
        rate: size of the first step.

    Returns:
        The parameters and losses from the start to the end.

    Source: Kingma and Ba (2015), algorithm 1, with their constants but ε, which would
    make steps depend on the loss's unit: a coordinate without any gradient stays.
    """
    here = np.array(start, dtype=np.float64)
    mean, root = np.zeros_like(here), np.zeros_like(here)
    path, losses = [here], []
    for step in range(1, steps + 1):
        loss, gradient = objective(here)
        losses.append(loss)
        mean = 0.9 * mean + 0.1 * gradient
        # The root of a mean square, without squares: they would over- and underflow.
        root = np.hypot(sqrt(0.999) * root, sqrt(0.001) * gradient)
        direction = mean / (1 - 0.9**step)
        size = root / sqrt(1 - 0.999**step)
        change = np.divide(direction, size, out=np.zeros_like(here), where=size > 0)
        here = here - rate * (1 - (step - 1) / steps) * change
        path.append(here)
    losses.append(objective(here)[0])
    return Descent(np.stack(path), np.stack(losses))
