"""The `maillage` command: one module for each verb, loaded when the verb is called.

`up` stays in memory for as long as the platform runs, and must not carry what only the other verbs need.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

MODULES = {
    "up": "maillage.up",
    "story": "maillage.story_command",
    "grant": "maillage.grant",
    "parked": "maillage.parked",
    "republish": "maillage.republish",
    "doctor": "maillage.doctor.command",
    "backup": "maillage.recovery.commands",
    "restore": "maillage.recovery.commands",
    "restamp": "maillage.recovery.commands",
    "reapply": "maillage.recovery.reapplying",
    "retention": "maillage.retention",
    "databases": "maillage.databases",
    "compose": "maillage.compose",
}


class Verbs(TyperGroup):
    """A module gives its verb as a function of that name, or as an `app` when the verb has verbs of its own."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in MODULES:
            return None
        module = import_module(MODULES[cmd_name])
        verb = getattr(module, "app", None)
        if verb is None:
            verb = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            verb.command(cmd_name)(getattr(module, cmd_name))
        command = typer.main.get_command(verb)
        command.name = cmd_name
        return command


app = typer.Typer(cls=Verbs, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def describe() -> None:
    """Maillage: the platform that a federation of associations runs for its members."""


if __name__ == "__main__":
    app()
