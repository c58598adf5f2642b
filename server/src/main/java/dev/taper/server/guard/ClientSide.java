package dev.taper.server.guard;

import dev.taper.integrations.mcp.KnownMembers;
import dev.taper.operations.config.ClientAccess;
import dev.taper.server.mcp.Revision;
import dev.taper.server.mcp.RpcMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the server of a session gets from its client: what the operator opened, of that what the
 * client can do, and nothing else. Roots and pings the guard answers itself. Thread-safe.
 */
final class ClientSide {
  static final String URL = "url";
  private static final String FORM = "form";
  private static final String ROOTS = "roots";
  private static final String SAMPLING = "sampling";
  private static final String ELICITATION = "elicitation";
  private static final List<String> OF_SAMPLING = List.of("context", "tools");

  private final ClientAccess access;
  private volatile Map<String, @Nullable Object> given = Map.of();

  /** A client's side, before its session begins. */
  ClientSide(ClientAccess access) {
    this.access = access;
  }

  /**
   * What the server is told that its client can do.
   *
   * @param asked the revision that the client wants; null if it is none that is known
   * @param able what the client says that it can do
   */
  Map<String, @Nullable Object> begin(
      @Nullable Revision asked, Map<String, @Nullable Object> able) {
    Map<String, @Nullable Object> told = new TreeMap<>();
    if (!access.roots().isEmpty()) {
      told.put(ROOTS, Map.of());
    }
    if (access.sampling() && able.get(SAMPLING) instanceof Map<?, ?> sampling) {
      told.put(SAMPLING, hasWays(asked) ? only(sampling, OF_SAMPLING) : Map.of());
    }
    if (able.get(ELICITATION) instanceof Map<?, ?> asking) {
      Map<String, Object> ways = ways(asking);
      if (hasWays(asked) && !ways.isEmpty()) {
        told.put(ELICITATION, ways);
      } else if (ways.containsKey(FORM)) {
        told.put(ELICITATION, Map.of());
      }
    }
    told.keySet().removeIf(name -> asked == null || !asked.hasClientCapability(name));
    given = told;
    return told;
  }

  private static boolean hasWays(@Nullable Revision asked) {
    return asked != null && asked.hasWaysOfAsking();
  }

  /** A client that names no way asks by a form. */
  private Map<String, Object> ways(Map<?, ?> able) {
    Map<String, Object> ways = new LinkedHashMap<>();
    if (access.elicitation().contains(FORM) && (able.containsKey(FORM) || !able.containsKey(URL))) {
      ways.put(FORM, Map.of());
    }
    if (access.elicitation().contains(URL) && able.containsKey(URL)) {
      ways.put(URL, Map.of());
    }
    return ways;
  }

  private static Map<String, Object> only(Map<?, ?> given, List<String> names) {
    Map<String, Object> only = new LinkedHashMap<>();
    names.stream().filter(given::containsKey).forEach(name -> only.put(name, Map.of()));
    return only;
  }

  /** True if the server was told that the client's person can be asked in a way. */
  boolean isOpen(String way) {
    if (!(given.get(ELICITATION) instanceof Map<?, ?> ways)) {
      return false;
    }
    return ways.isEmpty() ? way.equals(FORM) : ways.containsKey(way);
  }

  /**
   * What becomes of a server's request.
   *
   * @return the request as it goes on, or the answer; null if it is closed
   */
  @Nullable RpcMessage request(RpcMessage.Request request) {
    boolean goesOn =
        switch (request.method()) {
          case "sampling/createMessage" -> given.containsKey(SAMPLING);
          case "elicitation/create" -> isOpen(way(request));
          default -> false;
        };
    if (goesOn) {
      return new RpcMessage.Request(
          request.id(),
          request.method(),
          KnownMembers.ofQuestion(request.method(), request.params(), this::isOpenInSampling));
    }
    return switch (request.method()) {
      case "ping" -> new RpcMessage.Result(request.id(), Map.of());
      case "roots/list" ->
          given.containsKey(ROOTS) ? new RpcMessage.Result(request.id(), roots()) : null;
      default -> null;
    };
  }

  private boolean isOpenInSampling(String part) {
    return given.get(SAMPLING) instanceof Map<?, ?> parts && parts.containsKey(part);
  }

  private static String way(RpcMessage.Request request) {
    Object mode = request.params() == null ? null : request.params().get("mode");
    return mode == null ? FORM : String.valueOf(mode);
  }

  private Map<String, @Nullable Object> roots() {
    return Map.of(ROOTS, access.roots().stream().map(uri -> Map.of("uri", uri)).toList());
  }
}
