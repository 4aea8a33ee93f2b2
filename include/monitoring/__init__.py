"""The warehouse's figures for Prometheus: months, models and drift. Nothing that answers requests is here."""
