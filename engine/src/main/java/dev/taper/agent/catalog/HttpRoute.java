package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import java.util.ArrayList;
import java.util.List;

/**
 * The method and path by which a tool is called over HTTP. Immutable and thread-safe.
 *
 * @param method in capital letters
 * @param path such as {@code /projects/{project}/issues}: a segment is literal, as it is sent, or
 *     names an argument
 */
public record HttpRoute(String method, String path) {
  private static final String ORIGIN = "https://service.example";

  /**
   * Checks that a request can take it.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a brace stands elsewhere than
   *     around a whole segment, or there is a query; {@link ErrorCode#INVALID_REQUEST} or {@link
   *     ErrorCode#AMBIGUOUS_PATH} if no request has such a method or path
   */
  public HttpRoute {
    StringBuilder literal = new StringBuilder();
    for (String segment : segments(path)) {
      boolean named = isNamed(segment);
      String inner = named ? segment.substring(1, segment.length() - 1) : segment;
      if (inner.indexOf('{') >= 0 || inner.indexOf('}') >= 0 || (named && inner.isEmpty())) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "in a route braces stand around the name of a whole segment");
      }
      literal.append('/').append(named ? "x" : segment);
    }
    String target = path.startsWith("/") ? literal.toString() : path;
    SentHttp.of(method, ORIGIN, target);
    if (target.indexOf('?') >= 0) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a route has no query");
    }
    HttpRules.path(target);
  }

  /** The segments of the path. */
  List<String> segments() {
    return segments(path);
  }

  /** The arguments that the path names. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (String segment : segments()) {
      if (isNamed(segment)) {
        names.add(name(segment));
      }
    }
    return names;
  }

  /** The segments of a path. */
  static List<String> segments(String path) {
    return List.of((path.isEmpty() ? path : path.substring(1)).split("/", -1));
  }

  /** True for a segment that names an argument. */
  static boolean isNamed(String segment) {
    return segment.length() > 1 && segment.startsWith("{") && segment.endsWith("}");
  }

  /** The argument that a segment names. */
  static String name(String segment) {
    return segment.substring(1, segment.length() - 1);
  }
}
