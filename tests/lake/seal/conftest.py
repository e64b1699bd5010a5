"""The sealed case that the tests of seals share."""

from pathlib import Path

import pytest
from tests.lake.seal.kit import sealed, small_case


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small case, which no test changes."""
    return small_case(tmp_path_factory.mktemp("seal"))


@pytest.fixture(scope="session")
def seal(case: Path) -> Path:
    """The case, sealed with its evidence."""
    return sealed(case, case.parent / "a.seal", "--with-evidence")


@pytest.fixture(scope="session")
def raw(seal: Path) -> bytes:
    """The bytes of the sealed case."""
    return seal.read_bytes()
