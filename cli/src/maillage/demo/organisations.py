"""Who there is: the federation's associations in four languages, a municipality, and who does what where."""

from maillage.demo.model import Membership, Organisation

FEDERATION_NAME = "Fédération Maillage Démo"
FEDERATION_SLUG = "maillage-demo"
ADMIN = "federica"

ORGANISATIONS = (
    Organisation(
        "tremplin",
        "association",
        "Maison de jeunes Le Tremplin",
        ("fr",),
        "BE-FWB",
        colour="#c2410c",
        iban="BE89006820030085",
        address="Rue des Écoles 4, 5000 Namur",
        position=(50.4674, 4.8718),
    ),
    Organisation(
        "tilleuls",
        "association",
        "Résidence Les Tilleuls",
        ("nl", "fr"),
        "BE-VG",
        colour="#2f7d4f",
        iban="BE21001234567803",
        address="Lindelaan 12, 3000 Leuven",
        position=(50.8798, 4.7005),
    ),
    Organisation(
        "grange",
        "association",
        "Centre culturel La Grange",
        ("de", "fr"),
        "BE-DG",
        colour="#7a5ea8",
        iban="BE14063123456783",
        address="Klosterstraße 7, 4700 Eupen",
        position=(50.6279, 6.0345),
    ),
    Organisation(
        "elan",
        "association",
        "Club sportif L'Élan",
        ("en", "fr"),
        "BE-FWB",
        colour="#1f6fa8",
        iban="BE41734000000110",
        address="Avenue du Stade 30, 1300 Wavre",
        position=(50.7172, 4.6014),
    ),
    Organisation("valbois", "outside_partner", "Commune de Valbois", ("fr",), "BE-FWB"),
    Organisation("tremplin-salle", "site", "Salle du Tremplin", ("fr",), "BE-FWB", parent="tremplin"),
    Organisation("tilleuls-tuinzaal", "site", "Tuinzaal Les Tilleuls", ("nl",), "BE-VG", parent="tilleuls"),
    Organisation("grange-saal", "site", "Saal La Grange", ("de",), "BE-DG", parent="grange"),
    Organisation("elan-hall", "site", "Hall L'Élan", ("en",), "BE-FWB", parent="elan"),
)

MEMBERSHIPS = (
    Membership("karim", "tremplin", "director", ADMIN),
    Membership("els", "tilleuls", "director", ADMIN),
    Membership("tom", "grange", "director", ADMIN),
    Membership("marta", "elan", "director", ADMIN),
    Membership("oscar", "valbois", "funder", ADMIN),
    Membership("ines", "federation", "operator", ADMIN),
    Membership("amelie", "tremplin", "coordinator", "karim"),
    Membership("noah", "tremplin", "animator", "karim"),
    Membership("sofia", "tremplin", "treasurer", "karim"),
    Membership("pieter", "tilleuls", "coordinator", "els"),
    Membership("lotte", "tilleuls", "volunteer", "els"),
    Membership("hanna", "grange", "coordinator", "tom"),
)
