"""The lake: one immutable, content-named file per stage, service and month, and the manifest that points at it."""

from include.lake.lake import Lake, Manifest, read_columns, read_table

__all__ = ["Lake", "Manifest", "read_columns", "read_table"]
