"""The commands of a service that run until they are stopped; migrations run and end."""

LOOP_COMMANDS = ("api", "consumer", "worker", "relay")
