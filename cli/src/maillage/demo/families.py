"""Sixty invented people: families of three associations, and residents who have no household and no e-mail address.

Given names and family names are common ones of the region, put together at random; nobody in particular is meant.
"""

import random
from datetime import date, timedelta

from maillage.demo.model import Contact, Household, Participant
from maillage.people import find_person, full_name

GIVEN_NAMES = {
    "fr": ("Louise", "Jules", "Camille", "Hugo", "Zoé", "Nathan", "Manon", "Yanis", "Clara", "Adam", "Lina", "Théo"),
    "nl": ("Lotte", "Daan", "Noor", "Stijn", "Fien", "Jef", "Emma", "Wout", "Marie", "Rik", "Griet", "Jozef"),
    "de": ("Anna", "Leon", "Marie", "Felix", "Lea", "Paul", "Emilia", "Jonas", "Klara", "Emil", "Ida", "Karl"),
    "en": ("Olivia", "Liam", "Grace", "Ethan", "Amara", "Samuel", "Chloe", "Isaac", "Ruby", "Daniel", "Maya", "Owen"),
}
FAMILY_NAMES = {
    "fr": ("Renard", "Masson", "Gilles", "Delvaux", "Rousseau", "Marchal", "Leroy", "Fontaine", "El Amrani", "Simon"),
    "nl": ("Peeters", "Willems", "Goossens", "Wouters", "Aerts", "Mertens", "Jacobs", "Hermans", "Pauwels", "Baert"),
    "de": ("Müller", "Schröder", "Lentz", "Kessel", "Jost", "Theissen", "Pauels", "Heinen", "Kohnen", "Radermacher"),
    "en": ("Osei", "Taylor", "Walsh", "Fraser", "Adeyemi", "Reid", "Novak", "Carter", "Silva", "Hughes"),
}
# Households by association: the language spoken at home, and how many members take part.
SIZES = {
    "tremplin": (2, 1, 3, 2, 1, 2, 1, 2, 1, 2, 1, 1, 2, 1, 1, 2),
    "grange": (2, 1, 1, 2, 1, 1, 1, 1, 2),
    "elan": (3, 1, 1, 2, 1, 1, 1, 1, 1, 1),
}
LANGUAGES = {
    "tremplin": ("fr", "de", "fr", "fr", "en", "fr", "nl", "fr"),
    "grange": ("de", "de", "fr"),
    "elan": ("en", "fr", "en", "nl"),
}
# The first two families of the youth house have a parent who signs in; the story is about them.
PARENTS = ("amina", "greta")
PARENTS_CHILDREN = (("Yanis", "Lina"), ("Emil",))
PARENTS_CHILDREN_AGES = ((9, 7), (8,))
WITHOUT_EMAIL_EVERY = 7
RESIDENTS = 10
YOUNGEST_CHILD, OLDEST_CHILD = 6, 15
YOUNGEST_ADULT, OLDEST_ADULT = 19, 64
YOUNGEST_RESIDENT, OLDEST_RESIDENT = 74, 96


def families(day: date, chance: random.Random) -> tuple[list[Household], list[Participant]]:
    """Households of the youth house, the cultural centre and the sports club, with who takes part of each."""
    households: list[Household] = []
    participants: list[Participant] = []
    for organisation, sizes in SIZES.items():
        for number, size in enumerate(sizes, start=1):
            household = _household(organisation, number, chance)
            households.append(household)
            participants += _members(household, number, size, day, chance)
    return households, participants


def residents(day: date, chance: random.Random) -> list[Participant]:
    """Who lives in the home: known by name, told by the home's own staff."""
    return [
        Participant(
            key=f"tilleuls-{number:02}",
            organisation="tilleuls",
            household=None,
            given_name=chance.choice(GIVEN_NAMES["nl"]),
            family_name=chance.choice(FAMILY_NAMES["nl"]),
            born_on=_birthday(day, chance.randint(YOUNGEST_RESIDENT, OLDEST_RESIDENT), chance),
        )
        for number in range(1, RESIDENTS + 1)
    ]


def _household(organisation: str, number: int, chance: random.Random) -> Household:
    key = f"{organisation}-{number:02}"
    spoken = LANGUAGES[organisation]
    language = spoken[(number - 1) % len(spoken)]
    parent = find_person(PARENTS[number - 1]) if organisation == "tremplin" and number <= len(PARENTS) else None
    if parent is not None:
        phone = f"+32 470 55 10 {number:02}"
        contact = Contact(full_name(parent), parent.email, parent.locale, parent.user_name, phone)
        return Household(key, organisation, parent.family_name, contact)
    family_name = chance.choice(FAMILY_NAMES[language])
    given_name = chance.choice(GIVEN_NAMES[language])
    email = None if number % WITHOUT_EMAIL_EVERY == 0 else f"{key}@familles.example"
    phone = f"+32 470 55 2{sorted(SIZES).index(organisation)} {number:02}"
    contact = Contact(f"{given_name} {family_name}", email, language, phone=phone)
    return Household(key, organisation, family_name, contact)


def _members(
    household: Household, number: int, size: int, day: date, chance: random.Random
) -> list[Participant]:  # fmt: skip
    of_parent = household.contact.user_name is not None
    names = PARENTS_CHILDREN[number - 1] if of_parent else _given_names(household, size, chance)
    ages = PARENTS_CHILDREN_AGES[number - 1] if of_parent else _ages(household, size, chance)
    return [
        Participant(
            key=f"{household.key}-{position}",
            organisation=household.organisation,
            household=household.key,
            given_name=name,
            family_name=household.name,
            born_on=_birthday(day, age, chance),
        )
        for position, (name, age) in enumerate(zip(names, ages, strict=True), start=1)
    ]


def _given_names(household: Household, size: int, chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.sample(GIVEN_NAMES[household.contact.language], size))


def _ages(household: Household, size: int, chance: random.Random) -> tuple[int, ...]:
    """Children at the youth house; elsewhere the first member of a household is an adult."""
    ages = [chance.randint(YOUNGEST_CHILD, OLDEST_CHILD) for _ in range(size)]
    if household.organisation != "tremplin":
        ages[0] = chance.randint(YOUNGEST_ADULT, OLDEST_ADULT)
    return tuple(ages)


def _birthday(day: date, age: int, chance: random.Random) -> date:
    """Somebody of this age today, who keeps it for at least two months."""
    return day - timedelta(days=int(age * 365.25) + chance.randint(2, 300))
