"""Load on a running service, by hand: `make load`, `make soak`, and the generator that the measurements use."""
