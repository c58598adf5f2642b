package dev.taper.server.console.view;

import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.RefusedException;
import org.jspecify.annotations.Nullable;

/** Answers questions about one kind of data. Thread-safe. */
@FunctionalInterface
public interface View {
  /**
   * Answers a question.
   *
   * @return null if it is for another view
   * @throws RefusedException what to answer instead
   */
  @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException;
}
