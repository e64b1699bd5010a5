"""Where is the compiled kernel kept, so that a sweep loads it in a moment and compiles it once?

numba takes half a second and 45 MB to load what it keeps; what it compiled is machine code, which llvmlite loads alone.
"""

import ctypes
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import llvmlite.binding as llvm

_HERE = Path(__file__).parent
_SOURCES = ("kernel.py", "layout.py", "machine.py", "kept.py")
_ARGUMENTS = {"fill": 9, "scan": 10}
"""Of each function that is called from outside; all are whole numbers."""
_DIGEST_BYTES = 32
Function = Callable[..., None]


@dataclass(frozen=True)
class Kernel:
    """The compiled functions; what holds their code lives as long as they do. Each lets other threads run."""

    fill: Function
    scan: Function
    held: tuple[object, ...]


@cache
def kernel() -> Kernel:
    """The kernel, from where it is kept, or compiled now.

    Raises:
        ImportError: it is not kept, and there is no numba.
    """
    held = [_loaded(*code(name)) for name in _ARGUMENTS]
    fill, scan = (
        ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * count)(address)
        for (_, address), count in zip(held, _ARGUMENTS.values(), strict=True)
    )
    return Kernel(fill, scan, tuple(engine for engine, _ in held))


def _loaded(symbol: str, code: bytes) -> tuple[object, int]:
    """An engine that holds the machine code, and where the function begins."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(jit=True, codemodel="jitdefault")
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine, engine.get_function_address(symbol)


def code(name: str) -> tuple[str, bytes]:
    """The symbol and the machine code of a function."""
    file = f"{name}-{_fingerprint()}.kernel"
    for folder in folders():
        with suppress(OSError):
            if (found := unsealed((folder / file).read_bytes())) is not None:
                return found
    symbol, code = compiled(name)
    for folder in folders():
        if keep(folder / file, sealed(symbol, code)):
            break
    return symbol, code


def folders() -> Iterator[Path]:
    """Where compiled code may be kept: beside this file, or in the user's cache."""
    yield _HERE / "__pycache__"
    with suppress(RuntimeError):  # a user without a home
        yield Path.home() / ".cache" / "cloison"


def keep(path: Path, content: bytes) -> bool:
    """Write a file whole or not at all; whether it could be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as draft:
            draft.write(content)
        Path(draft.name).replace(path)
    except OSError:
        return False
    return True


def sealed(symbol: str, code: bytes) -> bytes:
    """What is kept: a digest of what follows, the symbol, and the code."""
    content = symbol.encode() + b"\n" + code
    return hashlib.sha256(content).digest() + content


def unsealed(content: bytes) -> tuple[str, bytes] | None:
    """The symbol and the code; None where the file is damaged."""
    digest, content = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(content).digest() != digest:
        return None
    symbol, _, code = content.partition(b"\n")
    return symbol.decode(), code


@cache
def _fingerprint() -> str:
    """Of all that the machine code follows from: our source, the compilers, and the processor."""
    told = hashlib.sha256()
    for name in _SOURCES:
        told.update((_HERE / name).read_bytes())
    features = llvm.get_host_cpu_features().flatten()
    told.update(repr((version("llvmlite"), llvm.get_host_cpu_name(), features)).encode())
    return told.hexdigest()[:16]


def compiled(name: str) -> tuple[str, bytes]:
    """Compile a function, which takes some ten seconds."""
    from numba import cfunc, types  # noqa: PLC0415  it is needed here alone, and takes long to load

    from cloison.hunt.textsweep import kernel as source  # noqa: PLC0415

    signature = types.void(*[types.int64] * _ARGUMENTS[name])
    made: Any = cfunc(signature, error_model="numpy")(getattr(source, name))
    return made._wrapper_name, made._library._get_compiled_object()  # noqa: SLF001  numba names no other way to it
