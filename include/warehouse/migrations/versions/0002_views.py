"""Views for the usual questions; `schema.init_db` makes them after the newest migration, with all their columns there.

Revision ID: 0002
"""

from __future__ import annotations

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Nothing but a new revision, which makes the views."""
