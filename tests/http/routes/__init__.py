"""Who may do what, route by route: one table per service. A route that is in none fails tests/http/test_isolation.py.

Each module has `ROUTES` and `prepare`, which fills the service with what an association wants to keep to itself.
"""
