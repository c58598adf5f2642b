package dev.taper.integrations.valkey;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a script answered: a word, then what belongs to it. Immutable.
 *
 * @param values as the server sent them
 */
record StoreReply(List<Object> values) {
  /** The word that it begins with. */
  String word() {
    return text(0);
  }

  /** A text. */
  String text(int index) {
    return new String((byte[]) values.get(index), StandardCharsets.UTF_8);
  }

  /** A number. */
  long number(int index) {
    return (Long) values.get(index);
  }

  /** A list of numbers. */
  List<Long> numbers(int index) {
    return ((List<?>) values.get(index)).stream().map(each -> (Long) each).toList();
  }

  /** The number of the last change of which the caller is told; 0 if the word tells none. */
  long sequence() {
    return switch (word()) {
      case "taken", "replayed", "exhausted", "used", "full", "long", "closed" -> number(1);
      default -> 0;
    };
  }

  /** Why the store must be looked at before it is asked again; null if it need not. */
  @Nullable String doubt() {
    return switch (word()) {
      case "other" -> "was begun anew, or is another one";
      case "history" -> "is on a server that was started anew, promoted or demoted";
      case "behind" -> "lacks changes that were confirmed";
      case "broken" -> "lacks some of " + ValkeyStore.Memory.at(number(1)).shown();
      default -> null;
    };
  }
}
