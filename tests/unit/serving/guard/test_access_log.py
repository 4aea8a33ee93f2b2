"""Lines are whole, in order, and written off the request path."""

from __future__ import annotations

import pytest

from include.serving.guard.access_log import AccessLog, Finished, line_of

DONE = Finished(1_560_550_000.25, "r-1", "POST", "/predict", 200, 0.0012345, "dispatcher")


def test_a_line_says_what_was_asked_and_how_it_went() -> None:
    assert line_of(DONE) == (
        "timestamp=2019-06-14T22:06:40.250Z level=info event=request phase=serve request_id=r-1 method=POST "
        "route=/predict status=200 ms=1.23 key=dispatcher\n"
    )


def test_what_waits_at_the_end_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    log = AccessLog()
    log.start()
    for number in range(1000):
        log.note(DONE._replace(request_id=str(number)))
    log.stop()
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("request_id=")[1].split()[0] for line in lines] == [str(number) for number in range(1000)]
