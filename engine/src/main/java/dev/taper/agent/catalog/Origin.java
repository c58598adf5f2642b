package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One origin under which clients dial a service. Immutable and thread-safe.
 *
 * @param origin scheme, host and port in their one spelling; its first label may name an argument,
 *     as in <code>https://{tenant}.example.com</code>
 * @param prefix what a proxy takes away from the start of paths, such as {@code /jira}; or empty
 */
public record Origin(String origin, String prefix) {
  private static final Pattern NAMED = Pattern.compile("(https?://)\\{([^{}]+)}(\\..+)");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  /**
   * Checks that a client can dial it.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the prefix does not start with a
   *     slash, or ends with one, or a brace stands elsewhere than around the first label; {@link
   *     ErrorCode#INVALID_REQUEST}, {@link ErrorCode#AMBIGUOUS_URL} or {@link
   *     ErrorCode#AMBIGUOUS_PATH} if it has another spelling
   */
  public Origin {
    if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "a prefix of paths starts with a slash and does not end with one");
    }
    var named = NAMED.matcher(origin);
    boolean matches = named.matches();
    if (origin.indexOf('{') >= 0 && !matches) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT, "in an origin braces stand around its first label");
    }
    SentHttp.of("GET", matches ? named.group(1) + "x" + named.group(3) : origin, prefix + "/");
    if (prefix.indexOf('?') >= 0) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a prefix of paths has no query");
    }
    HttpRules.path(prefix + "/");
  }

  /** The argument that the first label names; null if it is a label like others. */
  @Nullable String argument() {
    var named = NAMED.matcher(origin);
    return named.matches() ? named.group(2) : null;
  }

  /** The label that a dialled origin has where this one names an argument; null if none fits. */
  @Nullable String label(String dialled) {
    var named = NAMED.matcher(origin);
    if (!named.matches()) {
      return origin.equals(dialled) ? "" : null;
    }
    String start = named.group(1);
    String end = named.group(3);
    if (!dialled.startsWith(start)
        || !dialled.endsWith(end)
        || dialled.length() <= start.length() + end.length()) {
      return null;
    }
    String label = dialled.substring(start.length(), dialled.length() - end.length());
    return LABEL.matcher(label).matches() ? label : null;
  }
}
