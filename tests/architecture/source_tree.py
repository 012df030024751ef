"""The product's source files, in this repository or in a copy with a planted fault."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("activities", "staffing", "finance", "partners", "notifications")
PORTAL = "portal"
LIBRARIES = ("access", "common", "contracts")


@dataclass(frozen=True)
class SourceFile:
    """A Python file of a service, the portal or a library; `feature` is None outside of feature folders."""

    path: Path
    package: str
    feature: str | None

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def shown(self) -> str:
        """The path from `src` on, as violations name it."""
        return self.path.as_posix().rpartition("/src/")[2]

    @property
    def text(self) -> str:
        return self.path.read_text()

    @property
    def tree(self) -> ast.Module:
        return _parse(self.text)


@cache
def _parse(text: str) -> ast.Module:
    """Once for all the copies of a file: rules only read."""
    return ast.parse(text)


@dataclass(frozen=True)
class SourceTree:
    """All services, the portal and the libraries below a root."""

    root: Path = ROOT

    def source(self, package: str) -> Path:
        """The folder of a package."""
        group = "libs" if package in LIBRARIES else "services"
        return self.root / group / package / "src" / package

    def files(self, *packages: str) -> Iterator[SourceFile]:
        """The Python files of the packages (of all if none is named), migrations included, in a stable order."""
        for package in packages or (*LIBRARIES, *SERVICES, PORTAL):
            source = self.source(package)
            for path in sorted(source.rglob("*.py")):
                yield SourceFile(path, package, self._feature(path.relative_to(source), package))

    def feature_files(self, *services: str) -> Iterator[SourceFile]:
        """The files in the feature folders of services."""
        yield from (file for file in self.files(*(services or (*SERVICES, PORTAL))) if file.feature)

    def copy(self, target: Path) -> SourceTree:
        """The same sources somewhere else, to plant a fault in."""
        for package in (*LIBRARIES, *SERVICES, PORTAL):
            copied = SourceTree(target).source(package)
            shutil.copytree(self.source(package), copied, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        shutil.copy(self.root / ".importlinter", target)
        return SourceTree(target)

    @staticmethod
    def _feature(relative: Path, package: str) -> str | None:
        folder = relative.parts[0]
        in_feature = package in (*SERVICES, PORTAL) and len(relative.parts) > 1 and folder != "migrations"
        return folder if in_feature else None


def imported_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Every import, anywhere in a file, as (module, name); the name is empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def imported_when_run(tree: ast.Module) -> list[tuple[str, str]]:
    """The imports of a file without those that only type checkers follow."""
    for_types = [
        imported
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for statement in node.body
        for imported in imported_names(statement)
    ]
    return [imported for imported in imported_names(tree) if imported not in for_types]
