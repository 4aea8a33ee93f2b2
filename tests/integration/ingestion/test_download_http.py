"""Transfers from a server that cuts, stalls, throttles, republishes and lies."""

from __future__ import annotations

import errno
import io
import tempfile
import threading
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from include.errors import BadDataError, NotPublishedError, SourceUnavailableError, TaxiError
from include.ingestion.download import Patience, download_from_url, probe
from tests.servers.http import Fault, TripServer, running

pytestmark = pytest.mark.integration
MONTH = "yellow_tripdata_2019-01.parquet"
OTHER = "yellow_tripdata_2018-12.parquet"
FAST = Patience(attempts=3, timeout_s=5, pause_s=0.001, longest_pause_s=0.005)


def parquet(rows: int) -> bytes:
    """A Parquet file of a few kB; another number of rows gives other bytes."""
    file = io.BytesIO()
    pq.write_table(pa.table({"n": [str(n) * 9 for n in range(rows)]}), file, compression="none")
    return file.getvalue()


FIRST, SECOND = parquet(200), parquet(230)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / MONTH


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between tries, in seconds, which then do not happen."""
    slept: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=slept.append))
    return slept


def leftovers(folder: Path) -> set[str]:
    """Files in a folder, without the empty lock."""
    return {path.name for path in folder.iterdir()} - {f"{MONTH}.part.lock"}


# --- whole files -----------------------------------------------------------------------------------------------------


def test_a_file_arrives_whole_and_leaves_nothing_beside_it(trip_server: TripServer, target: Path) -> None:
    assert download_from_url(trip_server.publish(MONTH, FIRST), target, FAST) == target
    assert target.read_bytes() == FIRST
    assert leftovers(target.parent) == {MONTH}
    assert trip_server.seen[-1].accepts == "identity", "a coded body has another size"


def test_an_older_file_is_replaced_and_a_failure_leaves_it(trip_server: TripServer, target: Path) -> None:
    target.write_bytes(b"older")
    url = trip_server.publish(MONTH, FIRST)
    trip_server.faults.extend([Fault(status=500)] * 3)
    with pytest.raises(SourceUnavailableError):
        download_from_url(url, target, FAST)
    assert target.read_bytes() == b"older"
    assert download_from_url(url, target, FAST).read_bytes() == FIRST


def test_a_drip_arrives_whole(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.append(Fault(drip=500))
    assert download_from_url(trip_server.publish(MONTH, FIRST), target, FAST).read_bytes() == FIRST


def test_a_destination_on_another_file_system_gets_a_copy_and_a_rename(
    trip_server: TripServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def across(self: Path, other: Path) -> Path:
        if self.suffix == ".part":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, other)

    monkeypatch.setattr(Path, "replace", across)
    parts = target.parent / "parts"
    assert download_from_url(trip_server.publish(MONTH, FIRST), target, FAST, parts=parts).read_bytes() == FIRST
    assert leftovers(parts) == set()


# --- continued files -------------------------------------------------------------------------------------------------


def test_a_cut_transfer_is_continued_where_it_stopped(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.append(Fault(cut_after=1000))
    download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    again = trip_server.gets()[1]
    assert (again.range, again.if_range, again.status) == ("bytes=1000-", trip_server.etag(FIRST), 206)
    assert target.read_bytes() == FIRST


def test_a_stalled_transfer_is_given_up_and_continued(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.append(Fault(stall_after=1000))
    download_from_url(trip_server.publish(MONTH, FIRST), target, replace(FAST, timeout_s=0.4))
    assert trip_server.gets()[1].range == "bytes=1000-"
    assert target.read_bytes() == FIRST


def test_another_process_continues_what_this_one_left(trip_server: TripServer, target: Path) -> None:
    url = trip_server.publish(MONTH, FIRST)
    trip_server.faults.append(Fault(cut_after=1000))
    with pytest.raises(SourceUnavailableError, match="connection was cut"):
        download_from_url(url, target, replace(FAST, attempts=1))
    assert not target.exists()
    download_from_url(url, target, FAST)
    assert trip_server.gets()[1].range == "bytes=1000-"
    assert target.read_bytes() == FIRST


@pytest.mark.parametrize("obeys_if_range", [True, False])
def test_a_version_that_changed_in_between_is_fetched_from_zero(
    trip_server: TripServer, target: Path, obeys_if_range: bool
) -> None:
    trip_server.obeys_if_range = obeys_if_range
    trip_server.faults.extend([Fault(cut_after=1000), Fault(republish=SECOND)])
    download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert target.read_bytes() == SECOND


def test_a_version_that_shrank_below_the_part_is_fetched_from_zero(trip_server: TripServer, target: Path) -> None:
    trip_server.obeys_if_range = False
    trip_server.faults.extend([Fault(cut_after=len(SECOND) - 1), Fault(republish=FIRST)])
    download_from_url(trip_server.publish(MONTH, SECOND), target, FAST)
    assert target.read_bytes() == FIRST


@pytest.mark.parametrize("trait", [{"weak_etags": True}, {"knows_range": False}])
def test_what_cannot_be_continued_with_safety_is_fetched_again(
    trip_server: TripServer, target: Path, trait: dict[str, bool]
) -> None:
    vars(trip_server).update(trait)
    trip_server.faults.append(Fault(cut_after=1000))
    download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert [seen.status for seen in trip_server.gets()] == [200, 200]
    assert target.read_bytes() == FIRST


def test_a_whole_part_costs_one_byte_to_confirm(trip_server: TripServer, target: Path) -> None:
    url = trip_server.publish(MONTH, FIRST)
    trip_server.faults.append(Fault(cut_after=len(FIRST) - 1))
    with pytest.raises(SourceUnavailableError):
        download_from_url(url, target, replace(FAST, attempts=1))
    with (target.parent / f"{MONTH}.part").open("ab") as part:
        part.write(FIRST[-1:])
    download_from_url(url, target, FAST)
    assert trip_server.gets()[-1].range == f"bytes={len(FIRST) - 1}-"
    assert target.read_bytes() == FIRST


def test_a_range_that_is_answered_in_part_is_asked_for_again(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.extend([Fault(cut_after=1000), Fault(span=500)])
    download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert [seen.range for seen in trip_server.gets()] == ["", "bytes=1000-", "bytes=1500-"]
    assert target.read_bytes() == FIRST


def test_a_range_that_starts_elsewhere_is_not_appended(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.extend([Fault(cut_after=1000), Fault(shift=8)])
    download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert [seen.range for seen in trip_server.gets()] == ["", "bytes=1000-", ""]
    assert target.read_bytes() == FIRST


def test_the_part_of_another_address_is_not_used(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.append(Fault(cut_after=1000))
    with pytest.raises(SourceUnavailableError):
        download_from_url(trip_server.publish(MONTH, FIRST), target, replace(FAST, attempts=1))
    download_from_url(trip_server.publish(f"mirror/{MONTH}", FIRST), target, FAST)
    assert trip_server.gets()[-1].range == ""


def test_tries_that_bring_much_are_not_counted(
    trip_server: TripServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("include.ingestion.retries.PROGRESS_BYTES", 500)
    trip_server.faults.extend([Fault(cut_after=500)] * 5)
    download_from_url(trip_server.publish(MONTH, FIRST), target, replace(FAST, attempts=2))
    assert target.read_bytes() == FIRST


@pytest.fixture(scope="module")
def shared_server() -> Iterator[TripServer]:
    with running() as server:
        yield server


faults = st.one_of(
    st.builds(Fault, cut_after=st.integers(0, len(FIRST) + 10)),
    st.builds(Fault, cut_after=st.integers(0, len(FIRST)), send_etag=st.just(False)),
    st.builds(Fault, cut_after=st.integers(0, len(FIRST)), republish=st.sampled_from([FIRST, SECOND])),
    st.builds(Fault, status=st.sampled_from([429, 500, 503])),
    st.builds(Fault, length_off_by=st.integers(1, 50)),
)


@examples(max_examples=30)
@given(met=st.lists(faults, max_size=6), obeys=st.booleans(), weak=st.booleans())
def test_whatever_happens_on_the_way_the_file_is_the_one_published(
    shared_server: TripServer, met: list[Fault], obeys: bool, weak: bool
) -> None:
    shared_server.obeys_if_range, shared_server.weak_etags = obeys, weak
    url = shared_server.publish(MONTH, FIRST)
    shared_server.faults.clear()
    shared_server.faults.extend(met)
    with tempfile.TemporaryDirectory() as folder:
        got = download_from_url(url, Path(folder) / MONTH, replace(FAST, attempts=len(met) * 2 + 1)).read_bytes()
    assert got == shared_server.files[f"/{MONTH}"]


# --- refused, throttled, away ----------------------------------------------------------------------------------------


def test_a_server_that_recovers_is_waited_for(trip_server: TripServer, target: Path, waits: list[float]) -> None:
    trip_server.faults.extend([Fault(status=500), Fault(status=503)])
    download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert len(waits) == 2
    assert max(waits) <= FAST.longest_pause_s


def test_a_server_that_does_not_recover_is_given_up(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.extend([Fault(status=500)] * 9)
    with pytest.raises(SourceUnavailableError, match=rf"{MONTH} answered HTTP 500: .* later"):
        download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert len(trip_server.gets()) == FAST.attempts


def test_retry_after_is_honoured(trip_server: TripServer, target: Path, waits: list[float]) -> None:
    trip_server.faults.append(Fault(status=429, retry_after="7"))
    download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert waits == [7.0]


def test_a_retry_after_of_an_hour_is_left_to_the_scheduler(
    trip_server: TripServer, target: Path, waits: list[float]
) -> None:
    trip_server.faults.append(Fault(status=429, retry_after="3600"))
    with pytest.raises(SourceUnavailableError, match="asks to wait 3600 s"):
        download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert (len(trip_server.gets()), waits) == (1, [])


def test_a_request_without_access_is_not_repeated(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.append(Fault(status=401))
    with pytest.raises(SourceUnavailableError, match="HTTP 401: check the address and the access"):
        download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert len(trip_server.gets()) == 1


@pytest.mark.parametrize("absent", [403, 404])
def test_absent_while_a_known_file_answers_is_not_published(trip_server: TripServer, target: Path, absent: int) -> None:
    trip_server.absent = absent
    known = trip_server.publish(OTHER, FIRST)
    with pytest.raises(NotPublishedError, match=rf"{MONTH} is not published .*HTTP {absent}, while .*{OTHER} answers"):
        probe(f"{trip_server.url}/{MONTH}", patience=FAST, known=[known])
    with pytest.raises(NotPublishedError):
        download_from_url(f"{trip_server.url}/{MONTH}", target, FAST, [known])


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_known_file_refused_too_is_a_block(trip_server: TripServer, status: int) -> None:
    trip_server.throttled = status
    with pytest.raises(SourceUnavailableError) as refused:
        probe(f"{trip_server.url}/{MONTH}", patience=FAST, known=[trip_server.publish(OTHER, FIRST)])
    assert f"HTTP {status}" in str(refused.value)
    assert ("throttled or blocked" in str(refused.value)) == (status == 403)


def test_nothing_there_at_all_is_a_wrong_address(trip_server: TripServer) -> None:
    trip_server.absent = 404
    with pytest.raises(SourceUnavailableError, match="check the address"):
        probe(f"{trip_server.url}/typo/{MONTH}", patience=FAST, known=[f"{trip_server.url}/typo/{OTHER}"])
    assert len(trip_server.seen) == 2, "a wrong address is not tried again"


@pytest.mark.parametrize(("absent", "error"), [(404, NotPublishedError), (403, SourceUnavailableError)])
def test_an_index_vouches_for_404_and_not_for_403(trip_server: TripServer, absent: int, error: type[Exception]) -> None:
    trip_server.absent, trip_server.index = absent, True
    with pytest.raises(error):
        probe(f"{trip_server.url}/{MONTH}", patience=FAST, known=[f"{trip_server.url}/"])


@pytest.mark.parametrize("index", [403, 404])
def test_an_index_that_does_not_answer_proves_nothing(trip_server: TripServer, index: int) -> None:
    trip_server.absent = 404
    trip_server.faults.append(Fault(status=index))
    with pytest.raises(SourceUnavailableError, match="no file is known to be there"):
        probe(f"{trip_server.url}/{MONTH}", patience=FAST, known=[f"{trip_server.url}/"])


def test_the_file_asked_for_cannot_vouch_for_itself(trip_server: TripServer) -> None:
    url = f"{trip_server.url}/{MONTH}"
    with pytest.raises(SourceUnavailableError, match="no file is known to be there"):
        probe(url, patience=FAST, known=[url])


def test_a_server_that_is_away_is_named(tmp_path: Path) -> None:
    with running() as gone:
        url = f"{gone.url}/{MONTH}"
    with pytest.raises(SourceUnavailableError, match=rf"{url}: no connection .*Check the network"):
        probe(url, patience=FAST)


# --- what is no trip file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/xml", "binary/octet-stream"])
def test_a_page_never_becomes_a_parquet(trip_server: TripServer, target: Path, kind: str) -> None:
    trip_server.faults.append(Fault(page=kind))
    with pytest.raises(BadDataError, match="page"):
        download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert leftovers(target.parent) == set()


def test_a_login_page_does_not_destroy_what_is_there(trip_server: TripServer, target: Path) -> None:
    url = trip_server.publish(MONTH, FIRST)
    trip_server.faults.extend([Fault(cut_after=1000), Fault(page="text/html")])
    with pytest.raises(BadDataError):
        download_from_url(url, target, FAST)
    download_from_url(url, target, FAST)
    assert trip_server.gets()[-1].range == "bytes=1000-"


def test_a_length_announced_too_long_is_not_whole(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.extend([Fault(length_off_by=7)] * 9)
    with pytest.raises(SourceUnavailableError):
        download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert not target.exists()


def test_a_length_announced_too_short_is_no_whole_parquet(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.append(Fault(length_off_by=-7))
    with pytest.raises(BadDataError, match="not a whole Parquet"):
        download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)
    assert leftovers(target.parent) == set()


def test_a_body_compressed_on_the_way_is_refused(trip_server: TripServer, target: Path) -> None:
    trip_server.faults.append(Fault(coding="gzip"))
    with pytest.raises(SourceUnavailableError, match="gzip-coded"):
        download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)


def test_a_full_disk_is_said_before_a_byte_is_written(
    trip_server: TripServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr("include.ingestion.transfer.shutil.disk_usage", lambda folder: usage(10))
    with pytest.raises(TaxiError, match=r"needs [\d,]+ more bytes and .* has 10 free"):
        download_from_url(trip_server.publish(MONTH, FIRST), target, FAST)


# --- what is offered -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refuses_head", [False, True])
@pytest.mark.parametrize("knows_range", [False, True])
def test_the_vintage_is_read_without_fetching_the_file(
    trip_server: TripServer, refuses_head: bool, knows_range: bool
) -> None:
    trip_server.refuses_head, trip_server.knows_range = refuses_head, knows_range
    offered = probe(trip_server.publish(MONTH, FIRST), patience=FAST)
    assert (offered.etag, offered.size) == (trip_server.etag(FIRST), len(FIRST))
    assert [seen.range for seen in trip_server.gets()] == (["bytes=0-0"] if refuses_head else [])


def test_a_republished_file_is_another_vintage(trip_server: TripServer) -> None:
    before = probe(trip_server.publish(MONTH, FIRST), patience=FAST)
    assert probe(before.url, patience=FAST) == before
    trip_server.publish(MONTH, SECOND)
    assert probe(before.url, patience=FAST) != before


# --- two at once -----------------------------------------------------------------------------------------------------


def test_a_part_that_another_process_writes_is_left_alone(trip_server: TripServer, target: Path) -> None:
    with (
        FileLock(target.parent / f"{MONTH}.part.lock"),
        pytest.raises(SourceUnavailableError, match=r"Another process is writing .*: let it finish"),
    ):
        download_from_url(trip_server.publish(MONTH, FIRST), target, replace(FAST, timeout_s=0.05))
    assert trip_server.seen == []


def test_two_at_once_both_get_the_whole_file(trip_server: TripServer, tmp_path: Path) -> None:
    url, parts = trip_server.publish(MONTH, FIRST), tmp_path / "parts"
    trip_server.faults.extend([Fault(drip=500)] * 2)
    targets = [tmp_path / str(n) / MONTH for n in range(2)]
    both = [threading.Thread(target=download_from_url, args=(url, t, FAST, (), parts)) for t in targets]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert [t.read_bytes() for t in targets] == [FIRST, FIRST]
