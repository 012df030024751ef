"""One trace from the HTTP request through the outbox and Kafka to the last handler (W3C traceparent).

Without OTEL_EXPORTER_OTLP_ENDPOINT spans carry the trace id along and record nothing; inner spans do not exist then.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

ENDPOINT_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
_NANOSECONDS = 1_000_000_000
_NOTHING: AbstractContextManager[None] = nullcontext()

_propagator = TraceContextTextMapPropagator()
_provider = TracerProvider(sampler=ParentBased(ALWAYS_OFF))
_tracer = _provider.get_tracer("maillage")
_is_exporting = False


def configure(service: str) -> None:
    """Send spans to the collector that the environment names, if it names one (OTLP over HTTP, in the background).

    The standard variables hold: OTEL_TRACES_SAMPLER and its argument, OTEL_RESOURCE_ATTRIBUTES, OTEL_BSP_….
    """
    global _provider, _tracer, _is_exporting  # noqa: PLW0603  One process has one tracer.
    if _is_exporting or not os.environ.get(ENDPOINT_VARIABLE):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415  Ten MB.

    _provider = TracerProvider(resource=Resource.create({"service.name": service}))
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("maillage")
    _is_exporting = True


@contextmanager
def span(name: str, traceparent: str | None = None, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[trace.Span]:
    """Run a block inside a span that continues `traceparent`, or the current span, or starts a trace."""
    context = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(name, context=context, kind=kind) as current:
        yield current


def inner_span(name: str) -> AbstractContextManager[object]:
    """A step within the current span, for paths where every microsecond counts: costs nothing when nobody collects."""
    return _tracer.start_as_current_span(name) if _is_exporting else _NOTHING


def begin_publication(wire_type: str, traceparent: str | None, written_at: datetime) -> trace.Span | None:
    """A span from the moment an event was written until the caller ends it; None when nobody collects."""
    if not _is_exporting or traceparent is None:
        return None
    context = _propagator.extract({"traceparent": traceparent})
    started_at = int(written_at.timestamp() * _NANOSECONDS)
    return _tracer.start_span(f"publish {wire_type}", context, SpanKind.PRODUCER, start_time=started_at)


def traceparent_of(current: trace.Span) -> str | None:
    """The header value that carries this span to the next process."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, trace.set_span_in_context(current))
    return carrier.get("traceparent")


def current_traceparent() -> str | None:
    """The header value that carries the current span to the next process, if there is one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    """The trace id in hexadecimal, as people quote it in a support request."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def current_exemplar() -> dict[str, str] | None:
    """What joins a measurement to its trace; None unless the trace is collected."""
    context = trace.get_current_span().get_span_context()
    if not _is_exporting or not context.trace_flags.sampled:
        return None
    return {"trace_id": f"{context.trace_id:032x}"}
