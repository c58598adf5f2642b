package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.SentHttp;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What no request may have, because some servers read another request from it. Thread-safe. */
final class HttpRules {
  private static final Set<String> METHOD_FIELDS =
      Set.of("x-http-method-override", "x-http-method", "x-method-override");

  /** The member of forms and queries by which frameworks change the method. */
  static final String METHOD_MEMBER = "_method";

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Pattern JSON = Pattern.compile("application/(?:json|[a-z0-9.-]+\\+json)");
  private static final Set<String> UTF_8 = Set.of("charset=utf-8", "charset=\"utf-8\"");

  private HttpRules() {}

  /**
   * True for a header field that changes the method: a request with it must be refused. Some
   * servers read an underscore in its name as a hyphen.
   */
  public static boolean overridesMethod(String field) {
    return METHOD_FIELDS.contains(SentHttp.foldedName(field));
  }

  /**
   * Checks a path, or what of it stands in a catalog. Behind a semicolon many servers read
   * parameters, and drop them before they look for what handles the path: {@code /a/b;c} would be
   * another segment for the catalog, and {@code /a/b} for them.
   *
   * @throws TaperException {@link ErrorCode#AMBIGUOUS_PATH} if it breaks the rules of paths, or has
   *     a semicolon
   */
  static String path(String path) {
    if (path.indexOf(';') >= 0) {
      throw new TaperException(
          ErrorCode.AMBIGUOUS_PATH,
          "the path holds a semicolon, behind which servers read parameters of a segment");
    }
    return Canonical.path(path);
  }

  /** How a content is to be read. */
  enum Content {
    JSON,
    FORM,
    OTHER
  }

  /**
   * The kind of a content type.
   *
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it has parameters that change how
   *     it is read
   */
  static Content kind(@Nullable String contentType) {
    if (contentType == null) {
      return Content.OTHER;
    }
    if (contentType.equals("application/json")) { // nearly always
      return Content.JSON;
    }
    String type = type(contentType);
    Content kind =
        type.equals(FORM)
            ? Content.FORM
            : JSON.matcher(type).matches() ? Content.JSON : Content.OTHER;
    int end = contentType.indexOf(';');
    String parameter = contentType.substring(end + 1).strip().toLowerCase(Locale.ROOT);
    if (kind != Content.OTHER && end >= 0 && !UTF_8.contains(parameter)) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST,
          "the content type has a parameter other than the character set UTF-8");
    }
    return kind;
  }

  /**
   * True for a form, whatever its parameters. Where the content is one opaque argument, a form
   * would be more: servers mix its pairs with those of the query, {@link #METHOD_MEMBER} included.
   */
  static boolean isForm(@Nullable String contentType) {
    return contentType != null && type(contentType).equals(FORM);
  }

  /** The type alone, in lower case. */
  private static String type(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
