package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.Launcher;
import dev.taper.testing.FreePort;
import dev.taper.testing.Needed;
import dev.taper.testing.Page;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/console.md, run as they stand there, one after the other. */
class ConsoleDocumentTest {
  private static final Path PAGE = Path.of("..", "docs", "console.md");

  @Test
  void commands_ofThePage_work(@TempDir Path folder) throws Exception {
    Needed.programs("curl");
    Launcher.in(folder);
    String port = String.valueOf(FreePort.next());
    StringBuilder script = new StringBuilder("set -e\ntrap 'kill $(jobs -p)' EXIT\n");
    for (String line : Page.lines(PAGE, "sh", "sh-server")) {
      boolean isFirst = line.startsWith("./taper console") && !line.contains("--listen");
      String own =
          isFirst
              ? line.replace("./taper console", "./taper console --listen 127.0.0.1:" + port)
              : line;
      script.append(own.replace("127.0.0.1:8480", "127.0.0.1:" + port)).append('\n');
    }
    String text = script.toString();
    for (String other : List.of("8080", "8481", "8482", "8483")) {
      text = text.replace("127.0.0.1:" + other, "127.0.0.1:" + FreePort.next());
    }
    Process bash =
        new ProcessBuilder("bash", "-c", text)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(out)
        .as(Files.readString(folder.resolve("err")))
        .contains("taper console: ready at http://127.0.0.1:" + port)
        .contains("#link=")
        .contains("\"format\":\"taper/1 ask\"", "\"state\":\"open\"")
        .contains("\"code\":\"no_session\"");
    assertThat(Files.readString(folder.resolve("index.html"))).contains("/main.mjs");
    assertThat(Files.readString(folder.resolve("err")))
        .as("no secret in a log")
        .doesNotContain(out.replaceFirst("(?s).*#link=", "").substring(0, 43));
  }
}
