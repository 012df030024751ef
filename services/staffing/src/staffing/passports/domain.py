"""The passport: with the person's consent, papers, windows and hours are known to the federation, and nothing else."""

from __future__ import annotations


class PassportNotFound(Exception):
    """No passport of this person is open to the caller."""


class ConsentIsHisOwn(Exception):
    """Who has an account gives his consent himself."""
