package dev.taper.server.keeper;

import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, which are taken one after the other; what is left in the end
 * should not have been there. For one thread.
 */
final class Members {
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,12}");
  private static final Pattern BASE64 = Pattern.compile("\"[A-Za-z0-9_-]*\"");
  private static final long LONGEST = Duration.ofDays(36_600).toSeconds();

  private final String subject;
  private final SortedMap<String, String> left;

  private Members(String subject, SortedMap<String, String> left) {
    this.subject = subject;
    this.left = left;
  }

  /**
   * Reads an object.
   *
   * @param subject what messages call it
   * @throws KeeperRefusal {@code invalid_request} if it is none, has a name twice, or is too deep
   */
  static Members of(String json, String subject) {
    try {
      return new Members(subject, CanonicalJson.membersOfDocument(json));
    } catch (TaperException e) {
      throw KeeperRefusal.invalid(subject + ": " + e.getMessage());
    }
  }

  private KeeperRefusal invalid(String name, String why) {
    return KeeperRefusal.invalid(subject + ": " + name + " " + why);
  }

  /** Any value in canonical form; null if there is none. */
  @Nullable String jsonOrNull(String name) {
    return left.remove(name);
  }

  /** Any value in canonical form. */
  String json(String name) {
    String json = left.remove(name);
    if (json == null) {
      throw invalid(name, "is missing");
    }
    return json;
  }

  String text(String name) {
    return text(json(name), name);
  }

  @Nullable String textOrNull(String name) {
    String json = left.remove(name);
    return json == null ? null : text(json, name);
  }

  private String text(String json, String name) {
    try {
      return CanonicalJson.string(json, name);
    } catch (TaperException e) {
      throw invalid(name, "is no string, or too long");
    }
  }

  /** Bytes in base64url without padding; null if there are none. */
  byte @Nullable [] bytesOrNull(String name) {
    String json = left.remove(name);
    if (json == null) {
      return null;
    }
    if (BASE64.matcher(json).matches()) {
      try {
        return Base64.getUrlDecoder().decode(json.substring(1, json.length() - 1));
      } catch (IllegalArgumentException e) {
        // It is none, as below.
      }
    }
    throw invalid(name, "is no base64url without padding");
  }

  boolean flag(String name) {
    String json = left.remove(name);
    if (json == null || json.equals("false")) {
      return false;
    }
    if (!json.equals("true")) {
      throw invalid(name, "is neither true nor false");
    }
    return true;
  }

  /** A whole number that is not negative; null if there is none. */
  @Nullable Long numberOrNull(String name) {
    String json = left.remove(name);
    if (json == null) {
      return null;
    }
    if (!WHOLE.matcher(json).matches()) {
      throw invalid(name, "is no whole number from 0 on");
    }
    return Long.valueOf(json);
  }

  /** A number of seconds, at least one; null if there is none. */
  @Nullable Duration secondsOrNull(String name) {
    Long seconds = numberOrNull(name);
    if (seconds == null) {
      return null;
    }
    if (seconds < 1 || seconds > LONGEST) {
      throw invalid(name, "is no number of seconds from 1 to " + LONGEST);
    }
    return Duration.ofSeconds(seconds);
  }

  /** A time in seconds since 1970; null if there is none. */
  @Nullable Instant instantOrNull(String name) {
    Long seconds = numberOrNull(name);
    return seconds == null ? null : Instant.ofEpochSecond(seconds);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    String json = left.remove(name);
    if (json != null) {
      try {
        CanonicalJson.elements(json).forEach(one -> texts.add(text(one, name)));
      } catch (TaperException e) {
        throw invalid(name, "is no array");
      }
    }
    return texts;
  }

  @Nullable Members objectOrNull(String name) {
    String json = left.remove(name);
    return json == null ? null : of(json, subject + "." + name);
  }

  /** Takes all that is left as strings. */
  SortedMap<String, String> allTexts() {
    SortedMap<String, String> texts = new TreeMap<>();
    left.forEach((name, json) -> texts.put(name, text(json, "a member")));
    left.clear();
    return texts;
  }

  /** The names of what is left. */
  List<String> names() {
    return List.copyOf(left.keySet());
  }

  /**
   * Ends the reading.
   *
   * @throws KeeperRefusal {@code invalid_request} if something is left
   */
  void end() {
    if (!left.isEmpty()) {
      throw KeeperRefusal.invalid(subject + " has a member that it cannot have");
    }
  }
}
