"""Whether the warehouse answers, asked now and then in the background, so that no request waits to find out."""

from __future__ import annotations

from include.config import Settings
from include.errors import TaxiError
from include.serving.schemas import Dependency


class WarehouseWatch:
    """The last thing that was seen of the warehouse."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.seen, self.looked = Dependency(status="off", detail="not asked yet"), False

    def look(self) -> None:
        """Asks the database for nothing; never raises."""
        from sqlalchemy import text

        from include.warehouse.engine import get_engine, warehouse_faults

        self.looked = True
        try:
            engine = get_engine(self.settings)
            if engine.dialect.name == "sqlite" and not (self.settings.home / "warehouse.db").exists():
                self.seen = Dependency(status="off", detail="the warehouse has not been made yet")
                return
            with warehouse_faults(engine), engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            self.seen = Dependency(status="ok")
        except TaxiError as fault:
            self.seen = Dependency(status="away", detail=str(fault))
        except Exception as fault:  # noqa: BLE001 - drivers raise what they like, and the next look must come
            self.seen = Dependency(status="away", detail=f"{type(fault).__name__}: {fault}")
