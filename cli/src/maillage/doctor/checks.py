"""All checks, in the order in which one stands on the other."""

from __future__ import annotations

from maillage.doctor import (
    broker,
    configuration,
    databases,
    identity,
    invariants,
    mail,
    network,
    progress,
    retention,
    row_security,
)
from maillage.doctor.findings import Check

CHECKS = (
    Check(
        "configuration", "Settings", "Set what is named; the settings are listed in each service's settings.py.",
        configuration.check_configuration, needs_installation=False,
    ),
    Check(
        "names", "Host names", "Correct the name in the setting, or add it to the DNS that this machine asks.",
        network.check_names, needs_installation=False,
    ),
    Check(
        "certificates", "Encryption", "Add ?ssl=verify-full to the database's address, take https, renew what ends.",
        network.check_certificates, needs_installation=False,
    ),
    Check(
        "roles", "Database roles", "Make the roles with the rights that the page shows, and correct their passwords.",
        databases.check_roles, needs_installation=False,
    ),
    Check(
        "database-version", "PostgreSQL version", "Move the database to PostgreSQL 18 or newer.",
        databases.check_version, needs_installation=False,
    ),
    Check(
        "database-extensions", "PostgreSQL extensions", "As superuser: CREATE EXTENSION btree_gist in that database.",
        databases.check_extensions, needs_installation=False,
    ),
    Check(
        "clocks", "Clocks", "Let every machine follow the same time servers (NTP).",
        network.check_clocks, needs_installation=False,
    ),
    Check(
        "kafka-reachable", "Kafka", "Start the broker, or correct <SERVICE>_KAFKA_BOOTSTRAP_SERVERS and the like.",
        broker.check_reachable, needs_installation=False,
    ),
    Check(
        "identity-keys", "Identity provider", "Correct <SERVICE>_TOKEN_ISSUER; RSA or EC keys are needed.",
        identity.check_identity_keys, needs_installation=False,
    ),
    Check(
        "mail", "Mail server", "Correct NOTIFICATIONS_SMTP_HOST and its neighbours; ask the provider what it refuses.",
        mail.check_mail, needs_installation=False,
    ),
    Check(
        "schema-version", "Database schema", "Run the migrations of that service: python -m <service>.run_migrations.",
        databases.check_schema,
    ),
    Check(
        "row-security", "Associations apart", "Stop the service's api; find who changed the policies; restore them.",
        row_security.check_row_security,
    ),
    Check(
        "kafka-topics", "Topics", "Change the topic as deploy/topics.yaml says, but never its number of partitions.",
        broker.check_topics,
    ),
    Check(
        "consumer-progress", "Consumers", "Look at the log of that consumer, and restart it when it is stuck.",
        broker.check_progress,
    ),
    Check(
        "outbox", "Outboxes", "Look at the log of that service's relay; is the broker reachable from there?",
        progress.check_outbox,
    ),
    Check(
        "parked-keys", "Parked events", "maillage parked list <service>; mend the cause; maillage parked retry.",
        progress.check_parked,
    ),
    Check(
        "due-rows", "Work that is due", "Look at the log of that worker, and at last_error in its due_rows.",
        progress.check_due_rows,
    ),
    Check(
        "retention", "What has no purpose", "Look at the log of that worker for: retention is left to the next hour.",
        retention.check_retention,
    ),
    Check(
        "invariants", "What must always hold", "Follow docs/operate/runbooks/invariant-broken.md.",
        invariants.check_invariants,
    ),
    Check(
        "events-handled", "Effects of events", "maillage parked list <service>; has that consumer run at all?",
        invariants.check_events_handled,
    ),
)  # fmt: skip
