"""The one file that leaves training, and the file of an athlete's own head.

Writing the body from torch is in `distride.bundle.export`; nothing here needs torch.
"""

from distride.bundle.bundle import Bundle
from distride.bundle.card import card_of
from distride.bundle.manifest import (
    FORMAT,
    Body,
    Distillation,
    Manifest,
    Scaling,
    Signals,
    TaskCard,
    Training,
)
from distride.bundle.personal import PersonalHead, read_head, write_head

__all__ = [
    "FORMAT",
    "Body",
    "Bundle",
    "Distillation",
    "Manifest",
    "PersonalHead",
    "Scaling",
    "Signals",
    "TaskCard",
    "Training",
    "card_of",
    "read_head",
    "write_head",
]
