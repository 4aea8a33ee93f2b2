"""A first look at a raw month: what the notebooks show. The pipeline does not depend on it."""
