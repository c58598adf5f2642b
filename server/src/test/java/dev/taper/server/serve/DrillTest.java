package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.Launcher;
import dev.taper.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The drill of docs/incident.md at a small size: real commands, a service in a process of its own,
 * and what that answers. That each step ended as it must, the script says; here, that it took all
 * of them, and that it notices a fault.
 */
class DrillTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern STEP = Pattern.compile("([a-z-]+) ([a-z-]+) [0-9]+[.][0-9]{2} s");
  private static final Pattern INCIDENT = Pattern.compile("(?m)^## (?:A )?(.+)$");
  private static final String WENT = "The drill went as it must.";

  @TempDir Path folder;

  private record Ended(int exit, String out, String err) {}

  private Ended drill(Path taper, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                ROOT.resolve("benchmarks/oncall/drill").toString(),
                "--small",
                "--taper",
                taper.toString(),
                "--class-path",
                ChildJvm.classPath()));
    command.addAll(List.of(options));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder script =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    script.environment().merge("PATH", java, (path, first) -> first + ":" + path);
    Process running = script.start();
    boolean ended = running.waitFor(10, TimeUnit.MINUTES);
    running.destroy();
    assertThat(ended).as(Files.readString(out) + Files.readString(err)).isTrue();
    return new Ended(running.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** The incidents that the page is about. */
  private static Set<String> incidents() throws Exception {
    Set<String> incidents = new TreeSet<>();
    Matcher headings = INCIDENT.matcher(Files.readString(ROOT.resolve("docs/incident.md")));
    while (headings.find()) {
      incidents.add(headings.group(1).toLowerCase(Locale.ROOT).replace(' ', '-'));
    }
    incidents.remove("the-drill");
    return incidents;
  }

  @Test
  void drill_small_takesEveryStepOfEveryIncidentOfThePage() throws Exception {
    Launcher.in(folder);

    Ended ended = drill(folder.resolve("taper"));

    assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out()).endsWith("\n" + WENT + "\n");
    Map<String, Set<String>> steps = new TreeMap<>();
    for (String line : ended.out().lines().toList()) {
      Matcher step = STEP.matcher(line);
      assertThat(step.matches() || line.equals(WENT)).as(line).isTrue();
      if (step.matches()) {
        steps.computeIfAbsent(step.group(1), each -> new TreeSet<>()).add(step.group(2));
      }
    }
    assertThat(steps.remove("before")).containsExactly("company", "service");
    assertThat(incidents()).hasSize(6);
    assertThat(steps.keySet()).isEqualTo(incidents());
    assertThat(steps.values())
        .allSatisfy(taken -> assertThat(taken).contains("stop", "in-force", "over"));
  }

  /** What is revoked in a list that no service looks at ends nothing, whatever the command says. */
  @Test
  void drill_revocationThatReachesNoService_saysSoAndFails() throws Exception {
    Launcher.in(folder);
    Path lossy = folder.resolve("lossy");
    Files.writeString(
        lossy,
        "#!/bin/sh\nif [ \"$1\" = revoke ]; then set -- \"$@\" --revocations elsewhere.list; fi\n"
            + "exec '"
            + folder.resolve("taper")
            + "' \"$@\"\n");
    Files.setPosixFilePermissions(lossy, PosixFilePermissions.fromString("rwxr-xr-x"));

    Ended ended = drill(lossy, "--patience", "2", "leaked-agent-keys");

    assertThat(ended.exit()).as(ended.out() + ended.err()).isEqualTo(1);
    assertThat(ended.out()).contains("leaked-agent-keys stop ").doesNotContain(WENT, "in-force");
    assertThat(ended.err())
        .contains("leaked-agent-keys: the service still answers allowed to a0-bob a0 search")
        .endsWith("The drill did not go as it must.\n");
  }
}
