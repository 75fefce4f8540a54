"""Arrays as callers give them."""

import numpy as np

from distride.errors import GuidanceError


def aligned(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Copies as numbers ``(n,)``, one of the second for each of the first.

    Raises:
        GuidanceError: They differ in length.
    """
    one, other = np.array(first, np.float64).ravel(), np.array(second, np.float64).ravel()
    if len(one) != len(other):
        raise GuidanceError(
            f"There are {len(one)} values of one kind and {len(other)} of the other: give pairs, "
            "NaN where one is unknown."
        )
    return one, other
