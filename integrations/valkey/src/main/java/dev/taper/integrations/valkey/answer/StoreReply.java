package dev.taper.integrations.valkey.answer;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a script answered: a word, then what belongs to it. Whatever the server sends, reading it
 * ends with a value or with {@link ErrorCode#DATABASE_UNAVAILABLE}. Immutable.
 *
 * @param values as the server sent them
 */
public record StoreReply(List<Object> values) {
  /** The word that it begins with. */
  public String word() {
    return text(0);
  }

  /** A text. */
  public String text(int index) {
    return new String(bytes(index), StandardCharsets.UTF_8);
  }

  /** Bytes. */
  public byte[] bytes(int index) {
    return value(index, byte[].class);
  }

  /** A number. */
  public long number(int index) {
    return value(index, Long.class);
  }

  /** A number that names something by its place. */
  public int place(int index, int size) {
    long place = number(index);
    if (place < 0 || place >= size) {
      throw strange();
    }
    return (int) place;
  }

  /** The bytes from a place on, one behind the other; not copied, as they can be very many. */
  public InputStream stream(int from) {
    List<InputStream> parts = new ArrayList<>();
    for (int i = from; i < values.size(); i++) {
      parts.add(new ByteArrayInputStream(bytes(i)));
    }
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  /** The bytes from a place on, one behind the other. */
  public byte[] rest(int from) {
    try {
      return stream(from).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("arrays cannot fail to be read", e);
    }
  }

  /** A list of numbers. */
  public List<Long> numbers(int index) {
    List<?> list = value(index, List.class);
    if (!list.stream().allMatch(Long.class::isInstance)) {
      throw strange();
    }
    return list.stream().map(Long.class::cast).toList();
  }

  private <T> T value(int index, Class<T> type) {
    Object value = index < values.size() ? values.get(index) : null;
    if (!type.isInstance(value)) {
      throw strange();
    }
    return type.cast(value);
  }

  /** Says that this is no answer of a script of ours. */
  public static TaperException strange() {
    return new TaperException(
        ErrorCode.DATABASE_UNAVAILABLE, "the server answered something else than the script does");
  }

  /** The number of the last change of which the caller is told; 0 if the word tells none. */
  public long sequence() {
    return switch (word()) {
      case "taken", "replayed", "exhausted", "used", "full", "long", "closed" -> number(1);
      default -> 0;
    };
  }

  /**
   * Why the store must be looked at before it is asked again; null if it need not.
   *
   * @param memories what the memories are called, by their numbers
   */
  public @Nullable String doubt(List<String> memories) {
    return switch (word()) {
      case "other" -> "was begun anew, or is another one";
      case "history" -> "is on a server that was started anew, promoted or demoted";
      case "behind" -> "lacks changes that were confirmed";
      case "broken" -> "lacks some of " + memories.get(place(1, memories.size()));
      default -> null;
    };
  }
}
