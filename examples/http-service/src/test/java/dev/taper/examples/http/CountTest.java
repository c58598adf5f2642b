package dev.taper.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples have no more lines of Taper than they may, as {@code examples/count} counts. */
class CountTest {
  private static final Path SCRIPT = Path.of("..", "count");

  @TempDir Path folder;

  private record Result(int exit, String output) {}

  private static Result run(Path script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", script.toString()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  /** Counts one file as an example of its own. */
  private Result count(int most, String code) throws IOException, InterruptedException {
    Path sources = Files.createDirectories(folder.resolve("one/src/main/java"));
    Files.writeString(sources.resolve("One.java"), code);
    Files.writeString(folder.resolve("one/pom.xml"), "<taper.lines>" + most + "</taper.lines>");
    return run(Files.writeString(folder.resolve("count"), Files.readString(SCRIPT)));
  }

  @Test
  void examples_all_haveNoMoreThanTheyMay() throws Exception {
    Result result = run(SCRIPT);

    assertThat(result.exit()).as(result.output()).isZero();
    for (String limit :
        List.of(
            "http-service 20",
            "spring-service 10",
            "mcp-server 10",
            "mcp-agent 15",
            "langchain4j-agent 15")) {
      String[] example = limit.split(" ", 2);
      assertThat(result.output())
          .containsPattern(example[0] + ": \\d+ lines of Taper, at most " + example[1] + ";");
    }
  }

  @Test
  void lines_ofStatementsThatNameTaper_areCounted() throws Exception {
    String code =
        """
        package one;

        import static dev.taper.agent.delegation.Issuer.of;

        import dev.taper.agent.decision.Verifier;
        import java.util.List;

        /** Verifier verifier; and nothing else. */
        final class One {
          private final Verifier verifier;
          private final String text = "a Verifier; // no comment";

          One(
              List<String> names,
              Verifier given) {
            verifier = given;
            System.out.println(names);
          }

          void use() {
            var decision =
                verifier
                    .decide(null)
                    .orElse(null);
            System.out.println(decision); // once
            of(null);
            int other = 1;
          }
        }
        """;
    assertThat(count(11, code))
        .isEqualTo(new Result(0, "one: 11 lines of Taper, at most 11; 19 in all\n"));
    assertThat(count(10, code).exit()).isEqualTo(1);
  }

  @Test
  void code_hiddenInAnotherExample_isRefused() throws Exception {
    String code = "import dev.taper.examples.hidden.Everything;\nclass One {}\n";

    assertThat(count(10, code).exit()).isEqualTo(1);
    assertThat(count(10, "import dev.taper.agent.*;\nclass One {}\n").exit()).isEqualTo(1);
  }
}
