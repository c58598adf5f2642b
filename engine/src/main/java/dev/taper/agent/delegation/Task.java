package dev.taper.agent.delegation;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import org.jspecify.annotations.Nullable;

/**
 * What authority is granted for.
 *
 * @param id such as {@code T-4711}; everything done for the task is traced and ended by it
 * @param purpose a sentence for people, or null
 */
public record Task(String id, @Nullable String purpose) {
  /**
   * Checks the texts.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} or {@link
   *     ErrorCode#INVALID_ARGUMENT_VALUE} for ambiguous text
   */
  public Task {
    Canonical.name(id, "the task");
    if (purpose != null) {
      Canonical.text(purpose, "the purpose");
    }
  }
}
