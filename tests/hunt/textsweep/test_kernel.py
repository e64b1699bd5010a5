"""Is compiled code made also where none can be kept, and the answer found where there is no compiler?"""

import subprocess
import sys
from pathlib import Path

import pytest

from cloison.hunt.textsweep import kept


def test_what_is_kept_comes_back_and_what_is_damaged_does_not() -> None:
    whole = kept.sealed("cfunc.scan", b"\x7fELF\n\x00")
    assert kept.unsealed(whole) == ("cfunc.scan", b"\x7fELF\n\x00")
    assert kept.unsealed(whole[:-1]) is None
    assert kept.unsealed(b"") is None


def test_where_nothing_can_be_kept_it_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert not kept.keep(tmp_path / "file" / "scan.kernel", b"code")
    assert kept.keep(tmp_path / "made" / "scan.kernel", b"code")
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["scan.kernel"]


def test_a_damaged_file_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "folders", lambda: iter([tmp_path]))
    monkeypatch.setattr(kept, "compiled", lambda name: (f"cfunc.{name}", b"code"))
    assert kept.code("fill") == ("cfunc.fill", b"code")
    [file] = tmp_path.iterdir()
    file.write_bytes(b"damaged")
    assert kept.code("fill") == ("cfunc.fill", b"code")
    monkeypatch.setattr(kept, "compiled", None)
    assert kept.code("fill") == ("cfunc.fill", b"code")


def test_without_a_compiler_the_plain_way_finds_the_same() -> None:
    code = (
        "import sys; sys.modules['llvmlite'] = None\n"
        "from cloison.hunt.textsweep import TextSweep\n"
        "from cloison.model.indicator import Indicator, IndicatorKind\n"
        "sweep = TextSweep([Indicator(IndicatorKind.DOMAIN, 'evil.example', '', '')])\n"
        "print(sweep.compiled, [one.offset for one in sweep.block(b'x evil.example notevil.example')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "False [2]\n"


def test_what_is_kept_is_loaded_without_numba() -> None:
    kept.kernel()
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "from cloison.hunt.textsweep import TextSweep; print(TextSweep([]).compiled)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "True\n"


def test_no_compiler_is_loaded_before_a_sweep() -> None:
    code = "import sys, cloison.cli.verbs.indicators; print(sys.modules.keys() & {'numba', 'llvmlite'})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"
