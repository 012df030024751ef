"""The notifications service's own database."""

from __future__ import annotations

from common.database import Database, TableBase, new_metadata


class Base(TableBase):
    """Base of every table of this service."""

    __abstract__ = True
    metadata = new_metadata()


api_database = Database()
worker_database = Database()
