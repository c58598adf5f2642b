package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/scale.md reckons is what its figures give, and these are the measured ones. */
class ScaleDocTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern FIGURE = Pattern.compile("\\| `([a-z0-9_-]+)` \\| ([0-9,.]+) \\|.*");
  private static final Pattern SIZE =
      Pattern.compile("\\| ([^|`]+) \\| ([0-9,]+) \\| (file|SQLite|PostgreSQL) \\|");
  private static final Pattern STEP =
      Pattern.compile("([a-z_]+) += ([a-z0-9_.*/() +-]+?)(?: += ([0-9.]+))?");

  private static String page() throws IOException {
    return Files.readString(DOCS.resolve("scale.md"));
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(",", ""));
  }

  @Test
  void figures_onThePage_areTheMeasuredOnes() throws IOException {
    String measured = Files.readString(Path.of("..", "benchmarks", "README.md"));
    int figures = 0;
    for (String line : page().lines().toList()) {
      Matcher figure = FIGURE.matcher(line);
      if (figure.matches()) {
        figures++;
        Matcher row =
            Pattern.compile("\\| `" + figure.group(1) + "`[^|]*\\| ([0-9,.]+)").matcher(measured);
        assertThat(row.find()).as(figure.group(1)).isTrue();
        assertThat(number(row.group(1))).as(line).isEqualTo(number(figure.group(2)));
      }
    }
    assertThat(figures).isGreaterThan(5);
  }

  @Test
  void sizes_onThePage_areThoseOfTheCapacity() throws IOException {
    List<String> capacity = Files.readAllLines(DOCS.resolve("capacity.md"));
    int sizes = 0;
    for (String line : page().lines().toList()) {
      Matcher size = SIZE.matcher(line);
      if (size.matches()) {
        sizes++;
        int column = List.of("file", "SQLite", "PostgreSQL").indexOf(size.group(3));
        assertThat(capacity)
            .filteredOn(row -> row.startsWith("| " + size.group(1) + " | "))
            .singleElement()
            .extracting(row -> row.split(" *\\| *", -1)[2 + column])
            .as(line)
            .isEqualTo(size.group(2));
      }
    }
    assertThat(sizes).isGreaterThan(3);
  }

  /** Each step is a name, what it is reckoned from, and the result as the page rounds it. */
  @Test
  void reckoning_ofThePage_comesOut() throws IOException {
    Map<String, Double> known = new HashMap<>();
    int steps = 0;
    String text = page();
    for (String block : text.split("```reckoning\n", -1)) {
      if (block.equals(text.substring(0, block.length()))) {
        continue; // what comes before the first block
      }
      for (String line : block.substring(0, block.indexOf("```")).lines().toList()) {
        if (!line.isBlank()) {
          Matcher step = STEP.matcher(line.strip());
          assertThat(step.matches()).as(line).isTrue();
          double value = new Reckoning(step.group(2), known).sum();
          known.put(step.group(1), value);
          if (step.group(3) != null) {
            steps++;
            assertThat(number(step.group(3))).as(line).isCloseTo(value, withinPercentage(1.5));
          }
        }
      }
    }
    assertThat(steps).isGreaterThan(10);
  }

  /** Numbers, names that are known, the four operations and parentheses. */
  private static final class Reckoning {
    private final List<String> words;
    private final Map<String, Double> known;
    private int at;

    Reckoning(String text, Map<String, Double> known) {
      this.words = List.of(text.replaceAll("([()*/+-])", " $1 ").strip().split(" +"));
      this.known = known;
    }

    double sum() {
      double value = product();
      while (at < words.size() && (words.get(at).equals("+") || words.get(at).equals("-"))) {
        value = words.get(at++).equals("+") ? value + product() : value - product();
      }
      return value;
    }

    private double product() {
      double value = one();
      while (at < words.size() && (words.get(at).equals("*") || words.get(at).equals("/"))) {
        value = words.get(at++).equals("*") ? value * one() : value / one();
      }
      return value;
    }

    private double one() {
      String word = words.get(at++);
      if (word.equals("(")) {
        double value = sum();
        assertThat(words.get(at++)).isEqualTo(")");
        return value;
      }
      Double value = known.get(word);
      return value == null ? Double.parseDouble(word) : value;
    }
  }
}
