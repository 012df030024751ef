"""The people who can sign in to the embedded default. They are invented, and so is the password that they share."""

from maillage.embedded.identity import Person

DEMO_PASSWORD = "maillage-demo"  # noqa: S105  The provider answers on the loopback address only


def _person(user_name: str, given_name: str, family_name: str, locale: str) -> Person:
    email = f"{user_name}@maillage.example"
    return Person(user_name, given_name, family_name, email, DEMO_PASSWORD, locale)


DEMO_PEOPLE = (
    _person("federica", "Federica", "Lambert", "fr"),
    _person("karim", "Karim", "Benali", "fr"),
    _person("els", "Els", "De Smet", "nl"),
    _person("marta", "Marta", "Kowalska", "en"),
    _person("tom", "Tom", "Weber", "de"),
    _person("oscar", "Oscar", "Dubois", "fr"),
)
