package dev.taper.server.mcp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A revision of MCP, with the methods that each side may send. */
public enum Revision {
  /** The first one. */
  V2024_11_05("2024-11-05"),
  /** With streamable HTTP. */
  V2025_03_26("2025-03-26"),
  /** With questions to people. */
  V2025_06_18("2025-06-18"),
  /** With tasks, as an experiment. */
  V2025_11_25("2025-11-25"),
  /** Without sessions: every request says all that a server needs to know. */
  V2026_07_28("2026-07-28");

  /** The revisions that have a method. */
  private record Span(Revision first, Revision last) {
    boolean has(Revision revision) {
      return first.compareTo(revision) <= 0 && last.compareTo(revision) >= 0;
    }
  }

  private static final Span ALWAYS = new Span(V2024_11_05, V2026_07_28);
  private static final Span SESSIONS = new Span(V2024_11_05, V2025_11_25);
  private static final Span QUESTIONS = new Span(V2025_06_18, V2025_11_25);
  private static final Span URLS = new Span(V2025_11_25, V2025_11_25);
  private static final Span ALONE = new Span(V2026_07_28, V2026_07_28);

  /** What revisions have, and nobody here carries: a server is told, and tells, of none of it. */
  private static final Set<String> NOT_CARRIED =
      Set.of(
          "tasks/get",
          "tasks/result",
          "tasks/cancel",
          "tasks/list",
          "notifications/tasks/status",
          "notifications/roots/list_changed");

  private static final Map<String, Span> REQUESTS =
      table(
          Map.of(
              ALWAYS,
              "tools/list tools/call resources/list resources/templates/list resources/read"
                  + " prompts/list prompts/get completion/complete",
              SESSIONS,
              "initialize ping logging/setLevel resources/subscribe resources/unsubscribe",
              ALONE,
              "server/discover subscriptions/listen"));

  private static final Map<String, Span> NOTIFICATIONS =
      table(
          Map.of(
              ALWAYS,
              "notifications/cancelled",
              SESSIONS,
              "notifications/initialized notifications/progress"));

  private static final Map<String, Span> SERVER_REQUESTS =
      table(
          Map.of(
              SESSIONS, "ping sampling/createMessage roots/list", QUESTIONS, "elicitation/create"));

  private static final Map<String, Span> SERVER_NOTIFICATIONS =
      table(
          Map.of(
              ALWAYS,
              "notifications/cancelled notifications/progress notifications/message"
                  + " notifications/resources/updated notifications/resources/list_changed"
                  + " notifications/tools/list_changed notifications/prompts/list_changed",
              URLS,
              "notifications/elicitation/complete",
              ALONE,
              "notifications/subscriptions/acknowledged"));

  /** What a server can say that it can do, and is carried. */
  private static final Map<String, Span> SERVER_CAPABILITIES =
      table(
          Map.of(
              ALWAYS,
              "tools resources prompts logging",
              new Span(V2025_03_26, V2026_07_28),
              "completions"));

  /** What a client can say that it can do, and is carried where the operator opened it. */
  private static final Map<String, Span> CLIENT_CAPABILITIES =
      table(Map.of(SESSIONS, "roots sampling", QUESTIONS, "elicitation"));

  private final String text;

  Revision(String text) {
    this.text = text;
  }

  private static Map<String, Span> table(Map<Span, String> methods) {
    Map<String, Span> table = new HashMap<>();
    methods.forEach(
        (span, words) -> {
          for (String word : words.split(" ", -1)) {
            table.put(word, span);
          }
        });
    return Map.copyOf(table);
  }

  /** The revision as messages name it. */
  public String text() {
    return text;
  }

  /** Finds a revision; null if it is none that is known here. */
  public static @Nullable Revision of(@Nullable Object text) {
    return Stream.of(values()).filter(r -> r.text.equals(text)).findFirst().orElse(null);
  }

  /** All that are known, the newest first, as messages name them. */
  public static List<String> texts() {
    return Stream.of(values()).map(Revision::text).sorted((a, b) -> b.compareTo(a)).toList();
  }

  /** True if its requests stand alone, without a session. */
  public boolean isStateless() {
    return this == V2026_07_28;
  }

  /** True for a method of some revision that is not carried, whatever a catalog says. */
  public static boolean isNotCarried(String method) {
    return NOT_CARRIED.contains(method);
  }

  /** True if a client may ask it. */
  public boolean hasRequest(String method) {
    return has(REQUESTS, method);
  }

  /** True if a client may tell it. */
  public boolean hasNotification(String method) {
    return has(NOTIFICATIONS, method);
  }

  /** True if a server may ask it of a client. */
  public boolean hasServerRequest(String method) {
    return has(SERVER_REQUESTS, method);
  }

  /** True if a server may tell it. */
  public boolean hasServerNotification(String method) {
    return has(SERVER_NOTIFICATIONS, method);
  }

  /** True if it is a capability of servers that is carried. */
  public boolean hasServerCapability(String name) {
    return has(SERVER_CAPABILITIES, name);
  }

  /** True if it is a capability of clients that is carried where it is opened. */
  public boolean hasClientCapability(String name) {
    return has(CLIENT_CAPABILITIES, name);
  }

  /** True if the ways of asking a person are told apart: by a form, or by a URL. */
  public boolean hasWaysOfAsking() {
    return URLS.has(this);
  }

  private boolean has(Map<String, Span> table, String method) {
    Span span = table.get(method);
    return span != null && span.has(this);
  }
}
