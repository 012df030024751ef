"""One trace from the HTTP request through the outbox and Kafka to the last handler (W3C traceparent)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
# Nobody collects spans yet: they carry the trace along and record nothing.
_provider = TracerProvider(sampler=ParentBased(ALWAYS_OFF))
_tracer = _provider.get_tracer("maillage")


@contextmanager
def span(name: str, traceparent: str | None = None) -> Iterator[trace.Span]:
    """Run a block inside a span that continues `traceparent`, or the current span, or starts a trace."""
    context = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(name, context=context) as current:
        yield current


def current_traceparent() -> str | None:
    """The header value that carries the current span to the next process, if there is one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def current_trace_id() -> str | None:
    """The trace id in hexadecimal, as people quote it in a support request."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
