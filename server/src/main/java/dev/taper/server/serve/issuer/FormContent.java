package dev.taper.server.serve.issuer;

import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.issuer.ExchangeException.OauthError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a form, read strictly: each name once, percent-encoded UTF-8, bounded. A
 * parameter without a value is as if it was not there (RFC 6749, 3.2). Immutable and thread-safe.
 */
public final class FormContent {
  /** The most bytes of a form. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int MAX_PARAMETERS = 64;

  private final Map<String, String> parameters;

  private FormContent(Map<String, String> parameters) {
    this.parameters = Collections.unmodifiableMap(parameters);
  }

  /**
   * Reads a form.
   *
   * @param content {@code application/x-www-form-urlencoded}
   * @throws ExchangeException {@link OauthError#INVALID_REQUEST}
   */
  public static FormContent read(byte[] content) throws ExchangeException {
    if (content.length > MAX_BYTES) {
      throw invalid("the form has more than " + MAX_BYTES + " bytes");
    }
    Map<String, String> parameters = new HashMap<>();
    int start = 0;
    int count = 0;
    for (int i = 0; i <= content.length; i++) {
      if (i < content.length && content[i] != '&') {
        continue;
      }
      if (i > start) {
        if (++count > MAX_PARAMETERS) {
          throw invalid("the form has more than " + MAX_PARAMETERS + " parameters");
        }
        add(parameters, content, start, i);
      }
      start = i + 1;
    }
    parameters.values().removeIf(String::isEmpty);
    return new FormContent(parameters);
  }

  private static void add(Map<String, String> parameters, byte[] content, int start, int end)
      throws ExchangeException {
    int equals = start;
    while (equals < end && content[equals] != '=') {
      equals++;
    }
    String name = text(content, start, equals);
    String value = equals == end ? "" : text(content, equals + 1, end);
    if (parameters.put(name, value) != null) {
      throw invalid("a parameter is there twice");
    }
  }

  private static String text(byte[] content, int start, int end) throws ExchangeException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - start);
    for (int i = start; i < end; i++) {
      byte each = content[i];
      if (each == '%') {
        int high = i + 2 < end ? Character.digit(content[i + 1], 16) : -1;
        int low = i + 2 < end ? Character.digit(content[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw invalid("a percent sign stands before something else than two digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(each == '+' ? ' ' : each);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid("the form is not UTF-8");
    }
  }

  /** The value of a parameter; null if there is none. */
  public @Nullable String optional(String name) {
    return parameters.get(name);
  }

  /**
   * The value of a parameter that must be there.
   *
   * @throws ExchangeException {@link OauthError#INVALID_REQUEST}
   */
  public String needed(String name) throws ExchangeException {
    String value = parameters.get(name);
    if (value == null) {
      throw invalid(name + " is missing");
    }
    return value;
  }

  /** All parameters. */
  public Map<String, String> all() {
    return parameters;
  }

  static ExchangeException invalid(String why) {
    return new ExchangeException(OauthError.INVALID_REQUEST, "invalid_request", why);
  }

  /** How many there are; values are nobody's business. */
  @Override
  public String toString() {
    return "FormContent(" + parameters.size() + ")";
  }
}
