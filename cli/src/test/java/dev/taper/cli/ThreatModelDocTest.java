package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each threat has what stops it, what is left, and tests that are there. */
class ThreatModelDocTest {
  private static final Pattern SHOWN =
      Pattern.compile("`(?:([A-Za-z0-9]+Test)#(\\w+)|((?:\\.ci|dist)/[a-z-]+))`");

  private static final Pattern ANNOTATION = Pattern.compile("@(Test|ParameterizedTest)\\b");

  @Test
  void threats_ofTheTables_haveTestsThatAreThere() throws IOException {
    Map<String, List<String>> tests = tests();
    for (List<String> threat : threats()) {
      String[] shown = threat.get(4).split(", ", -1);
      assertThat(shown).as(threat.get(0)).isNotEmpty();
      for (String name : shown) {
        Matcher named = SHOWN.matcher(name);
        assertThat(named.matches()).as(threat.get(0) + ": " + name).isTrue();
        if (named.group(3) != null) {
          assertThat(PastedDocument.ROOT.resolve(named.group(3))).isExecutable();
        } else {
          assertThat(tests).containsKey(named.group(1));
          assertThat(tests.get(named.group(1)))
              .as(name)
              .anyMatch(source -> isTest(source, named.group(2)));
        }
      }
    }
  }

  @Test
  void threats_ofEachActor_sayWhatStopsThemAndWhatIsLeft() throws IOException {
    List<String> ids = new ArrayList<>();
    for (List<String> threat : threats()) {
      assertThat(threat).as(threat.get(0)).hasSize(5).noneMatch(String::isEmpty);
      ids.add(threat.get(0));
    }
    assertThat(ids).doesNotHaveDuplicates();

    List<String> lines = document().lines();
    int actors = 0;
    for (String line : lines) {
      Matcher actor = Pattern.compile("\\| \\[([a-z -]+)\\]\\(#([a-z-]+)\\) \\|.*").matcher(line);
      if (actor.matches()) {
        actors++;
        String heading = "## " + actor.group(1).substring(0, 1).toUpperCase(Locale.ROOT);
        assertThat(actor.group(2)).isEqualTo(actor.group(1).replace(' ', '-'));
        int section = lines.indexOf(heading + actor.group(1).substring(1));
        assertThat(section).as(line).isPositive();
        assertThat(lines.get(section + 4)).as(line).matches("\\| [A-Z]1 \\|.*");
      }
    }
    assertThat(actors).isEqualTo(9);
  }

  /** Whether a source has a method of that name which is a test, and is not switched off. */
  private static boolean isTest(String source, String method) {
    Matcher named = Pattern.compile("\\bvoid " + method + "\\(").matcher(source);
    if (!named.find()) {
      return false;
    }
    String before = source.substring(0, named.start());
    String own = before.substring(before.lastIndexOf("\n\n") + 1);
    return ANNOTATION.matcher(own).find() && !source.contains("@Disabled"); // its class can be, too
  }

  /** The sources of all tests, by the names of their classes. */
  private static Map<String, List<String>> tests() throws IOException {
    Map<String, List<String>> tests = new HashMap<>();
    Matcher module =
        Pattern.compile("<module>([^<]+)</module>")
            .matcher(Files.readString(PastedDocument.ROOT.resolve("pom.xml")));
    while (module.find()) {
      Path folder = PastedDocument.ROOT.resolve(module.group(1)).resolve("src/test/java");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
            String name = file.getFileName().toString().replace(".java", "");
            tests.computeIfAbsent(name, any -> new ArrayList<>()).add(Files.readString(file));
          }
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(100);
    return tests;
  }

  private static PastedDocument document() {
    return new PastedDocument("threat-model.md", PastedDocument.ROOT);
  }

  /** The cells of all threats. */
  private static List<List<String>> threats() throws IOException {
    List<List<String>> threats = new ArrayList<>();
    for (String line : document().lines()) {
      if (line.matches("\\| [A-Z][0-9]+ \\|.*")) {
        threats.add(
            Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList());
      }
    }
    assertThat(threats).hasSizeGreaterThan(50);
    return threats;
  }
}
