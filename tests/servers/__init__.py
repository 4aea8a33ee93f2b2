"""Real servers for tests, started privately on free ports."""
