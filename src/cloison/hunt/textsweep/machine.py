"""What does a machine do in one step that Python has no word for? Loads, stores and masks, for the kernel.

Each is handed numbers alone, an address and a distance from it: arrays cost more to hand over than to look into.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _place(builder: Any, values: Any, kind: Any) -> Any:
    """A pointer to what lies at an address and so many bytes behind it."""
    return builder.inttoptr(builder.add(values[0], values[1]), kind.as_pointer())


def _masks(context: Any, base: Any, at: Any) -> Any:
    r"""Of 64 bytes: letters and digits; `.`; `-` and `_`; `:`; `\` and `%`; bytes above ASCII; line ends."""
    signature = types.UniTuple(types.uint64, 7)(types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        vector = ir.VectorType(ir.IntType(8), 64)
        loaded = builder.load(_place(builder, values, vector), align=1)

        def many(byte: int) -> Any:
            return ir.Constant(vector, [byte] * 64)

        def same(byte: int) -> Any:
            return builder.icmp_unsigned("==", loaded, many(byte))

        def within(value: Any, first: int, count: int) -> Any:
            return builder.icmp_unsigned("<", builder.sub(value, many(first)), many(count))

        masks = (
            builder.or_(within(builder.or_(loaded, many(0x20)), 0x61, 26), within(loaded, 0x30, 10)),
            same(0x2E),
            builder.or_(same(0x2D), same(0x5F)),
            same(0x3A),
            builder.or_(same(0x5C), same(0x25)),
            builder.icmp_signed("<", loaded, many(0)),
            same(0x0A),
        )
        bits = [builder.bitcast(mask, ir.IntType(64)) for mask in masks]
        return context.make_tuple(builder, signature.return_type, bits)

    return signature, generate


def _byte_at(context: Any, base: Any, at: Any) -> Any:
    """One byte."""
    signature = types.int64(types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.zext(builder.load(_place(builder, values, ir.IntType(8)), align=1), ir.IntType(64))

    return signature, generate


def _eight_at(context: Any, base: Any, at: Any) -> Any:
    """Eight bytes as one number."""
    signature = types.uint64(types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load(_place(builder, values, ir.IntType(64)), align=1)

    return signature, generate


def _write_byte(context: Any, base: Any, at: Any, value: Any) -> Any:
    """Write one byte."""
    signature = types.none(types.int64, types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        builder.store(builder.trunc(values[2], ir.IntType(8)), _place(builder, values, ir.IntType(8)), align=1)
        return context.get_dummy_value()

    return signature, generate


def _write_eight(context: Any, base: Any, at: Any, value: Any) -> Any:
    """Write eight bytes."""
    signature = types.none(types.int64, types.int64, types.int64)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        builder.store(values[2], _place(builder, values, ir.IntType(64)), align=1)
        return context.get_dummy_value()

    return signature, generate


def _trailing(context: Any, number: Any) -> Any:
    """How many zeros a number ends in."""
    signature = types.int64(types.uint64)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.cttz(values[0], ir.Constant(ir.IntType(1), 1))

    return signature, generate


def _ones(context: Any, number: Any) -> Any:
    """How many ones a number holds."""
    signature = types.uint64(types.uint64)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return signature, generate


masks: Callable[[int, int], Any] = intrinsic(_masks)
byte_at: Callable[[int, int], int] = intrinsic(_byte_at)
eight_at: Callable[[int, int], Any] = intrinsic(_eight_at)
write_byte: Callable[[int, int, int], None] = intrinsic(_write_byte)
write_eight: Callable[[int, int, int], None] = intrinsic(_write_eight)
trailing: Callable[[Any], int] = intrinsic(_trailing)
ones: Callable[[Any], Any] = intrinsic(_ones)
