"""The taxi zones as areas to look at and to click on: what is drawn (`drawing`), and how it is shown (`component`)."""
