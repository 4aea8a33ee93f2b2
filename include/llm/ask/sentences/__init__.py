"""Answers are made of the rows alone."""
