"""Backup of all databases to one consistent point, and restore from it."""
