"""Training, evaluation, bundles and the gate."""
