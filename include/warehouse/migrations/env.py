"""Alembic runs this; the connection comes from `schema.init_db`."""

from __future__ import annotations

from alembic import context

from include.warehouse.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
