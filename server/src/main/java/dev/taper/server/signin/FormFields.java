package dev.taper.server.signin;

import dev.taper.integrations.http.IncomingRequest;
import java.io.ByteArrayOutputStream;
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
      return bytes.length > MAX_BYTES ? null : read(new String(bytes, StandardCharsets.US_ASCII));
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
    return mark < 0 ? Map.of() : read(request.target().substring(mark + 1));
  }

  /** The path of a request, without its query. */
  public static String path(IncomingRequest request) {
    int mark = request.target().indexOf('?');
    return mark < 0 ? request.target() : request.target().substring(0, mark);
  }

  private static @Nullable Map<String, String> read(String text) {
    Map<String, String> fields = new TreeMap<>();
    if (text.isEmpty()) {
      return fields;
    }
    for (String pair : text.split("&", MAX_FIELDS + 1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? null : decoded(pair.substring(0, equals));
      String value = equals < 0 ? null : decoded(pair.substring(equals + 1));
      if (name == null || value == null || fields.put(name, value) != null) {
        return null;
      }
    }
    return fields.size() > MAX_FIELDS ? null : Collections.unmodifiableMap(fields);
  }

  private static @Nullable String decoded(String text) {
    if (text.chars().allMatch(FormFields::isPlain)) {
      return text; // most are, and a copy of a long one takes several times its bytes
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '%') {
        int value = at + 2 < text.length() ? hex(text.charAt(at + 1), text.charAt(at + 2)) : -1;
        if (value < 0) {
          return null;
        }
        bytes.write(value);
        at += 2;
      } else if (c <= ' ' || c >= 0x7f || c == '&' || c == '=') {
        return null;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isPlain(int c) {
    return c > ' ' && c < 0x7f && c != '%' && c != '+' && c != '&' && c != '=';
  }

  private static int hex(char high, char low) {
    int upper = Character.digit(high, 16);
    int lower = Character.digit(low, 16);
    return upper < 0 || lower < 0 ? -1 : upper * 16 + lower;
  }
}
