"""Views for the usual questions.

Revision ID: 0002
"""

from __future__ import annotations

from alembic import op

from include.warehouse.views import create_views

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """The views as they are written in `include/warehouse/views.py`."""
    create_views(op.get_bind())
