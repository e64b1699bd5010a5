"""Which limits hold everywhere? Reaching one is said, and yields unknown or a reject, never a shorter list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Named limits of a case; sizes in bytes.

    Attributes:
        record_bytes: a longer record is a reject with its place.
        record_events: a record that tells more events is a reject with its place.
        unpacked_ratio, unpacked_bytes: an archive that unpacks to more than both is a bomb and is cut there.
        archive_depth: how many archives may be nested.
        probe_records: after so many records of which none is recognised, the evidence is listed as a whole.
        hops: how many steps compromise may spread before the rest is unknown.
        session_gap_minutes: silence that ends a session where the vendor names none.
        clock_seconds: how far the clocks of two systems may be apart where what one tells is the cause of what another
            tells.
        rule_detections: so many detections of one rule are listed; all are counted.
        shared_principals: an address used by more principals than this carries compromise to none by itself.
    """

    record_bytes: int = 32 << 20
    record_events: int = 10_000
    unpacked_ratio: int = 200
    unpacked_bytes: int = 256 << 20
    archive_depth: int = 3
    probe_records: int = 5_000
    hops: int = 12
    session_gap_minutes: int = 30
    clock_seconds: int = 120
    shared_principals: int = 3
    rule_detections: int = 10_000


LIMITS = Limits()
