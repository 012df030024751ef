"""Which roles may do which kind of work; features name one of these groups, never single roles."""

from __future__ import annotations

from contracts.partners import Role

PLANNERS = (Role.director, Role.coordinator)
FIELD_STAFF = (*PLANNERS, Role.animator)
TEAM = (*FIELD_STAFF, Role.volunteer)
MONEY = (Role.director, Role.treasurer)
MONEY_READERS = (*MONEY, Role.coordinator)
FEDERATION_OFFICE = (Role.federation_admin,)
LEADERS = (Role.director, Role.federation_admin)
ANY_ROLE = tuple(Role)
