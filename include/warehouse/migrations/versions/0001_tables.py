"""The first tables.

Revision ID: 0001
"""

from alembic import op

from include.warehouse.bulk import partition_by_month
from include.warehouse.tables import METADATA, PARTITIONED

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    METADATA.create_all(connection)
    for table in PARTITIONED:
        partition_by_month(connection, table.name)
