"""Plotly figures as pure functions: rows in, figure out; every one has a title, units and readable axes."""
