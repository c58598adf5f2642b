package dev.taper.operations.keeper;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.ShownText;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a keeper answered: a status, and one JSON object, whose members are refused as {@code
 * malformed_answer} if they are not what is asked for. For one thread.
 *
 * @param status of HTTP
 * @param members the members of the object
 */
public record KeeperAnswer(int status, JsonMembers<OperationException> members) {
  /** The most bytes of an answer, its head included. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int MAX_HEAD = 8 * 1024;
  private static final int LONGEST_DETAIL = 500;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([1-5][0-9]{2})( [^\\r\\n]*)?");
  private static final Pattern FIELD = Pattern.compile("([!-9;-~]+):[ \\t]*([\\t -~]*?)[ \\t]*");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,7}");

  private static final JsonReader<OperationException> JSON =
      JsonReader.of(20, MAX_BYTES, 100, KeeperAnswer::strange);

  /**
   * Reads an answer of HTTP/1.1 that ended with its connection.
   *
   * @param bytes all that came
   * @throws OperationException {@code io} if nothing came or not all of it; {@code
   *     malformed_answer} if it is another answer than a keeper gives
   */
  public static KeeperAnswer parse(byte[] bytes) {
    if (bytes.length == 0) {
      throw OperationException.io(
          "the keeper closed the connection without an answer: it belongs to another user, or it"
              + " has ended",
          null);
    }
    String head =
        new String(bytes, 0, Math.min(bytes.length, MAX_HEAD), StandardCharsets.ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end < 0) {
      throw bytes.length < MAX_HEAD ? cut() : malformed("has no end of its head");
    }
    String[] lines = head.substring(0, end).split("\r\n", -1);
    Matcher status = STATUS.matcher(lines[0]);
    if (!status.matches()) {
      throw malformed("is no HTTP/1.1");
    }
    int length = length(lines);
    int start = end + 4;
    if (bytes.length - start < length) {
      throw cut();
    }
    if (bytes.length - start > length) {
      throw malformed("is longer than it says");
    }
    return new KeeperAnswer(
        Integer.parseInt(status.group(1)),
        JSON.read(Arrays.copyOfRange(bytes, start, bytes.length), "the answer"));
  }

  private static int length(String[] lines) {
    int length = -1;
    for (int i = 1; i < lines.length; i++) {
      Matcher field = FIELD.matcher(lines[i]);
      if (!field.matches()) {
        throw malformed("has a field that is none");
      }
      String name = field.group(1).toLowerCase(Locale.ROOT);
      if (name.equals("transfer-encoding")) {
        throw malformed("has no length");
      }
      if (name.equals("content-length")) {
        if (length >= 0 || !LENGTH.matcher(field.group(2)).matches()) {
          throw malformed("has no length, or two");
        }
        length = Integer.parseInt(field.group(2));
      }
    }
    if (length < 0) {
      throw malformed("has no length");
    }
    return length;
  }

  private static OperationException cut() {
    return OperationException.io("the keeper's answer was cut off: it may have ended", null);
  }

  static OperationException malformed(String why) {
    return strange("the answer " + why, null);
  }

  private static OperationException strange(String why, @Nullable Throwable cause) {
    return OperationException.refused(
        "malformed_answer", "what answers there is no keeper: " + why, cause);
  }

  /**
   * Returns this answer if the request was taken.
   *
   * @throws OperationException what the keeper says, by its code
   */
  KeeperAnswer taken() {
    if (status >= 200 && status < 300) {
      return this;
    }
    String code = OperationException.codeOrNull(members.textOrNull("code"));
    if (code == null) {
      throw malformed("has status " + status);
    }
    String detail = members.textOrNull("detail");
    throw new OperationException(
        status >= 500 ? Kind.IO : Kind.REFUSED,
        code,
        "the keeper: " + ShownText.of(detail == null ? "it refuses" : detail, LONGEST_DETAIL),
        null);
  }

  /** The members of an object, of which one must be there. */
  static JsonMembers<OperationException> having(
      String name, JsonMembers<OperationException> members) {
    if (!members.has(name)) {
      throw malformed("has no member " + name);
    }
    return members;
  }

  /** The status, and no member, which may be confidential. */
  @Override
  public String toString() {
    return "KeeperAnswer(" + status + ")";
  }
}
