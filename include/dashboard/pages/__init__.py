"""A file per page: it asks, and places what the figures draw."""
