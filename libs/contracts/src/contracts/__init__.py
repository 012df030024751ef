"""The events that the services exchange. Wire types only: no behaviour, no dependency but pydantic."""
