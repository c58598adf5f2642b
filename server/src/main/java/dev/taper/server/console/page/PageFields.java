package dev.taper.server.console.page;

import dev.taper.integrations.http.HttpAnswer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of all that is answered to the console's pages: they load, send and run nothing but
 * their own, are framed by nobody and kept by no cache.
 */
public final class PageFields {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'none'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'";

  private static final Map<String, String> STRICT =
      Map.of(
          "Content-Security-Policy", POLICY,
          "X-Frame-Options", "DENY",
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
          "Cache-Control", "no-store");

  private PageFields() {}

  /** An answer with these fields in place of its own. */
  public static HttpAnswer strict(HttpAnswer answer) {
    Map<String, String> fields = new LinkedHashMap<>(answer.fields());
    fields.remove("WWW-Authenticate"); // a browser would ask for a password
    fields.putAll(STRICT);
    return new HttpAnswer(answer.status(), fields, answer.content());
  }
}
