"""What can be asked is declared: sources, measures, and the words that name things."""
