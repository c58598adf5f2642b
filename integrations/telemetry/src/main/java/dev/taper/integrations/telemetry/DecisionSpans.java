package dev.taper.integrations.telemetry;

import dev.taper.FailureLog;
import dev.taper.Given;
import dev.taper.ShownText;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.DenialCode;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a span of OpenTelemetry of each decision, within the trace of the thread that asks. It says
 * what was decided, for which service, about which tool of its catalog, and which token in the
 * audit log it was: no argument, key or proof. What fails is logged, and costs no call.
 * Thread-safe.
 */
public final class DecisionSpans implements DecisionListener {
  /** The longest text of an attribute that a token states, in characters. */
  private static final int MAX_TEXT = 128;

  /** A version, a trace, a span and flags; what other versions say is unknown. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private static final FailureLog FAILURES =
      FailureLog.of(DecisionSpans.class, "tracing a decision", Clock.systemUTC());
  private static final AttributeKey<String> CODE = AttributeKey.stringKey("taper.code");
  private static final AttributeKey<Boolean> ALLOWED = AttributeKey.booleanKey("taper.allowed");
  private static final AttributeKey<Boolean> OBSERVED = AttributeKey.booleanKey("taper.observed");
  private static final AttributeKey<Boolean> PROVEN = AttributeKey.booleanKey("taper.proven");
  private static final AttributeKey<Long> HOPS = AttributeKey.longKey("taper.hops");
  private static final AttributeKey<String> AUDIENCE = AttributeKey.stringKey("taper.audience");
  private static final AttributeKey<String> TOOL = AttributeKey.stringKey("taper.tool");
  private static final AttributeKey<String> TASK = AttributeKey.stringKey("taper.task");
  private static final AttributeKey<String> TOKEN = AttributeKey.stringKey("taper.token");

  private final Tracer tracer;

  private DecisionSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  /** Makes spans. The result is a verifier's listener. */
  public static DecisionSpans of(OpenTelemetry telemetry) {
    return new DecisionSpans(
        Given.that(telemetry, "the OpenTelemetry").getTracer("dev.taper.telemetry"));
  }

  @Override
  public void decided(DecisionEvent event) {
    make("taper decide", event);
  }

  @Override
  public void asked(DecisionEvent event) {
    make("taper ask", event);
  }

  private void make(String name, DecisionEvent event) {
    try {
      Instant start = event.time();
      Duration took = event.took();
      Span span = tracer.spanBuilder(name).setStartTimestamp(start).startSpan();
      if (span.isRecording()) {
        describe(span, event);
      }
      span.end(took == null ? start : start.plus(took));
    } catch (RuntimeException e) {
      FAILURES.failed(e);
    }
  }

  private static void describe(Span span, DecisionEvent event) {
    DenialCode denial = DecisionCode.denial(event);
    span.setAttribute(CODE, DecisionCode.text(denial));
    span.setAttribute(ALLOWED, event.decision().allowed());
    span.setAttribute(OBSERVED, event.isObserved());
    span.setAttribute(PROVEN, event.isProven());
    span.setAttribute(HOPS, (long) event.chain().hops().size());
    span.setAttribute(AUDIENCE, event.decision().audience());
    span.setAttribute(TASK, ShownText.of(event.chain().task().id(), MAX_TEXT));
    List<byte[]> blocks = event.blockDigests();
    span.setAttribute(TOKEN, HexFormat.of().formatHex(blocks.get(blocks.size() - 1)));
    if (event.decision().call().catalogDigest() != null) { // or else the caller named it
      span.setAttribute(TOOL, event.decision().call().tool());
    }
  }

  /**
   * Does work within the trace that a request names, unless this thread is in one already. Nobody
   * signed the field: whoever sends it chooses to which trace its decisions belong, and whether a
   * parent-based sampler keeps them, and no more. What is not of the form is ignored, as is
   * everything that could come beside it ({@code tracestate}, baggage).
   *
   * @param traceparent the values of that field of W3C Trace Context, of which there must be one
   * @param work what is done, in this thread
   */
  public static void within(List<String> traceparent, Runnable work) {
    Context now = Context.current();
    Matcher named =
        TRACEPARENT.matcher(traceparent.size() == 1 ? traceparent.get(0) : "nothing, or several");
    if (Span.fromContext(now).getSpanContext().isValid() || !named.matches()) {
      work.run();
      return;
    }
    SpanContext parent =
        SpanContext.createFromRemoteParent(
            named.group(1),
            named.group(2),
            TraceFlags.fromHex(named.group(3), 0),
            TraceState.getDefault());
    now.with(Span.wrap(parent)).wrap(work).run(); // one of zeros is no parent
  }
}
