"""The prediction service: it loads bundles, and nothing that trained them."""
