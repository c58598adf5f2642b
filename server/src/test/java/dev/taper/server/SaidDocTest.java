package dev.taper.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.agent.decision.VerifierHealth;
import dev.taper.agent.decision.VerifierHealth.Ending;
import dev.taper.agent.decision.VerifierHealth.Ending.Kind;
import dev.taper.operations.doctor.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever a process says is wrong has a row in docs/operating.md, and nothing else has. */
class SaidDocTest {
  private static final Path ROOT = Path.of("..");
  private static final String HEADING = "## What a process says\n";
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  /** The codes that stand in the code as they are said. */
  private static final List<Pattern> CODES =
      List.of(
          Pattern.compile("Reason\\(\\s*\"([a-z_]+)\""),
          Pattern.compile("report\\s*\\.(?:doubtful|wrong)\\(\\s*\"([a-z_]+)\""),
          Pattern.compile("String (?:CODE|MISSING) = \"([a-z_]+)\""),
          Pattern.compile("OperationException\\.refused\\(\\s*\"([a-z_]+)\""));

  private static final Pattern ERROR = Pattern.compile("(?:Error|Denial)Code\\.([A-Z_]+)");

  /** Where what is said is made. */
  private static final List<String> PLACES =
      List.of(
          "operations/src/main/java/dev/taper/operations/doctor",
          "operations/src/main/java/dev/taper/operations/config/ConfigProbes.java",
          "operations/src/main/java/dev/taper/operations/config/HeapNeed.java",
          "operations/src/main/java/dev/taper/operations/config/NotShared.java",
          "cli/src/main/java/dev/taper/cli/doctor",
          "server/src/main/java/dev/taper/server");

  private static List<Path> sources(String place) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static Set<String> inCode() throws IOException {
    Set<String> codes = new TreeSet<>();
    for (String place : PLACES) {
      boolean isServer = place.startsWith("server");
      for (Path file : sources(place)) {
        String text = Files.readString(file);
        for (Pattern pattern : isServer ? CODES.subList(0, 1) : CODES) {
          pattern.matcher(text).results().forEach(found -> codes.add(found.group(1)));
        }
      }
    }
    for (String name : List.of("VerifierHealth", "Behind", "Listeners")) {
      Path file = ROOT.resolve("engine/src/main/java/dev/taper/agent/decision/" + name + ".java");
      Matcher code = ERROR.matcher(Files.readString(file));
      while (code.find()) {
        codes.add(code.group(1).toLowerCase(Locale.ROOT));
      }
    }
    // No reasons: a call without time, a store's name for a look-up, and what two begin with.
    codes.removeAll(Set.of("timeout", "revocation_memory", "revocations_"));
    codes.addAll(Set.of("revocations_stale", "revocations_unavailable", "io", "usage", "draining"));
    return codes;
  }

  /** What the first cells say, and whole rows. */
  private static Map<String, String> rows() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/operating.md"));
    String section = page.substring(page.indexOf(HEADING) + HEADING.length());
    Map<String, String> rows = new LinkedHashMap<>();
    for (String line : section.substring(0, section.indexOf("\n## ")).lines().toList()) {
      if (line.startsWith("| `")) {
        String[] cells = line.split(" \\| ", -1);
        assertThat(cells).as(line).hasSize(4);
        Matcher said = Pattern.compile("`([^`]+)`").matcher(cells[0]);
        while (said.find()) {
          assertThat(rows.put(said.group(1), line)).as("twice: " + said.group(1)).isNull();
        }
      }
    }
    return rows;
  }

  private static boolean isCode(String said) {
    return said.matches("[a-z_]+");
  }

  @Test
  void codes_ofTheProgram_areThoseOfTheTable() throws IOException {
    Set<String> documented = new TreeSet<>(rows().keySet());
    documented.removeIf(said -> !isCode(said));

    assertThat(documented).isEqualTo(inCode());
  }

  /** Sentences as they are really said; those that only sources can show are quoted from there. */
  private static List<String> sentences() throws IOException {
    List<String> said = new ArrayList<>();
    for (Kind kind : List.of(Kind.STORE, Kind.UPSTREAM, Kind.PROVIDER, Kind.LIST_SERVER)) {
      said.addAll(Ending.warnings(Ending.ofPeer(kind, "https://a.example", NOON), NOON));
      said.addAll(
          Ending.warnings(Ending.ofPeer(kind, "https://a.example", NOON), NOON.minusSeconds(1)));
    }
    said.addAll(
        Ending.warnings(
            List.of(
                new Ending(Kind.ROOT_KEY, "root key 3", NOON),
                new Ending(Kind.LISTENER, "a certificate of the listener at 127.0.0.1:1", NOON)),
            NOON.minusSeconds(1)));
    said.add(String.valueOf(new VerifierHealth.Alone(NOON, 3, 2, true).warning()));
    said.add(String.valueOf(new VerifierHealth.Alone(NOON, 3, 2, false).warning()));
    FailureLog.Failure failure = new FailureLog.Failure("io", "why", NOON);
    for (boolean isReachable : List.of(true, false)) {
      said.add(
          new VerifierHealth.Store(
                  "the log", ErrorCode.AUDIT_UNAVAILABLE, isReachable, 1, failure, 1, Duration.ZERO)
              .trouble());
    }
    said.add(String.valueOf(new Descriptors(119, 150).words(512)));
    for (String quoted :
        List.of(
            "engine/src/main/java/dev/taper/agent/decision/ClockWatch.java:the clock jumped ",
            "engine/src/main/java/dev/taper/agent/decision/VerifierHealth.java: is not used as it is now, but"
                + " as it was at ",
            "engine/src/main/java/dev/taper/agent/decision/VerifierHealth.java:; it can be relied on until ",
            "server/src/main/java/dev/taper/server/serve/lists/ListsRole.java:the revocation list"
                + " should be newer",
            "server/src/main/java/dev/taper/server/serve/lists/Publication.java:the last revocation"
                + " list could not be published",
            "operations/src/main/java/dev/taper/operations/config/HeapNeed.java: MiB, and what is"
                + " configured takes up to ",
            "operations/src/main/java/dev/taper/operations/config/NotShared.java:name places that"
                + " they share, or run one process")) {
      String file = quoted.substring(0, quoted.indexOf(':'));
      String words = quoted.substring(file.length() + 1);
      String source = Files.readString(ROOT.resolve(file)).replaceAll("\"\\s*\\+ \"", "");
      assertThat(source).contains(words);
      said.add(words);
    }
    return said;
  }

  private static boolean fits(String row, String sentence) {
    String pattern =
        Stream.of(row.split("…", -1)).map(Pattern::quote).reduce((a, b) -> a + ".*" + b).orElse("");
    return sentence.matches(pattern) || row.contains(sentence);
  }

  @Test
  void sentences_ofTheProgram_haveARowAndRowsASentence() throws IOException {
    Set<String> rows = new TreeSet<>(rows().keySet());
    rows.removeIf(SaidDocTest::isCode);
    Set<String> unsaid = new TreeSet<>(rows);
    for (String sentence : sentences()) {
      List<String> fitting = rows.stream().filter(row -> fits(row, sentence)).toList();
      assertThat(fitting).as(sentence).isNotEmpty();
      unsaid.removeAll(fitting);
    }

    assertThat(unsaid).as("rows for what nobody says").isEmpty();
  }
}
