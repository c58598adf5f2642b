package dev.taper.server.signin;

import dev.taper.integrations.http.IncomingRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names and values of forms and queries, read strictly: each name once, in UTF-8. */
public final class FormFields {
  /** The longest content of a form, in bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final String TYPE = "application/x-www-form-urlencoded";
  private static final int MAX_FIELDS = 32;

  private FormFields() {}

  /**
   * The fields of a posted form.
   *
   * @return null if it is none, is too long, or has a name twice
   */
  public static @Nullable Map<String, String> of(IncomingRequest request) {
    List<String> types = request.field("content-type");
    if (!request.method().equals("POST") || types.size() != 1 || !isForm(types.get(0))) {
      return null;
    }
    try {
      byte[] bytes = request.content().readNBytes(MAX_BYTES + 1);
      return bytes.length > MAX_BYTES ? null : read(bytes);
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean isForm(String type) {
    String lower = type.toLowerCase(Locale.ROOT).replace(" ", "");
    return lower.equals(TYPE) || lower.equals(TYPE + ";charset=utf-8");
  }

  /**
   * The fields of a request's query; none without one.
   *
   * @return null if it is malformed, or has a name twice
   */
  public static @Nullable Map<String, String> ofQuery(IncomingRequest request) {
    int mark = request.target().indexOf('?');
    return mark < 0
        ? Map.of()
        : read(request.target().substring(mark + 1).getBytes(StandardCharsets.UTF_8));
  }

  /** The path of a request, without its query. */
  public static String path(IncomingRequest request) {
    int mark = request.target().indexOf('?');
    return mark < 0 ? request.target() : request.target().substring(0, mark);
  }

  /** Reads fields where they stand, because nobody has shown anything yet. */
  private static @Nullable Map<String, String> read(byte[] form) {
    Map<String, String> fields = new TreeMap<>();
    int from = form.length == 0 ? 1 : 0;
    while (from <= form.length) {
      int end = find(form, '&', from, form.length);
      int equals = find(form, '=', from, end);
      if (equals == end || fields.size() == MAX_FIELDS) {
        return null;
      }
      String name = decoded(form, from, equals);
      String value = decoded(form, equals + 1, end);
      if (name == null || value == null || fields.put(name, value) != null) {
        return null;
      }
      from = end + 1;
    }
    return Collections.unmodifiableMap(fields);
  }

  private static int find(byte[] form, char wanted, int from, int to) {
    int at = from;
    while (at < to && form[at] != wanted) {
      at++;
    }
    return at;
  }

  private static @Nullable String decoded(byte[] form, int from, int to) {
    byte[] bytes = new byte[to - from];
    int length = 0;
    boolean isAscii = true;
    for (int at = from; at < to; at++) {
      byte c = form[at];
      if (c == '%') {
        int value = at + 2 < to ? hex(form[at + 1], form[at + 2]) : -1;
        if (value < 0) {
          return null;
        }
        isAscii &= value < 0x80;
        bytes[length++] = (byte) value;
        at += 2;
      } else if (c <= ' ' || c == 0x7f || c == '=') {
        return null;
      } else {
        bytes[length++] = c == '+' ? (byte) ' ' : c;
      }
    }
    if (isAscii) {
      return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int hex(byte high, byte low) {
    int upper = Character.digit(high, 16);
    int lower = Character.digit(low, 16);
    return upper < 0 || lower < 0 ? -1 : upper * 16 + lower;
  }
}
