package dev.taper.audit;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CallArguments;
import dev.taper.agent.call.ToolCall;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which arguments of calls a log's owner chose to record. Immutable and thread-safe. */
final class RecordedArguments {
  static final RecordedArguments NONE = new RecordedArguments(Map.of());

  private static final int MAX_NAMES = 256;

  private final Map<String, Set<String>> byTool;

  private RecordedArguments(Map<String, Set<String>> byTool) {
    this.byTool = byTool;
  }

  /**
   * Reads what is chosen.
   *
   * @param names each a tool, a dot and an argument of it, such as {@code jira.delete.id}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if one is none, or there are too many
   */
  static RecordedArguments of(Collection<String> names) {
    if (names.size() > MAX_NAMES) {
      throw invalid("at most " + MAX_NAMES + " arguments are chosen to be recorded");
    }
    Map<String, Set<String>> byTool = new HashMap<>();
    for (String name : names) {
      int dot = name.lastIndexOf('.');
      if (dot <= 0 || dot == name.length() - 1 || name.indexOf('*') >= 0) {
        throw invalid("an argument to record is a tool, a dot and the argument's name: " + name);
      }
      Set<String> ofTool =
          byTool.computeIfAbsent(name.substring(0, dot), unused -> new TreeSet<>());
      ofTool.add(name.substring(dot + 1));
      if (ofTool.size() > AuditEvent.Call.MAX_ARGUMENTS) {
        throw invalid(
            "at most " + AuditEvent.Call.MAX_ARGUMENTS + " arguments of a tool are recorded");
      }
    }
    return new RecordedArguments(byTool);
  }

  /** The call with its arguments' digest, and the arguments that are chosen. */
  AuditEvent.Call of(@Nullable String audience, ToolCall call) {
    Set<String> chosen = byTool.getOrDefault(call.tool(), Set.of());
    SortedMap<String, String> recorded = new TreeMap<>();
    CallArguments arguments = call.arguments();
    for (String name : chosen) {
      if (arguments.has(name)) {
        recorded.put(name, arguments.json(name));
      }
    }
    return new AuditEvent.Call(
        audience,
        call.tool(),
        call.operation(),
        call.resource(),
        HexFormat.of().formatHex(call.argumentsDigest()),
        recorded);
  }

  private static TaperException invalid(String why) {
    return new TaperException(ErrorCode.INVALID_ARGUMENT, why);
  }
}
