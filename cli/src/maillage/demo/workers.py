"""Who works and helps at the youth house: an employee with an account, volunteers with and without an e-mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Worker:
    """A user name links an account; `windows` is what every day of the week is to him from eight to eleven at night.

    Nobody costs anything unless it is said.
    """

    key: str
    organisation: str
    kind: str
    display_name: str
    email: str | None
    phone: str | None
    language: str
    windows: str
    papers: tuple[str, ...]
    user_name: str | None = None
    hour_cost_minor: int | None = None


WORKERS = (
    Worker(
        "noah", "tremplin", "employee", "Noah Bennett", "noah@maillage.example", None, "en", "available",
        ("animator_certificate", "first_aid"), user_name="noah", hour_cost_minor=2_400,
    ),
    Worker(
        "samir", "tremplin", "volunteer", "Samir Diallo", "samir@benevoles.example", None, "fr", "preferred",
        ("animator_certificate",),
    ),
    Worker(
        "julie", "tremplin", "volunteer", "Julie Marchal", "julie@benevoles.example", None, "fr", "preferred",
        ("animator_certificate", "first_aid"),
    ),
    Worker(
        "pol", "tremplin", "volunteer", "Pol Adam", None, "+32 470 55 01 23", "fr", "available",
        ("animator_certificate",),
    ),
    Worker(
        "rosa", "tremplin", "volunteer", "Rosa Conti", "rosa@benevoles.example", None, "fr", "available",
        ("animator_in_training",),
    ),
)  # fmt: skip
