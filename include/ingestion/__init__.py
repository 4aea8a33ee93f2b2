"""From a source of published files to a raw month in the lake and the warehouse."""
