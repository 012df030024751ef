"""Who there is: the federation's associations in four languages, a municipality, and who does what where."""

from maillage.demo.model import Membership, Organisation

FEDERATION_NAME = "Fédération Maillage Démo"
FEDERATION_SLUG = "maillage-demo"
ADMIN = "federica"

ORGANISATIONS = (
    Organisation("tremplin", "association", "Maison de jeunes Le Tremplin", ("fr",), "BE-FWB"),
    Organisation("tilleuls", "association", "Résidence Les Tilleuls", ("nl", "fr"), "BE-VG"),
    Organisation("grange", "association", "Centre culturel La Grange", ("de", "fr"), "BE-DG"),
    Organisation("elan", "association", "Club sportif L'Élan", ("en", "fr"), "BE-FWB"),
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
