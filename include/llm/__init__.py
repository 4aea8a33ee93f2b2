"""Texts about models and data: cards, and answers to questions. A language model may word them, no more."""
