"""In which columns and types TLC published a month: `Published=canonical:kind`, by service and first month.

Types were read off the Parquet files of yellow 2018-2020 and 2024, green 2020-2025, names off the CSVs of January of
every year. Kinds: int32, int64, double, usd (cents here, dollars there), flag (0, 1 -> N, Y), text and big_text
(large_string), time, and `null`, a column without a type; vendor and payment are codes as the text of their years.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from include.trips.month import Month

_PLACES_2010 = "pickup_longitude=pickup_lon:double pickup_latitude=pickup_lat:double"
_ENDS_2010 = "dropoff_longitude=dropoff_lon:double dropoff_latitude=dropoff_lat:double"
_BILL = "mta_tax=mta_tax_usd:usd tip_amount=tip_usd:usd tolls_amount=tolls_usd:usd"
_YELLOW_2015 = (
    "VendorID=vendor_id:int64 tpep_pickup_datetime=pickup_at:time tpep_dropoff_datetime=dropoff_at:time "
    f"passenger_count=passenger_count:int64 trip_distance=distance_mi:double {_PLACES_2010} RateCodeID=rate_code:int64 "
    f"store_and_fwd_flag=store_and_fwd:flag {_ENDS_2010} payment_type=payment_type:int64 fare_amount=fare_usd:usd "
    f"extra=extra_usd:usd {_BILL} improvement_surcharge=improvement_usd:usd total_amount=total_usd:usd"
)
_YELLOW_2016H2 = (
    "VendorID=vendor_id:int64 tpep_pickup_datetime=pickup_at:time tpep_dropoff_datetime=dropoff_at:time "
    "passenger_count=passenger_count:double trip_distance=distance_mi:double RatecodeID=rate_code:double "
    "store_and_fwd_flag=store_and_fwd:flag PULocationID=pickup_zone:int64 DOLocationID=dropoff_zone:int64 "
    f"payment_type=payment_type:int64 fare_amount=fare_usd:usd extra=extra_usd:usd {_BILL} "
    "improvement_surcharge=improvement_usd:usd total_amount=total_usd:usd congestion_surcharge=congestion_usd:usd "
    "airport_fee=airport_fee_usd:null"
)
_YELLOW_2021 = _YELLOW_2016H2.replace("airport_fee_usd:null", "airport_fee_usd:usd")
_YELLOW_2023 = (
    _YELLOW_2021.replace("airport_fee=", "Airport_fee=").replace("vendor_id:int64", "vendor_id:int32")
    .replace("_zone:int64", "_zone:int32")
)  # fmt: skip
_YELLOW_2025 = (
    _YELLOW_2023.replace("count:double", "count:int64").replace("code:double", "code:int64")
    .replace(":flag", ":big_flag") + " cbd_congestion_fee=cbd_fee_usd:usd"
)  # fmt: skip
_GREEN_2013 = (
    "VendorID=vendor_id:int64 lpep_pickup_datetime=pickup_at:time Lpep_dropoff_datetime=dropoff_at:time "
    "Store_and_fwd_flag=store_and_fwd:flag RateCodeID=rate_code:int64 Pickup_longitude=pickup_lon:double "
    "Pickup_latitude=pickup_lat:double Dropoff_longitude=dropoff_lon:double Dropoff_latitude=dropoff_lat:double "
    "Passenger_count=passenger_count:int64 Trip_distance=distance_mi:double Fare_amount=fare_usd:usd "
    "Extra=extra_usd:usd MTA_tax=mta_tax_usd:usd Tip_amount=tip_usd:usd Tolls_amount=tolls_usd:usd "
    "Ehail_fee=ehail:null Total_amount=total_usd:usd Payment_type=payment_type:int64 Trip_type=trip_type:int64"
)
_GREEN_2016H2 = (
    "VendorID=vendor_id:int64 lpep_pickup_datetime=pickup_at:time lpep_dropoff_datetime=dropoff_at:time "
    "store_and_fwd_flag=store_and_fwd:flag RatecodeID=rate_code:double PULocationID=pickup_zone:int64 "
    "DOLocationID=dropoff_zone:int64 passenger_count=passenger_count:double trip_distance=distance_mi:double "
    f"fare_amount=fare_usd:usd extra=extra_usd:usd {_BILL} ehail_fee=ehail:null "
    "improvement_surcharge=improvement_usd:usd total_amount=total_usd:usd payment_type=payment_type:double "
    "trip_type=trip_type:double congestion_surcharge=congestion_usd:usd"
)
_GREEN_2023 = (
    _GREEN_2016H2.replace("vendor_id:int64", "vendor_id:int32").replace("_zone:int64", "_zone:int32")
    .replace("ehail:null", "ehail:usd")
)  # fmt: skip
_GREEN_2025 = (
    _GREEN_2023.replace(":flag", ":big_flag").replace("count:double", "count:int64")
    .replace("code:double", "code:int64").replace("type:double", "type:int64") + " cbd_congestion_fee=cbd_fee_usd:usd"
)  # fmt: skip
_FHV_2017 = (
    "dispatching_base_num=base_number:text pickup_datetime=pickup_at:time dropOff_datetime=dropoff_at:time "
    "PUlocationID=pickup_zone:double DOlocationID=dropoff_zone:double"
)
_FHV_2018 = _FHV_2017 + " SR_Flag=shared_ride:double Affiliated_base_number=affiliated_base_number:text"
_FHVHV = (
    "hvfhs_license_num=license_number:text dispatching_base_num=base_number:text "
    "originating_base_num=origin_base_number:text request_datetime=request_at:time "
    "on_scene_datetime=on_scene_at:time pickup_datetime=pickup_at:time dropoff_datetime=dropoff_at:time "
    "PULocationID=pickup_zone:int64 "
    "DOLocationID=dropoff_zone:int64 trip_miles=distance_mi:double trip_time=trip_seconds:int64 "
    "base_passenger_fare=fare_usd:usd "
    "tolls=tolls_usd:usd bcf=black_car_fund_usd:usd sales_tax=sales_tax_usd:usd "
    "congestion_surcharge=congestion_usd:usd "
    "airport_fee=airport_fee_usd:{airport} tips=tip_usd:usd driver_pay=driver_pay_usd:usd "
    "shared_request_flag=shared_request:flag shared_match_flag=shared_match:flag "
    "access_a_ride_flag=access_a_ride:blank_flag wav_request_flag=wav_request:flag wav_match_flag=wav_match:flag"
)
ERAS: dict[str, tuple[tuple[str, str], ...]] = {
    "yellow": (
        ("2009-01",
         "vendor_name=vendor_id:vendor Trip_Pickup_DateTime=pickup_at:time Trip_Dropoff_DateTime=dropoff_at:time "
         "Passenger_Count=passenger_count:int64 Trip_Distance=distance_mi:double Start_Lon=pickup_lon:double "
         "Start_Lat=pickup_lat:double Rate_Code=unused:null store_and_forward=unused:null End_Lon=dropoff_lon:double "
         "End_Lat=dropoff_lat:double Payment_Type=payment_type:payment_2009 Fare_Amt=fare_usd:usd "
         "surcharge=extra_usd:usd mta_tax=mta_tax_usd:usd "
         "Tip_Amt=tip_usd:usd Tolls_Amt=tolls_usd:usd Total_Amt=total_usd:usd"),
        ("2010-01",
         "vendor_id=vendor_id:vendor pickup_datetime=pickup_at:time dropoff_datetime=dropoff_at:time "
         f"passenger_count=passenger_count:int64 trip_distance=distance_mi:double {_PLACES_2010} "
         f"rate_code=rate_code:int64 store_and_fwd_flag=store_and_fwd:flag {_ENDS_2010} "
         f"payment_type=payment_type:payment fare_amount=fare_usd:usd surcharge=extra_usd:usd {_BILL} "
         f"total_amount=total_usd:usd"),
        ("2015-01", _YELLOW_2015),
        ("2016-01", _YELLOW_2015.replace("RateCodeID", "RatecodeID")),
        ("2016-07", _YELLOW_2016H2),
        ("2021-01", _YELLOW_2021),
        ("2023-02", _YELLOW_2023),
        ("2025-01", _YELLOW_2025),
    ),
    "green": (
        ("2013-08", _GREEN_2013),
        ("2015-01", _GREEN_2013.replace(" Total_amount", " improvement_surcharge=improvement_usd:usd Total_amount")),
        ("2016-07", _GREEN_2016H2),
        ("2023-02", _GREEN_2023),
        ("2025-01", _GREEN_2025),
    ),
    "fhv": (
        ("2015-01", "Dispatching_base_num=base_number:text Pickup_date=pickup_at:time locationID=pickup_zone:double"),
        ("2017-01", _FHV_2017),
        ("2018-01", _FHV_2018),
    ),
    "fhvhv": (
        ("2019-02", _FHVHV.format(airport="null")),
        ("2021-01", _FHVHV.format(airport="usd")),
        ("2025-01", _FHVHV.format(airport="usd") + " cbd_congestion_fee=cbd_fee_usd:usd"),
    ),
}  # fmt: skip
VENDORS = ("", "CMT", "VTS")
PAYMENTS = {"payment_2009": ("", "Credit", "CASH", "No Charge", "Dispute"), "payment": ("", "CRD", "CSH", "NOC", "DIS")}


def first_month(service: str) -> str:
    """The first month that TLC published of a service."""
    return ERAS[service][0][0]


def columns_of(service: str, month: Month) -> list[tuple[str, str, str]]:
    """(published name, canonical column, kind) in the order of that month's files."""
    text = [text for since, text in ERAS[service] if since <= str(month)][-1]
    fields = [entry.replace("=", ":").split(":") for entry in text.split()]
    return [(name, holds, kind) for name, holds, kind in fields]


def publish(
    service: str, month: Month, trips: Mapping[str, np.ndarray], nulls: Mapping[str, np.ndarray], rows: int
) -> pa.Table:
    """Canonical arrays (amounts in cents) -> the published table. `nulls` are masks; an absent column is null."""
    columns = columns_of(service, month)
    return pa.table({name: _column(kind, trips.get(holds), nulls.get(holds), rows) for name, holds, kind in columns})


def _column(kind: str, values: np.ndarray | None, null: np.ndarray | None, rows: int) -> pa.Array:
    if kind == "null":
        return pa.nulls(rows)
    if kind.endswith("flag"):
        return _flags(kind, values, null, rows)
    if kind == "vendor" or kind in PAYMENTS:
        return pa.array(VENDORS if kind == "vendor" else PAYMENTS[kind]).take(pa.array(values))
    types = {"int32": pa.int32(), "int64": pa.int64(), "time": pa.timestamp("us"), "text": pa.string()}
    type_ = types.get(kind, pa.float64())
    if values is None:
        return pa.nulls(rows, type_)
    if kind == "text":
        return pa.array(values, pa.string(), mask=null)
    if kind == "usd":
        values = np.round(values) / 100
    return pa.array(values if kind == "time" else values.astype(type_.to_pandas_dtype()), type_, mask=null)


def _flags(kind: str, values: np.ndarray | None, null: np.ndarray | None, rows: int) -> pa.Array:
    words = pa.array(("N", "Y") if kind != "blank_flag" else (" ", "N"))
    if values is None:
        return pa.nulls(rows, pa.string())
    text = words.take(pa.array(values.astype(np.int8), mask=null))
    return text.cast(pa.large_string()) if kind == "big_flag" else text
