package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The method and path by which a tool is called over HTTP. Immutable and thread-safe.
 *
 * @param method in capital letters
 * @param path such as {@code /projects/{project}/issues}: a segment is literal, or names an
 *     argument
 */
public record HttpRoute(String method, String path) {
  /**
   * Checks the path.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it does not start with a slash, or
   *     a brace stands elsewhere than around a whole segment; {@link ErrorCode#AMBIGUOUS_PATH}
   */
  public HttpRoute {
    if (!path.startsWith("/")) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a route starts with '/'");
    }
    for (String segment : segments(path)) {
      boolean named = isNamed(segment);
      String inner = named ? segment.substring(1, segment.length() - 1) : segment;
      if (inner.indexOf('{') >= 0 || inner.indexOf('}') >= 0 || (named && inner.isEmpty())) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "in a route braces stand around the name of a whole segment");
      }
    }
    Canonical.path(path.replace('{', '_').replace('}', '_'));
  }

  /** The arguments that the path names. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (String segment : segments(path)) {
      if (isNamed(segment)) {
        names.add(segment.substring(1, segment.length() - 1));
      }
    }
    return names;
  }

  /** The arguments that a path holds, decoded; null if it is not this route. */
  @Nullable Map<String, String> match(String actual) {
    List<String> expected = segments(path);
    List<String> given = segments(actual);
    if (expected.size() != given.size()) {
      return null;
    }
    Map<String, String> arguments = new LinkedHashMap<>();
    for (int i = 0; i < given.size(); i++) {
      String segment = expected.get(i);
      if (isNamed(segment)) {
        if (given.get(i).isEmpty()) {
          return null;
        }
        arguments.put(
            segment.substring(1, segment.length() - 1), UrlEncoded.decode(given.get(i), false));
      } else if (!segment.equals(given.get(i))) {
        return null;
      }
    }
    return arguments;
  }

  /** True if this route is to be taken before another that matches too: it is literal earlier. */
  boolean before(HttpRoute other) {
    List<String> mine = segments(path);
    List<String> others = segments(other.path);
    for (int i = 0; i < Math.min(mine.size(), others.size()); i++) {
      if (isNamed(mine.get(i)) != isNamed(others.get(i))) {
        return isNamed(others.get(i));
      }
    }
    return false;
  }

  /** True if both match the same paths. */
  boolean sameAs(HttpRoute other) {
    return method.equals(other.method) && shape().equals(other.shape());
  }

  private String shape() {
    StringBuilder shape = new StringBuilder();
    for (String segment : segments(path)) {
      shape.append('/').append(isNamed(segment) ? "{}" : segment);
    }
    return shape.toString();
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  private static boolean isNamed(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }
}
