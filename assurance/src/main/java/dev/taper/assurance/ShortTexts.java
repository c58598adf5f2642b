package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.ErrorCode;
import dev.taper.agent.call.Audience;
import dev.taper.audit.AuditRecord;
import dev.taper.integrations.telemetry.DecisionSpans;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import dev.taper.revocation.Fingerprint;
import dev.taper.server.listener.ListenAddress;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Readers of one word or two. */
final class ShortTexts {
  private static final int LONGEST_HOST = 255;

  private ShortTexts() {}

  /** The input is a word, and each reader of words says what it is. */
  static boolean word(byte[] input) {
    String text = utf8(input);
    Optional<Fingerprint> thing = read(() -> Fingerprint.parse(text), ErrorCode.INVALID_ARGUMENT);
    thing.ifPresent(one -> same("a fingerprint", one, Fingerprint.parse(one.toString())));
    Optional<Audience> audience = read(() -> Audience.of(text), ErrorCode.INVALID_REQUEST);
    audience.ifPresent(
        one -> same("an audience", one.toString(), Audience.of(one.toString()).toString()));
    Optional<AuditRecord.Head> head =
        read(() -> AuditRecord.Head.parse(text), ErrorCode.MALFORMED_AUDIT_RECORD);
    head.ifPresent(one -> same("a head", one, AuditRecord.Head.parse(one.toString())));
    Optional<Duration> duration = operated(() -> Times.parseDuration(text));
    duration.ifPresent(one -> same("a duration is words", false, Times.words(one).isBlank()));
    Optional<Instant> date = operated(() -> Times.parseDate(text));
    Optional<ListenAddress> address =
        text.length() > LONGEST_HOST ? Optional.empty() : operated(() -> address(text));
    return List.of(thing, audience, head, duration, date, address).stream()
        .anyMatch(Optional::isPresent);
  }

  /** Names would be asked of a server of names, so only numbers are read. */
  private static ListenAddress address(String text) {
    if (text.chars().anyMatch(c -> Character.isLetter(c) && "abcdefABCDEF".indexOf(c) < 0)
        && !text.startsWith("unix:")) {
      throw OperationException.usage("a name");
    }
    return ListenAddress.parse(text);
  }

  private static <T> Optional<T> operated(Supplier<T> reader) {
    try {
      return Optional.of(reader.get());
    } catch (OperationException e) {
      same("the only refusal", "usage", e.code());
      return Optional.empty();
    }
  }

  /** The values of the field that names a trace, a line each. Whatever they are, work is done. */
  static boolean traceparent(byte[] input) {
    List<String> found = new ArrayList<>();
    DecisionSpans.within(
        utf8(input).lines().toList(),
        () -> found.add(Span.current().getSpanContext().getTraceId()));
    same("work is done once", 1, found.size());
    boolean isNamed = !found.get(0).matches("0*");
    if (isNamed) {
      same("the trace is the one that is named", true, utf8(input).contains(found.get(0)));
    }
    return isNamed;
  }
}
