package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.integrations.http.RefusedException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Answers questions about one kind of data. Thread-safe. */
@FunctionalInterface
public interface View {
  /**
   * Answers a question.
   *
   * @return the members of one JSON object; null if it is for another view
   * @throws RefusedException what to answer instead
   */
  @Nullable JsonFields answer(ViewRequest request) throws RefusedException;

  /** A moment as it stands in an answer, in milliseconds since 1970; null if there is none. */
  static @Nullable Long millis(@Nullable Instant moment) {
    return moment == null ? null : moment.toEpochMilli();
  }
}
