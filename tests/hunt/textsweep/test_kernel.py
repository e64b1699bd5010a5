"""Is compiled code made also where none can be kept, and the answer found where there is no compiler?"""

import subprocess
import sys

import pytest
from numba.core import caching

from cloison.hunt.textsweep import kernel


def test_where_nothing_can_be_kept_it_is_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])

    def twice(number: int) -> int:
        return 2 * number

    assert kernel.kept(twice)(21) == 42


def test_without_numba_the_plain_way_finds_the_same() -> None:
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "from cloison.hunt.textsweep import TextSweep\n"
        "from cloison.model.indicator import Indicator, IndicatorKind\n"
        "sweep = TextSweep([Indicator(IndicatorKind.DOMAIN, 'evil.example', '', '')])\n"
        "print(sweep.compiled, [one.offset for one in sweep.block(b'x evil.example notevil.example')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False [2]\n"


def test_numba_is_not_loaded_before_a_sweep() -> None:
    code = "import sys, cloison.cli.verbs.indicators; print('numba' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
