"""The month's quality report: its facts, what is drawn of them, and the two pages that show them."""
