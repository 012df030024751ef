"""What was released stays readable: `python -m tests.contracts.released` freezes the contracts as they are now.

A released schema may only grow: `libs/contracts/released/<type>.json` is the schema that others rely on, and
`examples.sha256` holds the digests of the examples that handler tests start from. Freezing refuses a breaking change,
which needs a new wire type (`.v2`) instead.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.schemas import SCHEMAS, all_events, schema_of

Schema = Mapping[str, Any]

CONTRACTS = SCHEMAS.parent
EXAMPLES = CONTRACTS / "examples"
RELEASED = CONTRACTS / "released"
DIGESTS = RELEASED / "examples.sha256"

DOCUMENTATION = {"title", "description", "default", "examples"}
STRUCTURE = {"properties", "required", "enum", "anyOf", "items", "prefixItems", "$defs"}


def breaking_changes(released: Schema, current: Schema) -> list[str]:
    """What in the current schema a reader or a stored event of the released one does not survive."""
    return list(_compare(released, current, released, current, ""))


def _compare(old: Schema, new: Schema, old_root: Schema, new_root: Schema, path: str) -> Iterator[str]:
    """Compare two nodes; `$ref` is followed, so that renaming a definition is no change."""
    old, new = _resolve(old, old_root), _resolve(new, new_root)
    yield from _changed_facts(old, new, path)
    yield from _changed_fields(old, new, path)
    yield from (f"{path}: value {value} removed" for value in old.get("enum", []) if value not in new.get("enum", []))
    for key in ("anyOf", "prefixItems"):
        if len(old.get(key, [])) != len(new.get(key, [])):
            yield f"{path}: type changed"
    pairs = [(name, node, new.get("properties", {}).get(name)) for name, node in old.get("properties", {}).items()]
    for key in ("anyOf", "prefixItems"):
        pairs += [("", *both) for both in zip(old.get(key, []), new.get(key, []), strict=False)]
    pairs += [("[]", old[key], new.get(key)) for key in ("items",) if key in old]
    for name, old_node, new_node in pairs:
        if isinstance(old_node, Mapping) and isinstance(new_node, Mapping):
            yield from _compare(old_node, new_node, old_root, new_root, f"{path}/{name}" if name else path)


def _changed_facts(old: Schema, new: Schema, path: str) -> Iterator[str]:
    """Type, format, limits and wire name: everything that is neither documentation nor structure."""
    for key in sorted({*old, *new} - DOCUMENTATION - STRUCTURE):
        if old.get(key) != new.get(key):
            yield f"{path}: {key} was {old.get(key)!r} and is {new.get(key)!r}"
    if ("items" in old) != ("items" in new) or ("enum" in old) != ("enum" in new):
        yield f"{path}: type changed"


def _changed_fields(old: Schema, new: Schema, path: str) -> Iterator[str]:
    old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
    old_required, new_required = set(old.get("required", [])), set(new.get("required", []))
    yield from (f"{path}/{name}: field removed" for name in old_fields if name not in new_fields)
    yield from (f"{path}/{name}: new required field" for name in sorted(new_required - old_required))
    yield from (f"{path}/{name}: required no more" for name in sorted((old_required - new_required) & set(new_fields)))


def _resolve(node: Schema, root: Schema) -> Schema:
    while "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        node = {**root["$defs"][name], **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def read_released(folder: Path = RELEASED) -> dict[str, Schema]:
    """The released schemas by wire type."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def read_digests(path: Path = DIGESTS) -> dict[str, str]:
    """The digests of released examples by file name."""
    lines = (line.split("  ", 1) for line in path.read_text().splitlines())
    return {name: digest for digest, name in lines}


def broken_contracts(released: Mapping[str, Schema], current: Mapping[str, Schema]) -> list[str]:
    """Every breaking change of every released contract, by wire type."""
    missing = [f"{wire_type}: contract removed" for wire_type in released if wire_type not in current]
    return missing + [
        f"{wire_type}{change}"
        for wire_type, schema in released.items()
        if wire_type in current
        for change in breaking_changes(schema, current[wire_type])
    ]


def changed_examples(digests: Mapping[str, str], folder: Path = EXAMPLES) -> list[str]:
    """The released examples that are gone or not byte for byte what they were."""
    return [name for name, digest in digests.items() if _digest(folder / name) != digest]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def freeze() -> None:
    """Release all contracts as they are now. Exits with a message when that would break a released one."""
    current = {event.wire_type: schema_of(event) for event in all_events()}
    digests = read_digests() if DIGESTS.exists() else {}
    broken = broken_contracts(read_released(), current)
    broken += [f"{name}: released example changed" for name in changed_examples(digests)]
    if broken:
        sys.exit("\n".join(["Not frozen; make a new version of the wire type instead:", *broken]))
    for wire_type, schema in current.items():
        text = json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (RELEASED / f"{wire_type}.json").write_text(text)
    lines = [f"{_digest(path)}  {path.name}" for path in sorted(EXAMPLES.glob("*.json"))]
    DIGESTS.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    freeze()
