"""Mechanism without a business word; every service is built on it."""
