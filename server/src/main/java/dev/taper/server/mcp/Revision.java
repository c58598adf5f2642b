package dev.taper.server.mcp;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
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

  private final String text;
  private final Set<String> requests;
  private final Set<String> notifications;
  private final Set<String> serverRequests;
  private final Set<String> serverNotifications;

  Revision(String text) {
    this.text = text;
    // An enum's constructor sees no constants of its own, so the texts are compared: they sort.
    boolean stateless = since(text, "2026-07-28");
    boolean tasks = since(text, "2025-11-25") && !stateless;
    Set<String> known =
        set(
            "tools/list tools/call resources/list resources/templates/list resources/read"
                + " prompts/list prompts/get completion/complete");
    Set<String> asked = new HashSet<>();
    Set<String> told =
        set(
            "notifications/cancelled notifications/progress notifications/message"
                + " notifications/resources/updated notifications/resources/list_changed"
                + " notifications/tools/list_changed notifications/prompts/list_changed");
    Set<String> tells = set("notifications/cancelled");
    if (stateless) {
      known.addAll(set("server/discover subscriptions/listen"));
      told.add("notifications/subscriptions/acknowledged");
    } else {
      known.addAll(
          set("initialize ping logging/setLevel resources/subscribe resources/unsubscribe"));
      tells.addAll(
          set("notifications/initialized notifications/progress notifications/roots/list_changed"));
      asked.addAll(set("ping sampling/createMessage roots/list"));
    }
    if (since(text, "2025-06-18") && !stateless) {
      asked.add("elicitation/create");
    }
    if (tasks) {
      Set<String> ofTasks = set("tasks/get tasks/result tasks/cancel tasks/list");
      known.addAll(ofTasks);
      asked.addAll(ofTasks);
      tells.add("notifications/tasks/status");
      told.addAll(set("notifications/tasks/status notifications/elicitation/complete"));
    }
    this.requests = Set.copyOf(known);
    this.notifications = Set.copyOf(tells);
    this.serverRequests = Set.copyOf(asked);
    this.serverNotifications = Set.copyOf(told);
  }

  private static boolean since(String text, String first) {
    return text.compareTo(first) >= 0;
  }

  private static Set<String> set(String words) {
    return new HashSet<>(Arrays.asList(words.split(" ")));
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
    return Stream.of(values())
        .map(Revision::text)
        .sorted((a, b) -> b.compareTo(a))
        .toList();
  }

  /** True if its requests stand alone, without a session. */
  public boolean isStateless() {
    return this == V2026_07_28;
  }

  /** True if a client may ask it. */
  public boolean hasRequest(String method) {
    return requests.contains(method);
  }

  /** True if a client may tell it. */
  public boolean hasNotification(String method) {
    return notifications.contains(method);
  }

  /** True if a server may ask it of a client. */
  public boolean hasServerRequest(String method) {
    return serverRequests.contains(method);
  }

  /** True if a server may tell it. */
  public boolean hasServerNotification(String method) {
    return serverNotifications.contains(method);
  }
}
