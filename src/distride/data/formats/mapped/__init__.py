"""Any CSV: with a mapping that declares its columns, or with this package's own column names."""

from distride.data.formats.mapped.mapping import ColumnMapping, Mapping, TimeMapping, read_mapping
from distride.data.formats.mapped.reader import SOURCE, mapped_source, misfit

__all__ = [
    "SOURCE",
    "ColumnMapping",
    "Mapping",
    "TimeMapping",
    "mapped_source",
    "misfit",
    "read_mapping",
]
