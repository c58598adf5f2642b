package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.AgentToken;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation of delegation shows must work when it is pasted. */
class DelegationDocTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "delegation.md");

  @TempDir Path folder;

  private static List<String> block(String language) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("```")) {
        inside = line.equals("```" + language);
      } else if (inside) {
        lines.add(line);
      }
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  @Test
  void commandLines_afterTheirPreparation_tellTheStory() throws IOException {
    List<String> script = new ArrayList<>(block("sh-before"));
    List<String> story = block("sh");
    script.addAll(story);
    script.replaceAll(line -> line.replaceFirst("^\\./taper ", "taper "));
    Cli cli = new Cli(folder);

    String last = "";
    for (List<String> call : Shell.taperCalls(folder, script)) {
      last = cli.ok(call.toArray(new String[0]));
    }

    assertThat(story).hasSize(5);
    assertThat(last).startsWith("ALLOWED  svc:jira allows jira.search");
  }

  @Test
  void javaLines_compiledAndRun_allowTheCall() throws Exception {
    String source =
        """
        import dev.taper.agent.*;
        import dev.taper.agent.request.*;
        import dev.taper.crypto.*;
        import java.time.Duration;

        public final class Pasted implements java.util.concurrent.Callable<Boolean> {
          public Boolean call() {
            PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
            PrivateKey plannerKey = PrivateKey.generate(Algorithm.ED25519);
            PrivateKey researcherKey = PrivateKey.generate(Algorithm.SECP256R1);
        %s
            return decision.allowed();
          }
        }
        """
            .formatted(String.join("\n", block("java")));
    Path file = Files.writeString(folder.resolve("Pasted.java"), source, StandardCharsets.UTF_8);

    Path engine =
        Path.of(AgentToken.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                folder.toString(),
                "-cp",
                engine.toString(),
                file.toString());
    assertThat(status).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      Object pasted = loader.loadClass("Pasted").getDeclaredConstructor().newInstance();

      assertThat(((Callable<?>) pasted).call()).isEqualTo(true);
    }
  }
}
