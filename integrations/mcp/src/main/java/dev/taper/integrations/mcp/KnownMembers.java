package dev.taper.integrations.mcp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The members that revisions name in messages which nobody judges. Such a message is written anew
 * from them, so that nothing else goes on beside them. Pure.
 */
public final class KnownMembers {
  /** The names of {@code _meta} that go on; everything else in there is dropped. */
  public static final Set<String> META =
      Set.of(
          "progressToken",
          "traceparent",
          "tracestate",
          "baggage",
          "io.modelcontextprotocol/protocolVersion",
          "io.modelcontextprotocol/clientCapabilities",
          "io.modelcontextprotocol/clientInfo",
          "io.modelcontextprotocol/serverInfo",
          "io.modelcontextprotocol/logLevel",
          "io.modelcontextprotocol/subscriptionId");

  private static final Map<String, Set<String>> PARAMS =
      table(
          "initialize: protocolVersion capabilities clientInfo",
          "server/discover:",
          "ping:",
          "logging/setLevel: level",
          "sampling/createMessage: messages modelPreferences systemPrompt includeContext temperature"
              + " maxTokens stopSequences metadata tools toolChoice",
          "elicitation/create: mode message requestedSchema elicitationId url",
          "notifications/initialized:",
          "notifications/cancelled: requestId reason",
          "notifications/progress: progressToken progress total message",
          "notifications/message: level logger data",
          "notifications/resources/updated: uri",
          "notifications/resources/list_changed:",
          "notifications/tools/list_changed:",
          "notifications/prompts/list_changed:",
          "notifications/elicitation/complete: elicitationId",
          "notifications/subscriptions/acknowledged: notifications");

  private static final Map<String, Set<String>> RESULTS =
      table(
          "initialize: protocolVersion capabilities serverInfo instructions",
          "server/discover: supportedVersions capabilities instructions resultType ttlMs cacheScope",
          "ping: resultType",
          "logging/setLevel:",
          "sampling/createMessage: role content model stopReason",
          "elicitation/create: action content");

  private KnownMembers() {}

  private static Map<String, Set<String>> table(String... rows) {
    Map<String, Set<String>> table = new TreeMap<>();
    for (String row : rows) {
      int colon = row.indexOf(':');
      String names = row.substring(colon + 1).strip();
      table.put(row.substring(0, colon), names.isEmpty() ? Set.of() : Set.of(names.split(" ", -1)));
    }
    return Map.copyOf(table);
  }

  /** True if a message of a method is written anew from what is known. */
  public static boolean has(String method) {
    return PARAMS.containsKey(method);
  }

  /**
   * The known parameters of a message.
   *
   * @param method one that {@linkplain #has is known}
   * @return null if there were none, or none is left
   */
  public static @Nullable Map<String, @Nullable Object> ofParams(
      String method, @Nullable Map<String, @Nullable Object> params) {
    if (params == null) {
      return null;
    }
    Map<String, @Nullable Object> known = known(PARAMS, method, params);
    return known.isEmpty() ? null : known;
  }

  /**
   * The known parameters of what a server asks its client, without those of what is not open.
   *
   * @param method as for {@link #ofParams}
   * @param isOpen whether a part of sampling is open: {@code tools}, {@code context}
   * @return null if there were none, or none is left
   */
  public static @Nullable Map<String, @Nullable Object> ofQuestion(
      String method, @Nullable Map<String, @Nullable Object> params, Predicate<String> isOpen) {
    Map<String, @Nullable Object> known = ofParams(method, params);
    if (known == null) {
      return null;
    }
    if (method.equals("sampling/createMessage")) {
      if (!isOpen.test("tools")) {
        known.keySet().removeAll(List.of("tools", "toolChoice"));
      }
      if (!isOpen.test("context") && !"none".equals(known.get("includeContext"))) {
        known.remove("includeContext");
      }
    } else if (method.equals("elicitation/create")) {
      boolean isByUrl = "url".equals(known.get("mode"));
      known
          .keySet()
          .removeAll(isByUrl ? List.of("requestedSchema") : List.of("url", "elicitationId"));
    }
    return known.isEmpty() ? null : known;
  }

  /** The known members of a result; all of another method's. */
  public static Map<String, @Nullable Object> ofResult(
      String method, Map<String, @Nullable Object> result) {
    return RESULTS.containsKey(method) ? known(RESULTS, method, result) : result;
  }

  private static Map<String, @Nullable Object> known(
      Map<String, Set<String>> table, String method, Map<String, @Nullable Object> given) {
    Set<String> names = table.get(method);
    if (names == null) {
      throw new IllegalStateException("not known: " + method);
    }
    Map<String, @Nullable Object> known = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          if (names.contains(name)) {
            known.put(name, value);
          }
        });
    Map<String, @Nullable Object> meta = meta(given);
    if (!meta.isEmpty()) {
      known.put(McpMeta.MEMBER, meta);
    }
    return known;
  }

  /** What of {@code _meta} goes on; empty if nothing does. */
  public static Map<String, @Nullable Object> meta(Map<String, @Nullable Object> given) {
    Map<String, @Nullable Object> meta = new LinkedHashMap<>();
    if (given.get(McpMeta.MEMBER) instanceof Map<?, ?> members) {
      members.forEach(
          (name, value) -> {
            if (name instanceof String text && META.contains(text)) {
              meta.put(text, value);
            }
          });
    }
    return meta;
  }
}
