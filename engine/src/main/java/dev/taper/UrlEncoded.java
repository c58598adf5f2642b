package dev.taper;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BiConsumer;

/**
 * Reads and writes {@code application/x-www-form-urlencoded} text (WHATWG URL, section 5). It is
 * read strictly: escapes are whole, and what they stand for is UTF-8. Pure and thread-safe.
 */
public final class UrlEncoded {
  private UrlEncoded() {}

  /**
   * Reads the fields of a query, as {@link #fields(byte[], int, String)} does.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no such text
   */
  public static Map<String, String> fields(String text, int most, String subject) {
    return fields(text.getBytes(StandardCharsets.UTF_8), most, subject);
  }

  /**
   * Reads the fields of a form, each of which is there once, with an equals sign and no other
   * character than forms are written with.
   *
   * @param text empty for no fields
   * @param most how many fields there may be
   * @param subject what messages call it, such as {@code query}
   * @return the fields in their order, unmodifiable
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no such text
   */
  public static Map<String, String> fields(byte[] text, int most, String subject) {
    return fields(text, most, subject, false);
  }

  /**
   * Reads the fields of a form as {@link #fields(byte[], int, String)} does, and passes over what
   * has no equals sign: the empty pairs and names alone that browsers' forms have.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no such text
   */
  public static Map<String, String> fieldsWithValues(byte[] text, int most, String subject) {
    return fields(text, most, subject, true);
  }

  private static Map<String, String> fields(
      byte[] text, int most, String subject, boolean isNameAloneSkipped) {
    Map<String, String> fields = new LinkedHashMap<>();
    int start = text.length == 0 ? 1 : 0;
    while (start <= text.length) {
      int end = find(text, '&', start, text.length);
      int equals = find(text, '=', start, end);
      if (equals == end && isNameAloneSkipped) {
        start = end + 1;
        continue;
      }
      if (equals == end) {
        throw invalid(subject, "a name without an equals sign");
      }
      if (fields.size() == most) {
        throw invalid(subject, "more than " + most + " names");
      }
      String name = plain(text, start, equals, subject);
      if (fields.put(name, plain(text, equals + 1, end, subject)) != null) {
        throw invalid(subject, "a name that is there twice");
      }
      start = end + 1;
    }
    return Collections.unmodifiableMap(fields);
  }

  private static int find(byte[] text, char wanted, int from, int to) {
    int at = from;
    while (at < to && text[at] != wanted) {
      at++;
    }
    return at;
  }

  private static String plain(byte[] text, int from, int to, String subject) {
    for (int i = from; i < to; i++) {
      byte c = text[i];
      if (c <= ' ' || c == 0x7f || c == '=') { // negative beyond ASCII
        throw invalid(subject, "a character that has to be escaped");
      }
    }
    String value = decode(text, from, to, true, subject);
    if (value.indexOf('\0') >= 0) {
      throw invalid(subject, "a NUL, which no text has");
    }
    return value;
  }

  /** Writes the fields of a form or query, as {@link #fields} reads them. */
  public static String write(Map<String, String> fields) {
    StringJoiner form = new StringJoiner("&");
    fields.forEach((name, value) -> form.add(encode(name) + "=" + encode(value)));
    return form.toString();
  }

  /** Escapes a name or value. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Reads the pairs of a query or form, in order.
   *
   * @param text ASCII
   * @param subject what messages call it, such as {@code query}
   * @param taker takes each name and value; the next pair is not read before it has
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is no such text
   */
  public static void pairs(String text, String subject, BiConsumer<String, String> taker) {
    int end;
    for (int start = 0; start < text.length(); start = end + 1) {
      end = text.indexOf('&', start);
      end = end < 0 ? text.length() : end;
      String pair = text.substring(start, end);
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (name.isEmpty() || end == text.length() - 1) {
        throw invalid(subject, "a pair without a name");
      }
      taker.accept(
          decode(name, true, subject),
          equals < 0 ? "" : decode(pair.substring(equals + 1), true, subject));
    }
  }

  /**
   * Resolves escapes.
   *
   * @param text ASCII
   * @param plusIsSpace whether a plus sign stands for a space, as in queries and forms
   * @param subject what messages call it
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if an escape is none
   */
  public static String decode(String text, boolean plusIsSpace, String subject) {
    if (text.indexOf('%') < 0) {
      return plusIsSpace ? text.replace('+', ' ') : text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return decode(bytes, 0, bytes.length, plusIsSpace, subject);
  }

  /** Takes no more room than the text has, because nobody has shown anything yet. */
  private static String decode(byte[] text, int from, int to, boolean plusIsSpace, String subject) {
    byte[] bytes = new byte[to - from];
    int length = 0;
    boolean isAscii = true;
    for (int i = from; i < to; i++) {
      byte c = text[i];
      if (c == '%') {
        int high = i + 2 < to ? digit(text[i + 1]) : -1;
        int low = i + 2 < to ? digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
          throw invalid(subject, "a percent sign without two hexadecimal digits");
        }
        c = (byte) (high << 4 | low);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        c = ' ';
      }
      isAscii &= c >= 0;
      bytes[length++] = c;
    }
    if (isAscii) {
      return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
    String decoded = Given.utf8(Arrays.copyOf(bytes, length));
    if (decoded == null) {
      throw invalid(subject, "an escape that is not UTF-8");
    }
    return decoded;
  }

  private static int digit(byte c) {
    return c < 0 ? -1 : Character.digit(c, 16);
  }

  private static TaperException invalid(String subject, String what) {
    return new TaperException(
        ErrorCode.INVALID_REQUEST, "the " + subject + " of the request has " + what);
  }
}
