"""Values as JSON has them."""

from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Numbers and texts; what is not finite is null, and an array has its shape beside it."""
    if isinstance(value, np.ndarray):
        return {"shape": value.shape, "data": [plain(one) for one in value.ravel().tolist()]}
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
