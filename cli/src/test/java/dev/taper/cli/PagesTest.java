package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.RealBrowser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pages in a real browser, at three widths, in light and dark; {@code TAPER_PICTURES} names a
 * folder for pictures of them. Without Chromium or what {@code operations/src/test/node/install}
 * installs the tests are skipped, and fail where everything has to be there.
 */
class PagesTest {
  private static final int MINUTES = 20;

  @TempDir Path folder;

  @BeforeAll
  static void demand() {
    RealBrowser.demand();
  }

  @Test
  void pages_longNamesManyCallsHostileTexts_canBeReadAndUsed() throws Exception {
    List<String> names = new SamplePages(folder).write();

    assertThat(faults(names)).isEmpty();
  }

  @Test
  void faults_brokenPage_areFound() throws Exception {
    Files.writeString(
        folder.resolve("broken.html"),
        """
        <!doctype html><html lang="en"><head><title>broken</title></head><body><main>
        <h1>broken</h1><h3 id="a">a</h3><p id="a" style="width: 2000px; color: #bbb">pale</p>
        <a href="#b">nowhere</a><input><script>document.title = 'owned'; fail();</script>
        </main></body></html>
        """);

    assertThat(String.join("\n", faults(List.of("broken"))))
        .contains("the page scrolls sideways", "color-contrast", "critical label")
        .contains("two places have the name a", "a link leads to #b", "level 3 follows one of 1")
        .contains("a text from outside ran", "the browser says ReferenceError");
  }

  private List<String> faults(List<String> names) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", "src/test/node/pages.mjs"));
    command.add(folder.toString());
    command.addAll(names);
    String pictures = System.getenv("TAPER_PICTURES");
    if (pictures != null) {
      command.addAll(List.of("--shots", pictures));
    }
    Path output = folder.resolve("faults.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    return Files.readAllLines(output);
  }
}
