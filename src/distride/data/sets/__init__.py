"""Public data sets in their documented layouts."""
