"""The schema's history: one file per change in `versions`, run by Alembic."""
