"""What stands around a request: keys, limits, headers, a note of how it went."""
