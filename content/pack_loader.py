"""Plan packs from YAML: one file a commune, read once; a mistake names file, key and line."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from domain.plan import PlanPack

_FOLDER = Path(__file__).parent / "packs"
#: Lists whose items are told apart by a key of their own.
_KEYED = {
    "units": "code",
    "indicators": "id",
    "other_goals": "id",
    "cutoffs": "id",
    "tasks": "id",
}
#: The C parser reads a pack in a few milliseconds; wheels without it fall back to Python.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PackError(Exception):
    """A pack cannot be used. Says where: `file`, `key` (as in `cutoffs[0].day`) and `line`."""

    def __init__(self, file: str, key: str, line: int | None, problem: str) -> None:
        self.file, self.key, self.line, self.problem = file, key, line, problem
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {key}: {problem}" if key else f"{place}: {problem}")


class PackUnknown(PackError):
    """There is no pack of this id."""


def pack_ids() -> tuple[str, ...]:
    """The ids of all packs that come with the program."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def load_pack(pack_id: str) -> PlanPack:
    """The plan of one commune. PackUnknown or PackError when it cannot be had."""
    if pack_id not in pack_ids():
        known = ", ".join(pack_ids())
        raise PackUnknown(repr(pack_id), "", None, f"no such pack; there are {known}")
    return read_pack(_FOLDER / f"{pack_id}.yaml")


def read_pack(path: Path) -> PlanPack:
    """Read and check one file. PackError on the first mistake found."""
    root = _parse(path)
    _refuse_doubles(path.name, root)
    data = _Loader("").construct_document(root)
    try:
        pack = PlanPack.model_validate(data)
    except ValidationError as error:
        first, *others = error.errors(include_url=False, include_input=False)
        problem = first["msg"] + (f" (and {len(others)} more)" if others else "")
        raise PackError(path.name, _key(first["loc"]), _line(root, first["loc"]), problem) from None
    if pack.id != path.stem:
        raise PackError(path.name, "id", _line(root, ("id",)), f"must be {path.stem}, as the file")
    return pack


def _parse(path: Path) -> yaml.MappingNode:
    """The file as nodes that remember their lines."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(path.name, "", None, f"cannot be read: {error}") from None
    for number, row in enumerate(text.splitlines(), 1):
        if not unicodedata.is_normalized("NFC", row):
            raise PackError(path.name, "", number, "letters are not composed (NFC)")
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise PackError(path.name, "", line, error.problem or "not YAML") from None
    if not isinstance(root, yaml.MappingNode):
        raise PackError(path.name, "", 1, "a pack is a mapping of keys to values")
    return root


def _refuse_doubles(file: str, root: yaml.MappingNode) -> None:
    """A key or an id given twice: YAML would keep the last one and say nothing."""
    for key, node in _mappings("", root):
        seen: set[str] = set()
        for name, _ in node.value:
            if name.value in seen:
                full = f"{key}.{name.value}".lstrip(".")
                raise PackError(file, full, name.start_mark.line + 1, "this key occurs twice")
            seen.add(name.value)
    for group, values in root.value:
        if group.value not in _KEYED or not isinstance(values, yaml.SequenceNode):
            continue
        ids: set[str] = set()
        for place, item in enumerate(values.value):
            found = _child(item, _KEYED[group.value])
            if found is None:
                continue
            if found.value in ids:
                key = f"{group.value}[{place}].{_KEYED[group.value]}"
                line = found.start_mark.line + 1
                raise PackError(file, key, line, f"{found.value!r} occurs twice")
            ids.add(found.value)


def _mappings(key: str, node: yaml.Node) -> Iterator[tuple[str, yaml.MappingNode]]:
    """Every mapping in the file with its key."""
    if isinstance(node, yaml.MappingNode):
        yield key, node
        for name, value in node.value:
            yield from _mappings(f"{key}.{name.value}".lstrip("."), value)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _mappings(f"{key}[{place}]", value)


def _child(node: yaml.Node, name: str) -> Any:
    """The value node under a key, or None."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _key(loc: tuple[int | str, ...]) -> str:
    """pydantic's path as people write it: cutoffs[0].day."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.replace(".[key]", "").lstrip(".")


def _line(root: yaml.Node, loc: tuple[int | str, ...]) -> int:
    """The line of a path: of its key where there is one, else of what should hold it."""
    line, node = root.start_mark.line, root
    for part in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        else:
            break
    return int(line) + 1
