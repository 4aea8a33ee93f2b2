"""Small published files for tests, in the layouts of several years."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa

HEADER_2016_07 = (
    "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,RatecodeID,store_and_fwd_flag,"
    "PULocationID,DOLocationID,payment_type,fare_amount,extra,mta_tax,tip_amount,tolls_amount,improvement_surcharge,"
    "total_amount"
)
ROW_2016_07 = "1,2016-07-10 06:56:05,2016-07-10 06:59:53,1,.50,1,N,263,236,1,4.5,1,0.5,2.7,0,0.3,9"


def csv_text(rows: int = 3, header: str = HEADER_2016_07, row: str = ROW_2016_07) -> str:
    """A header, TLC's blank second line, and equal rows."""
    return "\r\n".join([header, "", *[row] * rows, ""])


def write_text(path: Path, text: str) -> Path:
    """The text as plain, gzipped or zipped CSV, by the path's suffix."""
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(path.stem, text)
    else:
        path.write_text(text, newline="")
    return path


def fhvhv_month(rows: int = 600, month: str = "2023-01") -> pa.Table:
    """High-volume trips as TLC's Parquet of 2023 has them: 24 columns, types included; every tenth asks for a WAV."""
    request = np.datetime64(f"{month}-03T00:00:00", "us") + np.arange(rows) * np.timedelta64(5, "m")
    pickup = request + np.timedelta64(4, "m")
    every_tenth = np.arange(rows) % 10 == 0
    flag = np.where(every_tenth, "Y", "N").tolist()
    columns = {
        "hvfhs_license_num": pa.array(np.where(every_tenth, "HV0005", "HV0003").tolist()),
        "dispatching_base_num": pa.array(["B03404"] * rows), "originating_base_num": pa.array(["B03404"] * rows),
        "request_datetime": request, "on_scene_datetime": pa.array(np.where(every_tenth, np.datetime64("NaT"), pickup)),
        "pickup_datetime": pickup, "dropoff_datetime": pickup + np.timedelta64(15, "m"),
        "PULocationID": np.full(rows, 161), "DOLocationID": np.full(rows, 236), "trip_miles": np.full(rows, 3.2),
        "trip_time": np.full(rows, 900), "base_passenger_fare": np.full(rows, 18.4), "tolls": np.zeros(rows),
        "bcf": np.full(rows, 0.55), "sales_tax": np.full(rows, 1.63), "congestion_surcharge": np.full(rows, 2.75),
        "airport_fee": np.zeros(rows), "tips": np.zeros(rows), "driver_pay": np.full(rows, 14.1),
        "shared_request_flag": pa.array(["N"] * rows), "shared_match_flag": pa.array(["N"] * rows),
        "access_a_ride_flag": pa.array([" "] * rows), "wav_request_flag": pa.array(flag),
        "wav_match_flag": pa.array(flag),
    }  # fmt: skip
    return pa.table(columns)


def fhv_month(rows: int = 600, month: str = "2019-03") -> pa.Table:
    """For-hire trips as TLC's Parquet has them: zones as doubles, four in five pick-ups without one."""
    pickup = np.datetime64(f"{month}-03T00:00:00", "us") + np.arange(rows) * np.timedelta64(5, "m")
    zone = np.where(np.arange(rows) % 5 == 0, 161.0, np.nan)
    return pa.table({
        "dispatching_base_num": pa.array(["B00037"] * rows), "pickup_datetime": pickup,
        "dropOff_datetime": pickup + np.timedelta64(20, "m"), "PUlocationID": pa.array(zone, from_pandas=True),
        "DOlocationID": np.full(rows, 236.0), "SR_Flag": pa.nulls(rows),
        "Affiliated_base_number": pa.array(["B00037"] * rows),
    })  # fmt: skip
