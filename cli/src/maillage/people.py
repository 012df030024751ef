"""The people who can sign in to the embedded default. They are invented, and so is the password that they share."""

from maillage.embedded.identity import Person

DEMO_PASSWORD = "maillage-demo"  # noqa: S105  The provider answers on the loopback address only


def _person(user_name: str, given_name: str, family_name: str, locale: str) -> Person:
    email = f"{user_name}@maillage.example"
    return Person(user_name, given_name, family_name, email, DEMO_PASSWORD, locale)


# Who they are in the demo federation is said in `maillage.demo.organisations`.
DEMO_PEOPLE = (
    _person("federica", "Federica", "Lambert", "fr"),
    _person("karim", "Karim", "Benali", "fr"),
    _person("amelie", "Amélie", "Collard", "fr"),
    _person("noah", "Noah", "Bennett", "en"),
    _person("sofia", "Sofia", "Marchetti", "fr"),
    _person("els", "Els", "De Smet", "nl"),
    _person("pieter", "Pieter", "Claes", "nl"),
    _person("lotte", "Lotte", "Maes", "nl"),
    _person("tom", "Tom", "Weber", "de"),
    _person("hanna", "Hanna", "Schmitz", "de"),
    _person("marta", "Marta", "Kowalska", "en"),
    _person("oscar", "Oscar", "Dubois", "fr"),
    _person("ines", "Inès", "Servais", "en"),
    _person("amina", "Amina", "Haddad", "fr"),
    _person("greta", "Greta", "Hoffmann", "de"),
)


def full_name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}"


def find_person(user_name: str) -> Person | None:
    return next((person for person in DEMO_PEOPLE if person.user_name == user_name), None)
