package dev.taper.server.signin;

import dev.taper.integrations.http.IncomingRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cookies of requests and answers. All have the prefix that pins them to one host. */
final class Cookies {
  private Cookies() {}

  /** The value of a cookie; null if there is none, or more than one. */
  static @Nullable String value(IncomingRequest request, String name) {
    String found = null;
    for (String field : request.field("cookie")) {
      for (String pair : field.split(";", -1)) {
        String trimmed = pair.strip();
        if (trimmed.startsWith(name + "=")) {
          if (found != null) {
            return null;
          }
          found = trimmed.substring(name.length() + 1);
        }
      }
    }
    return found;
  }

  /** A cookie that the browser keeps until it is closed, and never lets pages read. */
  static String strict(String name, String value) {
    return name + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=Strict";
  }

  /** A cookie that also comes along when another site leads here. */
  static String lax(String name, String value, Duration life) {
    return name
        + "="
        + value
        + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age="
        + life.toSeconds();
  }

  /** Has the browser forget a cookie. */
  static String none(String name) {
    return name + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
  }
}
