package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What changes files or tables has a test that lets each of its calls fail, or a reason. */
class WritersTest {
  private static final String LIST = "writers.txt";

  /** What changes files or tables. */
  private static final Pattern CHANGES =
      Pattern.compile(
          "StandardOpenOption\\.(WRITE|CREATE|APPEND|TRUNCATE)"
              + "|Files\\.(write|newOutputStream|newBufferedWriter|create|move\\(|delete|copy\\("
              + "|setPosix)|WholeFile\\.(replace|create|rename|delete|forceFolder)\\("
              + "|SecretFile\\.(create|replace|makeFolder)\\("
              + "|FileOutputStream|RandomAccessFile|executeUpdate\\(|executeBatch\\("
              + "|\\.truncate\\(|\"(INSERT|UPDATE|DELETE) ");

  private static final Pattern ENUMERATES = Pattern.compile("(Faults|database)\\.enumerate\\(");

  @Test
  void writers_ofTheMainCode_haveATestOrAReason() throws IOException {
    assertThat(MainCode.with(CHANGES)).isEqualTo(MainCode.listed(LIST).keySet());
  }

  @Test
  void tests_ofWriters_letEachCallFail() throws IOException {
    Map<String, Path> tests = MainCode.tests();
    for (Map.Entry<String, String> writer : MainCode.listed(LIST).entrySet()) {
      String what = writer.getValue();
      if (what.startsWith("- ")) {
        assertThat(what).hasSizeGreaterThan(5);
      } else {
        assertThat(tests).containsKey(what);
        assertThat(Files.readString(tests.get(what))).containsPattern(ENUMERATES);
        // A test of another module may not come to it.
        String file = "src/main/java/" + writer.getKey().replace('.', '/') + ".java";
        Path module = Path.of(String.valueOf(tests.get(what)).replaceAll("/src/test/java/.*", ""));
        assertThat(module.resolve(file)).as("of the module of " + what).exists();
      }
    }
  }
}
