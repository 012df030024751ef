"""What `up` and `story` print of a running stack: where everything is, and who can sign in."""

from rich.table import Table

from maillage.demo.organisations import MEMBERSHIPS, ORGANISATIONS
from maillage.people import DEMO_PASSWORD, full_name
from maillage.stack import Stack

ROLES_WITHOUT_MEMBERSHIP = {"federica": "federation_admin, federation", "amina": "parent", "greta": "parent"}


def addresses(stack: Stack) -> Table:
    table = Table("what", "where", title="Addresses")
    if stack.portal_urls:
        table.add_row("[bold]the portal: open this one[/]", f"[bold]{stack.portal_urls[0]}[/]")
    for service, url in stack.base_urls.items():
        table.add_row(service, f"{url}/api/{service}/v1")
    table.add_row("captured mail", stack.mail.page_url)
    table.add_row("sign-in (OpenID Connect)", stack.issuer)
    table.add_row("Kafka", stack.bootstrap_servers)
    if stack.postgres is not None:
        table.add_row("PostgreSQL", f"127.0.0.1:{stack.postgres.port}")
    table.add_row("logs", str(stack.directory / "logs"))
    return table


def sign_ins(stack: Stack) -> Table:
    """The demo people, with what they do in the demo federation."""
    table = Table("user name", "password", "name", "language", "in the demo federation", title="Sign-ins")
    for person in stack.options.people if stack.identity is not None else ():
        shown = person.password if person.password == DEMO_PASSWORD else "(chosen)"
        table.add_row(person.user_name, shown, full_name(person), person.locale, _part(person.user_name))
    return table


def _part(user_name: str) -> str:
    names = {organisation.key: organisation.name for organisation in ORGANISATIONS} | {"federation": "federation"}
    parts = [f"{item.role}, {names[item.organisation]}" for item in MEMBERSHIPS if item.user_name == user_name]
    return "; ".join(parts) or ROLES_WITHOUT_MEMBERSHIP.get(user_name, "")
