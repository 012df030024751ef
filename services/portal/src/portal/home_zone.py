"""Where the federation is at home: what no site dates by its own clock is dated by this one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

HOME_ZONE = ZoneInfo("Europe/Brussels")
