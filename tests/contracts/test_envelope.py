"""Records are CloudEvents: a client that knows nothing of us reads them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat

from common.ids import new_id
from common.kafka import decode_headers, encode_headers
from common.testing import example
from contracts.event import Envelope, Event
from contracts.schemas import all_events

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def envelope_of(event: Event, **changes: object) -> Envelope:
    facts = {
        "id": new_id(),
        "type": event.wire_type,
        "source": f"/maillage/{event.wire_type.partition('.')[0]}",
        "time": datetime(2026, 10, 14, 12, 0, 0, 123456, tzinfo=UTC),
        "subject": str(event.key),
        "organisation": event.organisation_id,
        "traceparent": TRACE,
        **changes,
    }
    return Envelope.model_validate(facts)


def message_of(event: Event, envelope: Envelope) -> KafkaMessage:
    headers = dict(encode_headers(envelope))
    return KafkaMessage(headers=headers, key=str(event.key), value=event.model_dump_json().encode())


@pytest.mark.parametrize("event_class", all_events(), ids=lambda event_class: event_class.wire_type)
def test_a_plain_client_reads_every_event(event_class: type[Event]) -> None:
    event = example(event_class)
    envelope = envelope_of(event)
    read = from_binary(message_of(event, envelope), JSONFormat())
    assert (read.get_specversion(), read.get_id(), read.get_type()) == ("1.0", str(envelope.id), event.wire_type)
    assert (read.get_source(), read.get_subject()) == (envelope.source, str(event.key))
    assert read.get_time() == envelope.time
    assert read.get_datacontenttype() == "application/json"
    assert read.get_extension("organisation") == str(event.organisation_id)
    assert read.get_data() == json.loads(event.model_dump_json())


def test_a_record_without_its_type_is_refused_by_a_plain_client() -> None:
    event = example(all_events()[0])
    message = message_of(event, envelope_of(event))
    headers = {name: value for name, value in message.headers.items() if name != "ce_type"}
    with pytest.raises(Exception, match="type"):
        from_binary(KafkaMessage(headers=headers, key=message.key, value=message.value), JSONFormat())


@pytest.mark.parametrize("traceparent", [TRACE, None])
def test_we_read_what_we_write(traceparent: str | None) -> None:
    envelope = envelope_of(example(all_events()[0]), traceparent=traceparent)
    assert decode_headers(encode_headers(envelope)) == envelope
