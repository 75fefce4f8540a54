"""Distride: from recordings of many athletes to one small model for each athlete."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distride.data import Cohort, Recording
    from distride.data.audit import audit
    from distride.runs import (
        Base,
        Finetuned,
        Run,
        Transfer,
        base,
        evaluate,
        finetune,
        forget,
        train,
        transfer,
    )
    from distride.runtime import Student as Bundle
    from distride.runtime import Versions

__all__ = [
    "Base",
    "Bundle",
    "Cohort",
    "Finetuned",
    "Recording",
    "Run",
    "Transfer",
    "Versions",
    "audit",
    "base",
    "evaluate",
    "finetune",
    "forget",
    "train",
    "transfer",
]

# Found when first used, so that a device does not load what only training needs.
_HOMES = {
    "Base": ("distride.runs", "Base"),
    "Bundle": ("distride.runtime", "Student"),
    "Cohort": ("distride.data", "Cohort"),
    "Finetuned": ("distride.runs", "Finetuned"),
    "Recording": ("distride.data", "Recording"),
    "Run": ("distride.runs", "Run"),
    "Transfer": ("distride.runs", "Transfer"),
    "Versions": ("distride.runtime", "Versions"),
    "audit": ("distride.data.audit", "audit"),
    "base": ("distride.runs", "base"),
    "evaluate": ("distride.runs", "evaluate"),
    "finetune": ("distride.runs", "finetune"),
    "forget": ("distride.runs", "forget"),
    "train": ("distride.runs", "train"),
    "transfer": ("distride.runs", "transfer"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'distride' has no attribute '{name}'")
    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(module), attribute)
