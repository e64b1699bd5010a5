"""Does what was done belong to the login that opened the door, in logs that tell the two apart?"""

import json
from pathlib import Path

from tests.service.test_investigation import INTRUDER, investigated, rows

OWNER = "198.51.100.30"


def snowflake(address: str, number: int, query: str) -> dict[str, list[str]]:
    """A login from an address, the session that it opened, and a query in that session, each in its own log."""
    at = f"2025-03-04 02:11:{number:02}"
    return {
        "logins.csv": [f"{100 + number},{at}.007 -0800,LOGIN,SVC_ETL,{address},PYTHON_DRIVER,3.12.0,PASSWORD,YES"],
        "sessions.csv": [f"{500 + number},{at}.107 -0800,SVC_ETL,Password,{100 + number},Python"],
        "queries.csv": [f'q{number},"{query}",SALES,PUBLIC,SELECT,{500 + number},SVC_ETL,SUCCESS,{at}.207 -0800'],
    }


HEADERS = {
    "logins.csv": "EVENT_ID,EVENT_TIMESTAMP,EVENT_TYPE,USER_NAME,CLIENT_IP,REPORTED_CLIENT_TYPE,"
    "REPORTED_CLIENT_VERSION,FIRST_AUTHENTICATION_FACTOR,IS_SUCCESS",
    "sessions.csv": "SESSION_ID,CREATED_ON,USER_NAME,AUTHENTICATION_METHOD,LOGIN_EVENT_ID,CLIENT_APPLICATION_ID",
    "queries.csv": "QUERY_ID,QUERY_TEXT,DATABASE_NAME,SCHEMA_NAME,QUERY_TYPE,SESSION_ID,USER_NAME,EXECUTION_STATUS,"
    "START_TIME",
}


def test_a_query_is_of_the_address_that_logged_its_session_in(tmp_path: Path) -> None:
    told = [
        snowflake(INTRUDER, 1, "COPY INTO @out FROM sales.public.customers"),
        snowflake(OWNER, 2, "SELECT * FROM orders"),
    ]
    files = {name: [header, *(line for one in told for line in one[name])] for name, header in HEADERS.items()}
    case = investigated(tmp_path, files)
    assert rows(case, "touched", "resource_uid", "action", "standing") == [
        ("SALES.PUBLIC.CUSTOMERS", "downloaded", "proven")
    ]


def test_without_the_sessions_a_query_is_of_nobody(tmp_path: Path) -> None:
    told = snowflake(INTRUDER, 1, "COPY INTO @out FROM sales.public.customers")
    files = {name: [HEADERS[name], *told[name]] for name in ("logins.csv", "queries.csv")}
    case = investigated(tmp_path, files)
    assert rows(case, "touched", "resource_uid") == []


def test_no_text_of_a_query_reaches_the_lake(tmp_path: Path) -> None:
    told = snowflake(INTRUDER, 1, "ALTER USER svc_etl SET PASSWORD = 'correct-horse-battery'")
    case = investigated(tmp_path, {"queries.csv": [HEADERS["queries.csv"], *told["queries.csv"]]})
    assert rows(case, "account", "stored") == [(1,)]
    parts = [path for folder in ("lake", "results") for path in (case / folder).rglob("*.parquet")]
    assert len(parts) > 1
    assert not [path.name for path in parts if b"correct-horse" in path.read_bytes()]


def salesforce(kind: str, second: int, **columns: str) -> str:
    record = {
        "EVENT_TYPE": kind,
        "TIMESTAMP": f"202503040211{second:02}.007",
        "REQUEST_ID": f"4example{second}",
        "ORGANIZATION_ID": "00D5e000000Exmp",
        "USER_ID": "0055e000001AbCd",
        "LOGIN_KEY": "lOgInKeY00000001",
    }
    return json.dumps(record | columns)


def test_what_a_login_key_opened_is_of_its_login(tmp_path: Path) -> None:
    lines = [
        salesforce("Login", 1, USER_NAME="svc@corp.example", LOGIN_STATUS="LOGIN_NO_ERROR", SOURCE_IP=INTRUDER),
        salesforce("BulkApi", 2, OPERATION_TYPE="query", ENTITY_TYPE="Case", SUCCESS="1"),
    ]
    case = investigated(tmp_path, {"events.json": lines})
    assert rows(case, "touched", "resource_uid", "action", "standing") == [("Case", "downloaded", "proven")]


def vault(kind: str, path: str, second: int, accessor: str, **response: object) -> str:
    asked = {"id": f"8888-{second}", "operation": "update" if "login" in path else "read", "path": path}
    auth = {"accessor": accessor, "display_name": "approle"} if accessor else {}
    record = {
        "time": f"2025-03-04T02:11:{second:02}.007Z",
        "type": kind,
        "auth": auth,
        "request": asked | {"remote_address": OWNER if accessor else INTRUDER},
    }
    return json.dumps(record | ({"response": response} if response else {}))


def test_a_token_is_of_the_login_that_made_it_and_two_lines_are_one_request(tmp_path: Path) -> None:
    opened = {"accessor": "hmac-sha256:dd", "display_name": "approle"}
    lines = [
        vault("request", "auth/approle/login", 1, ""),
        vault("response", "auth/approle/login", 1, "", auth=opened),
        vault("request", "secret/data/prod/db", 2, "hmac-sha256:dd"),
        vault("response", "secret/data/prod/db", 2, "hmac-sha256:dd"),
    ]
    case = investigated(tmp_path, {"audit.log": lines})
    assert rows(case, "touched", "resource_uid", "outcome", "events", "standing") == [
        ("secret/data/prod/db", "success", 1, "proven")
    ]
