package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who follows README in a checkout does not commit keys by accident. */
class IgnoredFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern WRITTEN = Pattern.compile("(?:--out|>) ([^ ;\\n]+)");

  @Test
  void readme_filesThatItsCommandsWrite_areIgnored() throws IOException {
    Set<String> written = new TreeSet<>();
    Matcher matcher = WRITTEN.matcher(commands());
    while (matcher.find()) {
      String name = matcher.group(1);
      written.add(name);
      written.add(name.replace(".key", ".pub")); // keygen writes both
    }
    List<PathMatcher> ignored =
        Files.readAllLines(ROOT.resolve(".gitignore")).stream()
            .filter(line -> line.startsWith("/"))
            .map(line -> FileSystems.getDefault().getPathMatcher("glob:" + line.substring(1)))
            .toList();

    assertThat(written).contains("$who.key", "$who.pub", "planner.token", "proof.txt");
    assertThat(written)
        .allSatisfy(
            name -> assertThat(ignored).as(name).anyMatch(glob -> glob.matches(Path.of(name))));
  }

  private static String commands() throws IOException {
    StringBuilder commands = new StringBuilder();
    for (String line : Files.readAllLines(ROOT.resolve("README.md"))) {
      if (line.startsWith("./taper ") || line.startsWith("echo ") || line.startsWith("for ")) {
        commands.append(line).append('\n');
      }
    }
    return commands.toString();
  }
}
