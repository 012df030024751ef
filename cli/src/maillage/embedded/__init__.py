"""The parts of the embedded default: PostgreSQL, a Kafka broker, sign-in and mail, each in a process of its own."""
