"""The `maillage` command: one module for each verb, registered here."""

import typer

from maillage import parked
from maillage.grant import grant
from maillage.republish import republish
from maillage.story_command import story
from maillage.up import up

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def describe() -> None:
    """Maillage: the platform that a federation of associations runs for its members."""


app.command()(up)
app.command()(story)
app.command()(grant)
app.command()(republish)
app.add_typer(parked.app, name="parked")

if __name__ == "__main__":
    app()
