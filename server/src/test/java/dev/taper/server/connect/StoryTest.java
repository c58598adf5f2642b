package dev.taper.server.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.Launcher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story of {@code ./taper demo --mcp}, told with this build and the packages of these tests.
 */
class StoryTest {
  private static final Path STORY = Path.of("..", "examples", "mcp-demo");

  @TempDir private Path folder;

  @Test
  void story_isAsExpected() throws Exception {
    Node.demand();
    Path story = Files.createDirectory(folder.resolve("story"));
    for (String name : new String[] {"story.mjs", "stage.mjs", "agent.mjs", "package.json"}) {
      Files.copy(STORY.resolve(name), story.resolve(name));
    }
    Path packages = story.resolve("node_modules");
    Files.createSymbolicLink(packages, Path.of(Node.script("node_modules")).toRealPath());
    Path printed = folder.resolve("printed");
    Process node =
        new ProcessBuilder(
                "node", story.resolve("story.mjs").toString(), Launcher.in(folder).toString())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();

    boolean isOver = node.waitFor(10, TimeUnit.MINUTES);
    node.destroy();
    Files.delete(packages);

    String text = Files.readString(printed, StandardCharsets.UTF_8);
    assertThat(isOver).as(text).isTrue();
    assertThat(node.exitValue()).as(text).isZero();
    assertThat(text).contains("As expected.").doesNotContain("UNEXPECTED");
  }
}
