"""Archives are opened whole or not at all, and nothing in them reaches outside their folder."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from include.errors import BadDataError
from include.ingestion import archives
from include.ingestion.download import extract_compressed

MONTHS = {"yellow_tripdata_2019-01.csv": b"VendorID,fare\n1,2.5\n", "green/2019/m.csv": b"VendorID\n2\n", "empty": b""}
BIG = 3 << 20


def zip_of(path: Path, members: dict[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    return path


def tar_of(path: Path, members: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(body), "/etc/passwd"
            archive.addfile(info, io.BytesIO(body))
    return path


def gz_of(path: Path, body: bytes) -> Path:
    path.write_bytes(gzip.compress(body))
    return path


MAKERS: dict[str, Callable[[Path, dict[str, bytes]], Path]] = {"a.zip": zip_of, "a.tar.gz": tar_of, "a.tgz": tar_of}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(path: Path, match: str, **limits: float) -> None:
    """The archive is refused, and the folder holds what it held before."""
    before = sorted(path.parent.iterdir())
    with pytest.raises(BadDataError, match=match):
        extract_compressed(path, **limits)  # type: ignore[arg-type]
    assert sorted(path.parent.iterdir()) == before


@pytest.mark.parametrize("name", MAKERS)
def test_a_folder_holds_the_files_of_an_archive(tmp_path: Path, name: str) -> None:
    folder = extract_compressed(MAKERS[name](tmp_path / name, MONTHS))
    assert folder == tmp_path / "a"
    assert contents(folder) == MONTHS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", name]


def test_a_gz_gives_its_one_file_without_the_suffix(tmp_path: Path) -> None:
    path = extract_compressed(gz_of(tmp_path / "m.csv.gz", b"VendorID\n"))
    assert (path, path.read_bytes()) == (tmp_path / "m.csv", b"VendorID\n")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.csv", "m.csv.gz"]


names = st.text("abcdefgh._-", min_size=1, max_size=8).filter(lambda name: name.strip("."))


@given(members=st.dictionaries(names, st.binary(max_size=200), max_size=5), kind=st.sampled_from(list(MAKERS)))
def test_what_was_packed_comes_out(members: dict[str, bytes], kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert contents(extract_compressed(MAKERS[kind](Path(folder) / kind, members))) == members


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("name", ["/etc/cron.d/x", "../x", "a/../../x", "..\\x", "C:\\x", "C:x"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "in").mkdir()
    refused(MAKERS[kind](tmp_path / "in" / kind, {"first.csv": b"1", name: b"2"}), "leads out of its folder")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    refused(tar_of(tmp_path / "a.tar.gz", {"m.csv": b""}, kind), "'m.csv', a link, a device")


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_are_refused(tmp_path: Path, mode: int) -> None:
    refused(zip_of(tmp_path / "a.zip", {"m.csv": b"/etc/passwd"}, mode | 0o777), "'m.csv', a link, a device")


@pytest.mark.parametrize("kind", [*MAKERS, "m.csv.gz"])
def test_a_bomb_is_refused_by_ratio_and_by_bytes(tmp_path: Path, kind: str) -> None:
    path, zeros = tmp_path / kind, bytes(BIG)
    bomb = gz_of(path, zeros) if kind == "m.csv.gz" else MAKERS[kind](path, {"m.csv": zeros})
    refused(bomb, r"expands to more than 1,048,576 bytes \(100 times its [\d,]+ bytes\)")
    refused(bomb, r"expands to more than 1,000 bytes \(the limit in bytes\)", max_bytes=1000)
    assert extract_compressed(bomb, max_ratio=5000).exists(), "it is extracted by those who raise the limit"


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    bomb = zip_of(tmp_path / "a.zip", {"m.csv": bytes(BIG)})
    bomb.write_bytes(bomb.read_bytes().replace(BIG.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    refused(bomb, "a.zip")


def test_a_tar_header_cannot_grow_past_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("m.csv")
        info.pax_headers = {"comment": "x" * BIG}
        archive.addfile(info)
    refused(path, "expands to more than")


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    refused(zip_of(tmp_path / "a.zip", MONTHS), "holds more than 2 files")


def test_a_name_used_twice_is_refused(tmp_path: Path) -> None:
    refused(tar_of(tmp_path / "a.tar.gz", {"m": b"1", "m/m.csv": b"2"}), "twice, or as file and folder")


@pytest.mark.parametrize("kind", [*MAKERS, "m.csv.gz"])
def test_a_damaged_archive_leaves_nothing(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    whole = (gz_of(path, b"n\n" * 99) if kind == "m.csv.gz" else MAKERS[kind](path, MONTHS)).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused(path, "cannot be extracted: .* Get the file again")
    path.write_bytes(b"no archive at all")
    refused(path, "cannot be extracted: .* Get the file again")


@examples(max_examples=100)
@given(kind=st.sampled_from([*MAKERS, "m.csv.gz"]), harm=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255))))
def test_whatever_bytes_are_wrong_it_is_opened_or_refused_in_a_sentence(
    kind: str, harm: list[tuple[float, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in" / kind
        path.parent.mkdir()
        made = gz_of(path, b"n\n" * 99) if kind == "m.csv.gz" else MAKERS[kind](path, MONTHS)
        body = bytearray(made.read_bytes())
        for place, value in harm:
            body[int(place * len(body))] = value
        path.write_bytes(body)
        try:
            extract_compressed(path)
        except BadDataError:
            assert list(path.parent.iterdir()) == [path]
        assert [p.name for p in Path(folder).iterdir()] == ["in"]


def test_another_way_of_packing_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("m.csv", b"VendorID")
    refused(tmp_path / "a.zip", "'m.csv' by method 14: expected stored or deflate")


def test_an_encrypted_zip_is_said_to_be_one(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"m.csv": b"1"})
    body = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(magic) + offset] |= 1
    path.write_bytes(body)
    refused(path, "is encrypted")


def test_what_is_there_is_kept_unless_replaced(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", MONTHS)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine.txt").write_text("kept")
    refused(archive, "is already there: remove it")
    assert contents(extract_compressed(archive, replace=True)) == MONTHS
    with pytest.raises(BadDataError, match="leads out"):
        extract_compressed(zip_of(archive, {"../x": b""}), replace=True)
    assert contents(tmp_path / "a") == MONTHS


def test_an_unknown_kind_and_an_absent_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match=r"m.rar is no archive known here: expected one of .tar.gz"):
        extract_compressed(tmp_path / "m.rar")
    with pytest.raises(BadDataError, match="is not there"):
        extract_compressed(tmp_path / "m.zip")
