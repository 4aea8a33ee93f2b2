"""A question is taken apart before anything is decided about tables."""
