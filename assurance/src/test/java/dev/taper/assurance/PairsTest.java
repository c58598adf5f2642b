package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What one command writes another reads: a reader with a limit has a writer with the same. */
class PairsTest {
  private static final String LIST = "pairs.txt";

  /** How much a reader reads at most. */
  private static final Pattern LIMIT =
      Pattern.compile(
          "static final (int|long) [A-Z_]*MAX_(BYTES|CHARS|CHARACTERS|LENGTH|TEXT|TOKEN|DOCUMENT"
              + "|REQUEST|APPROVAL|CONTENT|ANSWER|ASK|KEYS|ENTRIES|LINES)\\b");

  private static final Pattern WRITES_WITHIN =
      Pattern.compile("(WholeFile\\.replace|SecretFile\\.(create|replace))\\([^;]*, MAX_BYTES\\);");

  @Test
  void readers_withALimit_haveAWriterWithTheSame() throws IOException {
    Set<String> readers = new TreeSet<>(MainCode.with(LIMIT));
    readers.retainAll(MainCode.listed("readers.txt").keySet());

    assertThat(readers).isEqualTo(MainCode.listed(LIST).keySet());
  }

  @Test
  void tests_ofPairs_areThere() throws IOException {
    Map<String, Path> tests = MainCode.tests();
    Set<String> within = MainCode.with(WRITES_WITHIN);
    for (Map.Entry<String, String> pair : MainCode.listed(LIST).entrySet()) {
      String what = pair.getValue();
      if (what.equals("itself")) {
        assertThat(within).contains(pair.getKey());
      } else if (what.startsWith("- ")) {
        assertThat(what).hasSizeGreaterThan(5);
      } else {
        String[] test = what.split("\\.", -1);
        assertThat(tests).containsKey(test[0]);
        assertThat(Files.readString(tests.get(test[0])))
            .contains(test.length == 1 ? "@Test" : "void " + test[1] + "(");
      }
    }
  }
}
