"""Which files grow, what is new in them, and what became of those that were renamed, copied or cut?

A file is known by its device and inode and by a print of its bytes up to the place where reading stopped. So a renamed
file goes on where it was, a copy is not read again, and one that was cut or written anew is read from its beginning.
Files are looked at, not subscribed to: that holds on network file systems too.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from cloison.watch.line_ends import line_begin, whole_lines
from cloison.watch.listing import files_of
from cloison.watch.opened import OpenFiles, open_file
from cloison.watch.prints import HEAD, Print, contents, fits, fits_whole, head_hash, longest, print_of
from cloison.watch.shapes import even, prelude_of, quoted_header, shape_of
from cloison.watch.streams import Gap, Piece, Stream

REMEMBERED = 20_000
"""So many streams are remembered at most."""
_WHOLE_PIECES = 128
"""So many whole files a look gives at most: each is held open until it is read."""
_FEW = 64
"""Of so many streams that begin like a file it is seen first whether it holds their ends, before all of it is read."""
_PART = 1 << 20
_PATIENCE = 8
"""So many looks a file is waited for while others are read."""
_HOPE = 240
"""So many looks a cell without an end is waited for while its table does not grow."""
_LINGER = 40
"""So many looks in which nothing comes a file that was renamed away is still read: its writer may not have noticed."""

Start = Callable[[Path, int], int]
"""Where reading begins in a file that is there at the first look, given its size."""


class Follower:
    """Follows the files at and below paths. Every look gives what is new; `streams` is where that leaves each.

    Args:
        paths: files and folders.
        known: the streams of an earlier run.
        start: where to begin in files that are there at the first look and are not known.
        record_bytes: a line of more bytes is given as it is.
        lines: files below this folder grow by lines, however they begin.
    """

    def __init__(
        self, paths: Iterable[Path], known: Iterable[Stream], start: Start, record_bytes: int, *, lines: str = ""
    ) -> None:
        known = list(known)
        self._paths = list(paths)
        self._lines = f"{lines}/" if lines else ""
        self._start: Start | None = start
        self._limit = record_bytes
        self.streams: dict[tuple[int, int], Stream] = {one.key: one for one in known}
        self._at: dict[str, tuple[int, int]] = {one.path: one.key for one in known if not one.gone}
        lost = (one.key for one in known if not one.gone and self._at[one.path] != one.key)
        self._leaving: dict[tuple[int, int], int] = dict.fromkeys(lost, _LINGER)
        """Files that no longer lie where they were followed: for how many more looks each is read."""
        self._open = OpenFiles(self._leaving)
        self._doubtful = set(self.streams)  # an inode may have been given to another file since the earlier run
        self._passed_over: dict[tuple[int, int], int] = {}
        """Of files that grew: for how many looks others came first."""
        self._waited: dict[tuple[int, int], tuple[int, int]] = {}
        self._preludes: dict[tuple[int, int], bytes] = {}
        self._sizes: dict[tuple[int, int], tuple[int, int]] = {}
        self._heads: dict[int, dict[str, list[Stream]]] | None = None
        self.gaps: list[Gap] = []
        self._told: set[tuple[str, str]] = set()

    def add(self, path: Path) -> None:
        """Follow one more file, from its beginning."""
        self._paths.append(path)

    def close(self) -> None:
        """Close every file."""
        self._open.close()

    def look(self, budget: int, *, listing: bool, last: bool = False) -> list[Piece]:
        """What is new, at most about so many bytes; a file that just began is only seen where they are listed anew.

        With `last` also what stands behind the last line's end.
        """
        if listing:
            self._list()
            self._start = None
        pieces: list[Piece] = []
        whole = 0
        grown = self._in_turn([key for key in self._at.values() if self._grew(key)] + [*self._leaving])
        share = max(_PART // 4, budget // max(1, len(grown)))
        for number, key in enumerate(grown):
            piece = self._piece(key, min(share, budget), last=last)
            if piece is not None:
                pieces.append(piece[0])
                budget -= piece[1]
                whole += piece[0].held is not None
            if key in self._leaving:
                self._leaving[key] = self._leaving[key] - 1 if piece is None else _LINGER
            if budget <= 0 or whole == _WHOLE_PIECES:
                self._pass_over(grown[number + 1 :])
                break
        self._let_go()
        self._heads = None
        return pieces

    def _in_turn(self, grown: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """In the order in which they are listed, which often is that of time; who was passed over for long is first."""
        return sorted(grown, key=lambda key: self._passed_over.get(key, 0) < _PATIENCE)

    def _pass_over(self, unread: list[tuple[int, int]]) -> None:
        for key in unread:
            self._passed_over[key] = self._passed_over.get(key, 0) + 1

    def unread(self) -> int:
        """How many bytes of growing files are not read yet."""
        left = 0
        for key in self._at.values():
            stream, size = self.streams[key], self._sizes.get(key, (0, 0))[0]
            left += 0 if stream.whole else max(0, size - stream.print.position)
        return left

    # -- which files there are --------------------------------------------------------------------------------------

    def _list(self) -> None:
        here: dict[str, tuple[int, int]] = {}
        lying: set[tuple[int, int]] = set()
        for path, told in files_of(self._paths):
            key = told.st_dev, told.st_ino
            if key in lying:
                continue  # another name of a file that is listed already
            here[path] = key
            lying.add(key)
            if self._at.get(path) == key and key in self.streams:
                continue
            if key in self.streams and self._is(path, told, self.streams[key]):
                self._moved(path, key)
            else:
                self._adopt(path, told)
        for path, key in list(self._at.items()):
            if here.get(path) != key and self._at.get(path) == key:
                del self._at[path]
                if key not in lying:
                    self._leaving.setdefault(key, _LINGER)

    def _moved(self, path: str, key: tuple[int, int]) -> None:
        before = self.streams[key]
        self._at.pop(before.path, None) if self._at.get(before.path) == key else None
        self.streams[key] = replace(before, path=path, gone=False)
        if self._at.get(path, key) != key:
            self._leaving.setdefault(self._at[path], _LINGER)  # what lay there was written over
        self._at[path] = key
        self._leaving.pop(key, None)

    def _adopt(self, path: str, told: os.stat_result) -> None:
        """Follow a file that was not known, from where it has been read elsewhere, or where it shall begin."""
        try:
            descriptor = open_file(path)
        except OSError as fault:
            self._lost(path, f"cannot be opened: {fault.strerror}")
            return
        try:
            self._begin(path, told, descriptor)
        except OSError as fault:
            os.close(descriptor)
            self._lost(path, f"cannot be read: {fault.strerror}")
            return
        self._open.hold((told.st_dev, told.st_ino), descriptor)

    def _begin(self, path: str, told: os.stat_result, descriptor: int) -> None:
        key = told.st_dev, told.st_ino
        whole = self._is_whole(path, descriptor)
        twin = None if whole else self._twin(descriptor)
        at = twin.position if twin else self._begins(path, told.st_size)
        if not whole and twin is None:
            at = line_begin(descriptor, at, self._limit)
        settled = _settled(told) if whole and at >= told.st_size else ""
        stream = Stream(
            _uid(path, descriptor, told), path, *key, print_of(descriptor, 0 if whole else at, twin), whole, settled
        )
        before = self._at.get(path)
        if before is not None and before != key:
            self._leaving.setdefault(before, _LINGER)
        if key in self.streams:
            self._remember(self.streams[key])
            self._leaving.pop(key, None)
        self.streams[key] = stream
        self._doubtful.discard(key)
        self._preludes.pop(key, None)
        self._at[path] = key
        self._sizes.pop(key, None)

    def _is_whole(self, path: str, descriptor: int) -> bool:
        if self._lines and path.startswith(self._lines):
            return False
        return shape_of(os.pread(descriptor, HEAD, 0)) == "whole"

    def _begins(self, path: str, size: int) -> int:
        return 0 if self._start is None else min(size, self._start(Path(path), size))

    def read_as(self, head: bytes) -> list[Stream]:
        """The streams that begin as these first bytes do and of which something was read; what was read most first."""
        if self._heads is None:
            self._heads = {}
            for one in self.streams.values():
                if one.print.position and not one.whole:
                    self._heads.setdefault(one.print.length, {}).setdefault(one.print.head, []).append(one)
        found = [one for length, by in self._heads.items() for one in by.get(head_hash(head[:length]), [])]
        return sorted(found, key=lambda one: -one.print.position)

    def _twin(self, descriptor: int) -> Print | None:
        """What was read of a stream of which this file is a copy, as far as that was read."""
        size = os.fstat(descriptor).st_size
        alike = [one.print for one in self.read_as(os.pread(descriptor, HEAD, 0)) if one.print.position <= size]
        if len(alike) <= _FEW:
            alike = [one for one in alike if fits(descriptor, one)]
        start = max(0, min((one.since for one in alike), default=0))
        return longest(contents(descriptor, start), alike, start) if alike else None

    def _is(self, path: str, told: os.stat_result, known: Stream) -> bool:
        """Whether the file is the known one, and no other that was given its inode."""
        if known.settled == _settled(told) or (known.key in self._open and not known.whole):
            return True
        if known.whole or not known.print.position:
            return False
        try:
            descriptor = open_file(path)
        except OSError:
            return False
        try:
            self._doubtful.discard(known.key)
            return fits_whole(descriptor, known.print)
        except OSError:
            return False
        finally:
            os.close(descriptor)

    def _still(self, descriptor: int, told: os.stat_result, known: Stream) -> bool:
        """Whether what was read of a file still stands there; all of it, where nobody looked since it was written."""
        if told.st_size < known.print.position:
            return False
        doubtful = known.key in self._doubtful and known.settled != _settled(told)
        self._doubtful.discard(known.key)
        return (fits_whole if doubtful else fits)(descriptor, known.print)

    # -- what is new ------------------------------------------------------------------------------------------------

    def _grew(self, key: tuple[int, int]) -> bool:
        """Whether a file that lies where it did has another size or time of writing than before."""
        stream = self.streams[key]
        try:
            told = os.stat(stream.path, follow_symlinks=False)  # noqa: PTH116 - a Path for each of many thousand files is dear
        except OSError:
            return key in self._open
        if (told.st_dev, told.st_ino) != key:
            return False  # the next listing says what it is
        seen = told.st_size, told.st_mtime_ns
        if stream.whole:
            return self._calm(stream, told)
        grew = self._sizes.get(key) != seen or told.st_size > stream.print.position or key in self._passed_over
        self._sizes[key] = seen
        return grew

    def _calm(self, stream: Stream, told: os.stat_result) -> bool:
        """Whether a whole file is the same at two looks, and another than was read."""
        seen = told.st_size, told.st_mtime_ns
        same = self._sizes.get(stream.key) == seen
        self._sizes[stream.key] = seen
        return same and told.st_size > 0 and stream.settled != _settled(told)

    def _piece(self, key: tuple[int, int], share: int, *, last: bool) -> tuple[Piece, int] | None:
        stream = self.streams[key]
        try:
            descriptor = self._open.of(stream)
            found = self._read(stream, descriptor, os.fstat(descriptor), share, last=last)
        except OSError as fault:
            self._lost(stream.path, f"cannot be read: {fault.strerror}")
            self._open.drop(key)
            self._passed_over.setdefault(key, 0)
            if self._leaving.pop(key, 0):
                self._remember(self.streams.pop(key))
            return None
        self._passed_over.pop(key, None)
        return found

    def _read(
        self, stream: Stream, descriptor: int, told: os.stat_result, share: int, *, last: bool
    ) -> tuple[Piece, int] | None:
        key = stream.key
        if stream.whole and stream.settled == _settled(told):
            return None
        if stream.whole:
            opened = os.fdopen(os.dup(descriptor), "rb")
            self.streams[key] = replace(stream, settled=_settled(told))
            return Piece(stream, 0, partial(_nothing), told.st_mtime, held=opened), told.st_size
        if not self._still(descriptor, told, stream):
            stream = self._again(stream, descriptor, told)
        position = stream.print.position
        if position == 0 and self._is_whole(stream.path, descriptor):
            self.streams[key] = replace(stream, whole=True)
            return None
        last = last or self._leaving.get(key) == 1
        held = whole_lines(descriptor, position, share, self._limit, last=last)
        prelude = self._prelude(key, descriptor, position)
        header = quoted_header(prelude or (prelude_of(held) if position == 0 else b""))
        if header:
            held = even(held, header, patient=not last and self._hopes(key, told.st_size))
        if not held or os.fstat(descriptor).st_size < position + len(held):
            return None
        read = print_of(descriptor, position + len(held), stream.print)
        self.streams[key] = replace(stream, print=read, settled=_settled(told))
        hole = len(held) - len(held.lstrip(b"\0"))  # a log that was cut under a writer who did not notice begins so
        piece = Piece(stream, position + hole, partial(iter, [held[hole:]]), told.st_mtime, prelude)
        return (piece, len(held)) if hole < len(held) else None

    def _hopes(self, key: tuple[int, int], size: int) -> bool:
        """Whether what has no end yet may get one: the file has grown within the last looks."""
        before, looks = self._waited.get(key, (size, 0))
        self._waited[key] = size, looks + 1 if before == size else 0
        return self._waited[key][1] < _HOPE

    def _again(self, stream: Stream, descriptor: int, told: os.stat_result) -> Stream:
        """A file that was cut or written anew is another stream from its beginning."""
        self.gaps.append(Gap(stream.path, "was cut or written anew: it is read from its beginning"))
        self._remember(stream)
        self._preludes.pop(stream.key, None)
        uid = _uid(stream.path, descriptor, told, after=stream.uid)
        anew = replace(stream, uid=uid, print=print_of(descriptor, 0), settled="")
        self.streams[stream.key] = anew
        return anew

    def _remember(self, stream: Stream) -> None:
        """Keep what was read of a file that is no more, so that its copy is not read again."""
        if not stream.print.position:
            return
        ghost = replace(stream, device=-1, inode=_number(stream.uid), gone=True)
        self.streams[ghost.key] = ghost

    def _prelude(self, key: tuple[int, int], descriptor: int, at: int) -> bytes:
        if at == 0:
            return b""
        if key not in self._preludes:
            self._preludes[key] = prelude_of(os.pread(descriptor, min(at, 1 << 16), 0))
        return self._preludes[key]

    def _let_go(self) -> None:
        """Close what was renamed away and is read to its end, and forget what is remembered for too long."""
        for key, looks in list(self._leaving.items()):
            if looks > 0:
                continue
            del self._leaving[key]
            stream = self.streams.pop(key)
            self._remember(stream)
            self._sizes.pop(key, None)
            self._waited.pop(key, None)
            self._passed_over.pop(key, None)
            self._preludes.pop(key, None)
            self._open.drop(key)
        gone = [key for key, one in self.streams.items() if one.gone]
        for key in gone[: max(0, len(gone) - REMEMBERED)]:
            del self.streams[key]

    def _lost(self, path: str, what: str) -> None:
        if (path, what) not in self._told:
            self._told.add((path, what))
            self.gaps.append(Gap(path, what))


def _uid(path: str, descriptor: int, told: os.stat_result, after: str = "") -> str:
    """What the records of a file are known by; those that lay there before, or until it was cut, by another."""
    head = os.pread(descriptor, HEAD, 0)
    named = f"{path}\0{told.st_dev}\0{told.st_ino}\0{told.st_ctime_ns}\0{after}\0".encode("utf-8", "surrogateescape")
    return f"watched-{hashlib.sha256(named + head).hexdigest()[:24]}"


def _number(uid: str) -> int:
    return int(hashlib.sha256(uid.encode()).hexdigest()[:15], 16)


def _settled(told: os.stat_result) -> str:
    return f"{told.st_size} {told.st_mtime_ns}"


def _nothing() -> Iterator[bytes]:
    return iter(())
