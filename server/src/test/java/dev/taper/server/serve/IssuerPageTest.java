package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.Launcher;
import dev.taper.testing.FreePort;
import dev.taper.testing.Needed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/issuer.md, run as they stand there, one after the other. */
class IssuerPageTest {
  private static final Path PAGE = Path.of("..", "docs", "issuer.md");
  private static final Path EXAMPLE = Path.of("..", "examples", "issuer");

  @Test
  void commands_ofThePage_work(@TempDir Path folder) throws Exception {
    Needed.programs("curl");
    Launcher.in(folder);
    try (Stream<Path> files = Files.list(EXAMPLE)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            folder.resolve(String.valueOf(file.getFileName())),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    List<String> commands = ServePageTest.commands(PAGE);
    assertThat(commands).hasSize(6);
    String port = String.valueOf(FreePort.next());
    Path yaml = folder.resolve("issuer.yaml");
    Files.writeString(yaml, Files.readString(yaml).replace("8480", port));
    String script =
        "set -e\ntrap 'kill $(jobs -p)' EXIT\n"
            + String.join("\n", commands).replace("8480", port)
            + "\n";
    Process bash =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(out)
        .as(Files.readString(folder.resolve("err")))
        .contains("\"issuer\":\"http://127.0.0.1:" + port + "\"")
        .contains("\"authorization_details_types_supported\":[\"taper_grant\"]")
        .contains("\"code\":\"invalid_request\"");
  }
}
