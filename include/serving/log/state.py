"""What became of the answers on their way to the prediction log, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from include.utils.logs import get_logger


@dataclass
class LogState:
    """Rows since the start of the service. Each figure is written by one thread and read by any."""

    spooled: int = 0
    shipped: int = 0
    dropped_memory: int = 0
    dropped_spool: int = 0
    failed: int = 0
    unreadable: int = 0
    refused: int = 0
    disk_problem: str = ""
    database_problem: str = ""

    def dropped_by_reason(self) -> dict[str, int]:
        """Answers that are in no log: memory or spool was full, they could not be written as a line, a line could not
        be read again, or the database refused a value."""
        return {"memory": self.dropped_memory, "spool": self.dropped_spool, "failed": self.failed,
                "unreadable": self.unreadable, "refused": self.refused}  # fmt: skip

    @property
    def dropped(self) -> int:
        """All of these."""
        return sum(self.dropped_by_reason().values())

    def tell(self, problem: Literal["disk_problem", "database_problem"], said: str) -> None:
        """Remembers what stands in the way, and logs it when it is news."""
        if getattr(self, problem) != said:
            setattr(self, problem, said)
            get_logger(phase="serve").error("prediction log", problem=problem, reason=said)
