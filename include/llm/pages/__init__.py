"""The documentation, cards and runs are passages in one index, and answers are excerpts of them."""
