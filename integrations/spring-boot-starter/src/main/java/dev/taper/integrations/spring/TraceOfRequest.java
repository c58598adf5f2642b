package dev.taper.integrations.spring;

import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.telemetry.DecisionSpans;
import java.util.function.BiConsumer;

/**
 * Lets decisions belong to the trace that their request names: the guard stands before whatever
 * else would read that. Thread-safe.
 */
final class TraceOfRequest implements BiConsumer<IncomingRequest, Runnable> {
  @Override
  public void accept(IncomingRequest request, Runnable judging) {
    DecisionSpans.within(request.field("traceparent"), judging);
  }
}
