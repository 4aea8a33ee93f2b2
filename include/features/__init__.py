"""Features that are known at the moment of the quote, and the labels that are known after it."""
