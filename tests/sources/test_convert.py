"""Does each spelling become the one canonical one?"""

from datetime import datetime

import duckdb
import pytest

from cloison.sources.convert import install

TIMES = {
    "ISO 8601": ("2025-03-04T02:11:05.007Z", datetime(2025, 3, 4, 2, 11, 5, 7000)),
    "nanoseconds": ("2025-03-04T02:11:05.007123456Z", datetime(2025, 3, 4, 2, 11, 5, 7123)),
    "no zone": ("2025-03-04 02:11:05.007000000", datetime(2025, 3, 4, 2, 11, 5, 7000)),
    "offset without colon": ("2025-03-04T02:11:05.007-0800", datetime(2025, 3, 4, 10, 11, 5, 7000)),
    "offset behind a space": ("2025-03-04 02:11:05.007 -0800", datetime(2025, 3, 4, 10, 11, 5, 7000)),
    "offset behind nanoseconds and a space": (
        "2025-03-04 02:11:05.007123456 +0530",
        datetime(2025, 3, 3, 20, 41, 5, 7123),
    ),
    "Z behind a space": ("2025-03-04 02:11:05 Z", datetime(2025, 3, 4, 2, 11, 5)),
    "digits only": ("20250304021105.007", datetime(2025, 3, 4, 2, 11, 5, 7000)),
    "digits only, whole seconds": ("20250304021105", datetime(2025, 3, 4, 2, 11, 5)),
    "as in a mail": ("Tue, 04 Mar 2025 02:11:05 -0800", datetime(2025, 3, 4, 10, 11, 5)),
    "seconds": ("1741054265", datetime(2025, 3, 4, 2, 11, 5)),
    "seconds with nanoseconds": ("1741054265.007000000", datetime(2025, 3, 4, 2, 11, 5, 7000)),
    "milliseconds": ("1741054265007", datetime(2025, 3, 4, 2, 11, 5, 7000)),
    "a day alone, in digits": ("20250304", None),
    "a number that is no time": ("99999999999999", None),
    "no time": ("yesterday", None),
}


@pytest.mark.parametrize(("spelled", "instant"), TIMES.values(), ids=TIMES.keys())
def test_time(spelled: str, instant: datetime | None) -> None:
    engine = duckdb.connect()
    install(engine)
    found = engine.execute("SELECT cl_time(?)", [spelled]).fetchone()
    assert found == (instant,)
