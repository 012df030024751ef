"""What the story must come to, worked out by hand from its text; nothing here is read from an answer.

Prices: 12.00 € a child, 8.00 € a resident. The youth house bears 60 % of cost and income, the retirement home 40 %.

  workshop   Yanis and Lina 24.00, five residents 40.00 (six booked, one given up), Emil 12.00 -> 76.00, still to come
  show       two children 24.00, two residents 16.00, called off                               ->  0.00
  rehearsal  Yanis and Lina 24.00, two residents 16.00, all present after the correction       -> 40.00, earned
  warm-up    Emil 12.00, session closed                                                        -> 12.00, earned
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

BOOKINGS_OF = {
    "workshop": ("children", "group", "son"),
    "show": ("children at the show", "group at the show"),
    "rehearsal": ("children today", "group today"),
    "warm-up": ("son now",),
}
STATES = {
    "children": "confirmed",
    "group": "confirmed",
    "son": "confirmed",
    "children at the show": "cancelled",
    "group at the show": "cancelled",
    "children today": "confirmed",
    "group today": "confirmed",
    "son now": "confirmed",
}
PLACES = {
    "children": 2,
    "group": 5,
    "son": 1,
    "children at the show": 0,
    "group at the show": 0,
    "children today": 2,
    "group today": 2,
    "son now": 1,
}
PLACES_FREE = {"workshop": 0, "show": 5, "rehearsal": 8, "warm-up": 5}
SESSION_STATES = {"workshop": "scheduled", "show": "cancelled", "rehearsal": "scheduled", "warm-up": "completed"}
CHARGED = {
    "children": 2_400,
    "group": 4_000,
    "son": 1_200,
    "children at the show": 0,
    "group at the show": 0,
    "children today": 2_400,
    "group today": 1_600,
    "son now": 1_200,
}
# 60 % and 40 % of 76.00, 40.00 and 12.00.
PROMISED = {"tremplin": {"workshop": 4_560}, "tilleuls": {"workshop": 3_040}}
EARNED = {"tremplin": {"rehearsal": 2_400, "warm-up": 720}, "tilleuls": {"rehearsal": 1_600, "warm-up": 480}}
# What the home owes for its residents, and what the youth house owes of all income: 40 %.
HOME_OWES = {"workshop": 4_000, "rehearsal": 1_600}
HOUSE_OWES = {"workshop": 3_040, "rehearsal": 1_600, "warm-up": 480}
# The home's debt less the youth house's.
NET = {"workshop": 960, "rehearsal": 0, "warm-up": -480}

# Households 36.00 + 24.00 + 12.00, the home 40.00 + 16.00; 40 % of 128.00 goes to the home, 60 % stays.
HOUSE_BOOK = {
    "income_participation": -7_680,
    "payable_associations": -5_120,
    "receivable_associations": 5_600,
    "receivable_households": 7_200,
}
HOME_BOOK = {
    "expense_participation": 5_600,
    "income_participation": -5_120,
    "payable_associations": -5_600,
    "receivable_associations": 5_120,
}
THRESHOLDS = ["income:80", "income:100"]

COVERAGE = {
    "workshop": {"supervisors_needed": 1, "qualified_needed": 1, "supervisors_present": 1, "is_short": False},
    "rehearsal": {"supervisors_needed": 1, "qualified_needed": 1, "supervisors_present": 1, "is_short": False},
}
HOLDS: dict[str, list[object]] = {
    "trip": ["confirmed", [], True],
    "rival": ["refused", ["taken", "taken"], True],
}
# From half an hour before until half an hour after two hours, at 9.00 €; two hours at 15.00 €.
LENT = {"elan": 2_700, "grange": 3_000}
ON_THE_OUTING = ["julie", "noah"]
ATTENDANCE = {
    "rehearsal": {"present": 4, "absent": 0, "excused": 0, "version": 2},
    "warm-up": {"present": 1, "absent": 0, "excused": 0, "version": 1},
}
DECISIONS_ABOUT_SON = ["waiting", "offered", "confirmed"]

MESSAGES = {
    "amina": Counter(booking_confirmed=3, session_rescheduled=1, booking_cancelled=1),
    "greta": Counter(booking_waitlisted=1, booking_offered=1, booking_confirmed=2, session_rescheduled=1),
    "pieter": Counter(
        booking_confirmed_team=3,
        booking_cancelled_team=1,
        session_rescheduled_team=1,
        session_cancelled_team=1,
        attendance_recorded_team=2,
    ),
    "els": Counter(booking_confirmed_team=3, booking_cancelled_team=1, session_rescheduled_team=1),
    "amelie": Counter(
        booking_confirmed_team=8,
        booking_waitlisted_team=1,
        booking_offered_team=1,
        booking_cancelled_team=1,
        session_rescheduled_team=1,
        session_cancelled_team=1,
        session_completed_team=1,
        attendance_recorded_team=3,
        coverage_short=2,
        coverage_restored=1,
        substitute_sought_team=1,
        shift_taken_team=1,
        hold_given_up=1,
    ),
    "noah": Counter(session_rescheduled_team=1, session_cancelled_team=1, substitute_sought=1, shift_assigned=1),
    "karim": Counter(session_cancelled_team=1, budget_threshold_reached=2),
    "sofia": Counter(budget_threshold_reached=2),
    "lotte": Counter(),
    "hanna": Counter(reservation_confirmed=1),
    "marta": Counter(reservation_confirmed=1),
    "federica": Counter(),
}
# How many of them came by e-mail, and in which language.
MAILS = {
    "amina": (5, "fr"),
    "greta": (5, "de"),
    "pieter": (6, "nl"),
    "els": (5, "nl"),
    "amelie": (3, "fr"),
    "karim": (2, "fr"),
    "sofia": (2, "fr"),
    "noah": (2, "en"),
    "julie@benevoles.example": (1, "fr"),
    "samir@benevoles.example": (1, "fr"),
    "hanna": (0, "de"),
}


def quarter_of(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def by_year(amounts: Mapping[str, int], days: Mapping[str, date], year: int) -> int:
    """The sum of what lies in one year: near its end the workshop is in another one than the rehearsal."""
    return sum(amount for session, amount in amounts.items() if days[session].year == year)


def by_quarter(amounts: Mapping[str, int], days: Mapping[str, date]) -> dict[str, int]:
    """The sums by quarter; quarters without any are left out."""
    sums: dict[str, int] = defaultdict(int)
    for session, amount in amounts.items():
        sums[quarter_of(days[session])] += amount
    return dict(sums)
