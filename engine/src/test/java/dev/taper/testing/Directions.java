package dev.taper.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directions table of docs/binding.md: what a protocol carries, and what becomes of it. Each row
 * has names in backticks in its second cell; one that ends with {@code *} stands for all that start
 * so. Every cell behind it begins with one of {@link #WORDS}, or names tests.
 */
public final class Directions {
  /** What can become of a thing. */
  public static final List<String> WORDS =
      List.of("judged", "refused", "opened", "rebuilt", "dropped", "left");

  private static final Path PAGE = Path.of("docs", "binding.md");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private final List<Row> rows;

  /**
   * One row.
   *
   * @param what what it is about
   * @param names the names in lower case, as they stand there
   * @param says the cells behind them
   */
  public record Row(String what, List<String> names, List<String> says) {}

  private Directions(List<Row> rows) {
    this.rows = rows;
  }

  /** The folder of the whole project. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(PAGE))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("there is no " + PAGE);
      }
    }
    return folder;
  }

  /** Reads the table under a heading. */
  public static Directions under(String heading) {
    List<Row> rows = new ArrayList<>();
    try {
      List<String> lines = Files.readAllLines(root().resolve(PAGE));
      int at = lines.indexOf(heading);
      if (at < 0) {
        throw new IllegalStateException(PAGE + " has no " + heading);
      }
      for (String line : lines.subList(at + 1, lines.size())) {
        if (line.startsWith("#")) {
          break;
        }
        if (line.startsWith("| ") && !line.startsWith("| what |") && !line.startsWith("| ---")) {
          rows.add(row(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Directions(List.copyOf(rows));
  }

  private static Row row(String line) {
    String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
    List<String> names =
        NAME.matcher(cells[1])
            .results()
            .map(found -> found.group(1).toLowerCase(Locale.ROOT))
            .toList();
    return new Row(cells[0], names, List.of(cells).subList(2, cells.length));
  }

  /** All rows. */
  public List<Row> rows() {
    return rows;
  }

  /** The rows that have a name as it is; or else those of which a name is the start of it. */
  public List<Row> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    List<Row> exact = rows.stream().filter(row -> row.names().contains(lower)).toList();
    return exact.isEmpty()
        ? rows.stream()
            .filter(row -> row.names().stream().anyMatch(one -> isStart(one, lower)))
            .toList()
        : exact;
  }

  private static boolean isStart(String pattern, String name) {
    return pattern.length() > 1
        && pattern.endsWith("*")
        && name.startsWith(pattern.substring(0, pattern.length() - 1));
  }

  /** What of the cells does not begin with one of the words. */
  public Stream<String> unknownWords() {
    return rows.stream()
        .flatMap(row -> row.says().stream())
        .filter(cell -> !cell.startsWith("`")) // a test
        .filter(cell -> WORDS.stream().noneMatch(word -> cell.matches(word + "\\b.*")));
  }

  /** The tests that a page's table names, such as {@code NginxTest#upload_isJudgedByItsDigest}. */
  public static List<String> testsNamedIn(Row row) {
    Matcher tests =
        Pattern.compile("`(\\w+Test|\\w+Contract)#(\\w+)`").matcher(row.says().toString());
    return tests.results().map(found -> found.group(1) + "#" + found.group(2)).toList();
  }
}
