"""Measurements, run by hand with `make bench`: figures side by side on one machine, nothing asserted."""
