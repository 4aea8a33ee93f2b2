"""One measure that explains every word is found, and a plan made of it."""
