"""Every error a caller may meet: one base, few kinds, and a message that says what to do.

A message names what was given, what is allowed and the next step; it is one sentence or two,
because the command line prints it alone.
"""


class DistrideError(Exception):
    """Base of all errors raised on purpose by this package."""


class RecipeError(DistrideError):
    """A recipe (TOML or dataclass) holds a key or a value that is not allowed."""


class DataError(DistrideError):
    """A cohort, a recording or a vendor file cannot be used as it is."""


class BundleError(DistrideError):
    """A bundle or a personal head is damaged, from another format, or does not fit."""


class TrainingError(DistrideError):
    """Training cannot start or go on: too few athletes, classes or windows."""


class GuidanceError(DistrideError):
    """An athlete's profile, rules, or what guidance is asked to read, is not allowed.

    Attributes:
        where: The setting that is wrong, if it is one: a field, or its dotted name in a file.
    """

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


class ClusterError(DistrideError):
    """Workers cannot be had: no cluster answers, or each that took a piece of work died."""


class MissingExtraError(DistrideError):
    """A feature needs an optional dependency that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the extra '{extra}': pip install 'distride[{extra}]'")
