package dev.taper.agent.catalog;

import dev.taper.UrlEncoded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP routes of a catalog, taken apart once: a request costs one comparison with each route of
 * its method and length. Filled while the catalog is made, then only read.
 */
final class HttpRoutes {
  private final Map<String, List<Route>> byMethodAndLength = new HashMap<>();

  private record Route(CatalogTool tool, List<String> segments) {
    boolean matches(List<String> path) {
      for (int i = 0; i < path.size(); i++) {
        String given = path.get(i);
        boolean named = CatalogTool.HttpRoute.isNamed(segments.get(i));
        if (named ? given.isEmpty() : !given.equals(segments.get(i))) {
          return false;
        }
      }
      return true;
    }

    /** True if it is to be taken before another that matches too: it is literal earlier. */
    boolean before(Route other) {
      for (int i = 0; i < segments.size(); i++) {
        boolean named = CatalogTool.HttpRoute.isNamed(segments.get(i));
        if (named != CatalogTool.HttpRoute.isNamed(other.segments.get(i))) {
          return !named;
        }
      }
      return false;
    }

    Map<String, String> arguments(List<String> path) {
      Map<String, String> arguments = new LinkedHashMap<>();
      for (int i = 0; i < path.size(); i++) {
        if (CatalogTool.HttpRoute.isNamed(segments.get(i))) {
          arguments.put(
              CatalogTool.HttpRoute.name(segments.get(i)),
              UrlEncoded.decode(path.get(i), false, "path"));
        }
      }
      return arguments;
    }
  }

  /**
   * A route that a request takes.
   *
   * @param arguments what its path holds, decoded
   */
  record Taken(CatalogTool tool, Map<String, String> arguments) {}

  /** Adds the route of a tool, which must have one; two of one shape are for others to find. */
  void add(CatalogTool tool, CatalogTool.HttpRoute route) {
    List<String> segments = route.segments();
    byMethodAndLength
        .computeIfAbsent(key(route.method(), segments), key -> new ArrayList<>())
        .add(new Route(tool, segments));
  }

  /** What all routes have in common that match the same requests. */
  static String shape(CatalogTool.HttpRoute route) {
    StringBuilder shape = new StringBuilder(route.method());
    for (String segment : route.segments()) {
      shape.append('/').append(CatalogTool.HttpRoute.isNamed(segment) ? "{}" : segment);
    }
    return shape.toString();
  }

  /** The route that a request takes; null if there is none. */
  @Nullable Taken find(String method, String path) {
    List<String> segments = CatalogTool.HttpRoute.segments(path);
    Route best = null;
    for (Route route : byMethodAndLength.getOrDefault(key(method, segments), List.of())) {
      if (route.matches(segments) && (best == null || route.before(best))) {
        best = route;
      }
    }
    return best == null ? null : new Taken(best.tool(), best.arguments(segments));
  }

  private static String key(String method, List<String> segments) {
    return method + " " + segments.size();
  }
}
