package dev.taper.operations.keeper;

import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.operations.OperationException;
import dev.taper.operations.OperationException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a keeper answered: a status, and one JSON object. Immutable and thread-safe.
 *
 * @param status of HTTP
 * @param members the members of the object, each in canonical form
 */
public record KeeperAnswer(int status, SortedMap<String, String> members) {
  /** The most bytes of an answer, its head included. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int MAX_HEAD = 8 * 1024;
  private static final int LONGEST_DETAIL = 500;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([1-5][0-9]{2})( [^\\r\\n]*)?");
  private static final Pattern FIELD = Pattern.compile("([!-9;-~]+):[ \\t]*([\\t -~]*?)[ \\t]*");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,7}");
  private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

  /** Copies the members. */
  public KeeperAnswer {
    members = new TreeMap<>(members);
  }

  /** A copy of the members. */
  @Override
  public SortedMap<String, String> members() {
    return new TreeMap<>(members);
  }

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
    return new KeeperAnswer(Integer.parseInt(status.group(1)), members(bytes, start));
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

  private static SortedMap<String, String> members(byte[] bytes, int start) {
    try {
      ByteBuffer content = ByteBuffer.wrap(bytes, start, bytes.length - start);
      String json = StandardCharsets.UTF_8.newDecoder().decode(content).toString();
      return CanonicalJson.membersOfDocument(json);
    } catch (CharacterCodingException | TaperException e) {
      throw malformed("is no JSON object");
    }
  }

  private static OperationException cut() {
    return OperationException.io("the keeper's answer was cut off: it may have ended", null);
  }

  static OperationException malformed(String why) {
    return new OperationException(
        Kind.REFUSED,
        "malformed_answer",
        "what answers there is no keeper: the answer " + why,
        null);
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
    String code = members.containsKey("code") ? text("code") : "";
    if (!CODE.matcher(code).matches()) {
      throw malformed("has status " + status);
    }
    String detail = members.containsKey("detail") ? text("detail") : "it refuses";
    throw new OperationException(
        status >= 500 ? Kind.IO : Kind.REFUSED,
        code,
        "the keeper: " + ShownText.of(detail, LONGEST_DETAIL),
        null);
  }

  /**
   * A member as it is.
   *
   * @throws OperationException {@code malformed_answer} if there is none
   */
  String json(String name) {
    String json = members.get(name);
    if (json == null) {
      throw malformed("has no member " + name);
    }
    return json;
  }

  /**
   * A member that is a string.
   *
   * @throws OperationException {@code malformed_answer} if it is none
   */
  public String text(String name) {
    return string(json(name), name);
  }

  static String string(String json, String name) {
    try {
      return CanonicalJson.string(json, name);
    } catch (TaperException e) {
      throw malformed("has something else than a text as " + name);
    }
  }

  /**
   * A member that is an array of strings.
   *
   * @throws OperationException {@code malformed_answer} if it is none
   */
  public List<String> texts(String name) {
    return elements(name).stream().map(json -> string(json, name)).toList();
  }

  /**
   * The elements of a member that is an array, each in canonical form.
   *
   * @throws OperationException {@code malformed_answer} if it is none
   */
  List<String> elements(String name) {
    try {
      return CanonicalJson.elements(json(name));
    } catch (TaperException e) {
      throw malformed("has something else than an array as " + name);
    }
  }

  /** An element of an array as if it were an answer. */
  KeeperAnswer of(String element) {
    try {
      return new KeeperAnswer(status, CanonicalJson.membersOfDocument(element));
    } catch (TaperException e) {
      throw malformed("has something else than an object in an array");
    }
  }

  /** The status, and no member, which may be confidential. */
  @Override
  public String toString() {
    return "KeeperAnswer(" + status + ")";
  }
}
