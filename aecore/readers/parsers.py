"""Parser: a way to read files that people bring; its answer can come from another process, and is kept by content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, get_type_hints

from aecore.stores.fingerprint import fingerprint
from aecore.stores.records import pack, unpack
from aecore.stores.results import Result

T = TypeVar("T")
File = tuple[str, bytes]
"""Name and content."""
READING = "Reading"
"""What most parsers do."""


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What came of reading: a value, or the error that says why there is none."""

    value: T | None = None
    refusal: ValueError | None = None

    def get(self) -> T:
        """The value; raises the refusal, anew for everybody: an error keeps the page that it was raised on."""
        if self.refusal is not None:
            raise _anew(self.refusal)
        assert self.value is not None
        return self.value


def _anew(refusal: ValueError) -> ValueError:
    carried = {name: getattr(refusal, name) for name in get_type_hints(type(refusal))}
    return type(refusal)(str(refusal), **carried)


@dataclass(frozen=True)
class Parser(Generic[T]):
    """A function of files and of options, which are JSON.

    kind: its name in `aecore.jobs.kinds.KINDS`. result: the class of what it gives, a dataclass. refusals: the errors
    that it raises with a sentence, the more special first; what they carry beside it is annotated in their class.
    version: raised when the same files give another result. doing: what it does, as a sentence begins.
    """

    kind: str
    read: Callable[..., T]
    result: type[T]
    refusals: tuple[type[ValueError], ...]
    version: int = 1
    doing: str = READING

    def answer(self, files: Sequence[File], options: Mapping[str, Any]) -> Answer[T]:
        """Reads the files. Raises what is no refusal, such as MemoryError."""
        try:
            return Answer(self.read(files, **options))
        except self.refusals as error:
            return Answer(refusal=error)

    def pack(self, answer: Answer[T]) -> Result:
        """The answer as JSON and arrays."""
        if answer.refusal is None:
            return pack([None, answer.value])
        kind = next(each for each in self.refusals if isinstance(answer.refusal, each))
        carried = {name: getattr(answer.refusal, name) for name in get_type_hints(kind)}
        return pack([kind.__name__, str(answer.refusal), carried])

    def unpack(self, result: Result) -> Answer[T]:
        """The answer that `pack` was given. TypeError, ValueError or KeyError if the result is none."""
        name, *rest = result.values["value"]
        if name is None:
            return Answer(unpack(self.result, Result({"value": rest[0]}, result.arrays)))
        kind = next(each for each in self.refusals if each.__name__ == name)
        carried = {
            field: unpack(hint, Result({"value": rest[1][field]}, result.arrays))
            for field, hint in get_type_hints(kind).items()
        }
        return Answer(refusal=kind(rest[0], **carried))


@dataclass(frozen=True)
class Upload:
    """A file that lies in the server. digest: of its content; content: gives its bytes, only if they are needed."""

    name: str
    size: int
    digest: str
    content: Callable[[], bytes]

    @classmethod
    def of(cls, name: str, data: bytes) -> Upload:
        """The file of these bytes."""
        return cls(name, len(data), digest_of(data), lambda: data)


def digest_of(data: bytes) -> str:
    """Equal for equal content."""
    return fingerprint(data, digits=32)


@dataclass(frozen=True)
class Question(Generic[T]):
    """Files, a parser, and its options: all that an answer depends on."""

    parser: Parser[T]
    files: tuple[Upload, ...]
    options: Mapping[str, Any]

    @cached_property
    def key(self) -> str:
        """20 hexadecimal digits: equal for the same content, names and options."""
        about = [self.parser.kind, self.parser.version, dict(self.options)]
        return fingerprint([*about, [(each.name, each.digest) for each in self.files]])

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(each.size for each in self.files)

    def answer(self) -> Answer[T]:
        """Reads the files in this process."""
        return self.parser.answer([(each.name, each.content()) for each in self.files], self.options)
