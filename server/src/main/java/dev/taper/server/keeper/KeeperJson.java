package dev.taper.server.keeper;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the JSON objects of requests and of what is stored. Pure and thread-safe. */
final class KeeperJson {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_NUMBER = 1000;
  private static final long MAX_TIME = 999_999_999_999L;
  private static final long MAX_SECONDS = Duration.ofDays(36_600).toSeconds();

  /** Refuses what it cannot read with {@code invalid_request}. */
  static final JsonReader<KeeperRefusal> JSON =
      JsonReader.of(
          MAX_DEPTH, MAX_CHARS, MAX_NUMBER, (message, cause) -> KeeperRefusal.invalid(message));

  private KeeperJson() {}

  /** Reads what is stored, of one format. */
  static JsonMembers<KeeperRefusal> stored(String json, String what, String format) {
    JsonMembers<KeeperRefusal> all = JSON.read(json, what);
    if (!all.text("format").equals(format)) {
      throw KeeperRefusal.invalid(what + " has another format");
    }
    return all;
  }

  /** A number of seconds, at least one; null if there is none. */
  static @Nullable Duration secondsOrNull(JsonMembers<KeeperRefusal> all, String name) {
    Long seconds = all.numberOrNull(name);
    if (seconds == null) {
      return null;
    }
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw all.invalid(name, "is no number of seconds from 1 to " + MAX_SECONDS);
    }
    return Duration.ofSeconds(seconds);
  }

  /** A time as it is written, in seconds since 1970; null if there is none. */
  static @Nullable Long seconds(@Nullable Instant time) {
    return time == null ? null : time.getEpochSecond();
  }

  /** A time in seconds since 1970; null if there is none. */
  static @Nullable Instant instantOrNull(JsonMembers<KeeperRefusal> all, String name) {
    Long seconds = all.numberOrNull(name);
    if (seconds == null) {
      return null;
    }
    if (seconds > MAX_TIME) {
      throw all.invalid(name, "is a time that is too far away");
    }
    return Instant.ofEpochSecond(seconds);
  }
}
