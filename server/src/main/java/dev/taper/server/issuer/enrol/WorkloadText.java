package dev.taper.server.issuer.enrol;

import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.Nearest;
import dev.taper.ShownText;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.config.Times;
import dev.taper.server.process.FileReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which workloads enrol themselves, as an operator writes it: one JSON object of format {@code
 * taper/1 workloads}, as docs/login.md has it. Read strictly.
 */
public final class WorkloadText {
  private static final String FORMAT = "taper/1 workloads";
  private static final int MAX_BYTES = 64 * 1024;
  private static final int SHOWN = 80;
  private static final int MAX_DEPTH = 4;
  private static final int MAX_NUMBER = 32;
  private static final JsonReader<OperationException> JSON =
      JsonReader.of(MAX_DEPTH, MAX_BYTES, MAX_NUMBER, (message, cause) -> wrong(message));
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
    JsonMembers<OperationException> all = JSON.read(json, "it");
    if (!FORMAT.equals(all.textIfAny("format"))
        || !all.has("workloads")
        || all.names().size() != 2) {
      throw wrong("it has the format " + FORMAT + " and workloads, and nothing else");
    }
    return all.objects("workloads").stream().map(WorkloadText::rule).toList();
  }

  private static WorkloadRule rule(JsonMembers<OperationException> members) {
    for (String name : members.names()) {
      if (!MEMBERS.contains(name)) {
        throw wrong(
            "a workload has no member " + ShownText.of(name, SHOWN) + Nearest.hint(name, MEMBERS));
      }
    }
    return new WorkloadRule(
        members.text("issuer"),
        members.text("audience"),
        members.text("subject"),
        members.text("name"),
        Times.parseDuration(members.text("life")));
  }

  private static OperationException wrong(String why) {
    return OperationException.usage("no file of workloads: " + why);
  }
}
