package dev.taper.server.issuer.enrol;

import dev.taper.Nearest;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.config.Times;
import dev.taper.server.process.FileReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Which workloads enrol themselves, as an operator writes it: one JSON object of format {@code
 * taper/1 workloads}, as docs/login.md has it. Read strictly.
 */
public final class WorkloadText {
  private static final String FORMAT = "taper/1 workloads";
  private static final int MAX_BYTES = 64 * 1024;
  private static final int SHOWN = 80;
  private static final List<String> MEMBERS =
      List.of("issuer", "audience", "subject", "name", "life");

  private WorkloadText() {}

  /**
   * Reads a file.
   *
   * @throws OperationException {@code io} if it cannot be read, {@code config_exposed} if somebody
   *     else can change it, {@code usage} if it is no such file
   */
  public static List<WorkloadRule> load(Path file) {
    TaperConfig.requireOwn(file);
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw wrong("it is longer than " + MAX_BYTES + " bytes");
      }
      return read(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw FileReason.unreadable(file, e);
    }
  }

  /**
   * Reads a text.
   *
   * @throws OperationException {@code usage} if it is no such text
   */
  public static List<WorkloadRule> read(String json) {
    try {
      SortedMap<String, String> members = CanonicalJson.membersOfDocument(json);
      String format = CanonicalJson.string(members.getOrDefault("format", "0"), "format");
      String workloads = members.get("workloads");
      if (!FORMAT.equals(format) || workloads == null || members.size() != 2) {
        throw wrong("it has the format " + FORMAT + " and workloads, and nothing else");
      }
      List<WorkloadRule> rules = new ArrayList<>();
      for (String element : CanonicalJson.elements(workloads)) {
        rules.add(rule(CanonicalJson.membersOfDocument(element)));
      }
      return List.copyOf(rules);
    } catch (TaperException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static WorkloadRule rule(SortedMap<String, String> members) {
    for (String name : members.keySet()) {
      if (!MEMBERS.contains(name)) {
        throw wrong(
            "a workload has no member " + ShownText.of(name, SHOWN) + Nearest.hint(name, MEMBERS));
      }
    }
    return new WorkloadRule(
        text(members, "issuer"),
        text(members, "audience"),
        text(members, "subject"),
        text(members, "name"),
        Times.parseDuration(text(members, "life")));
  }

  private static String text(SortedMap<String, String> members, String name) {
    String json = members.get(name);
    if (json == null) {
      throw wrong("a workload has no " + name);
    }
    return CanonicalJson.string(json, name);
  }

  private static OperationException wrong(String why) {
    return OperationException.usage("no file of workloads: " + why);
  }
}
