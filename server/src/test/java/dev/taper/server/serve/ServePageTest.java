package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.Launcher;
import dev.taper.testing.FreePort;
import dev.taper.testing.Needed;
import dev.taper.testing.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/serve.md, run as they stand there, one after the other. */
class ServePageTest {
  private static final Path PAGE = Page.of("serve.md");

  static List<String> commands(Path page) throws IOException {
    return Page.lines(page, "sh", "sh-server");
  }

  @Test
  void commands_ofThePage_work(@TempDir Path folder) throws Exception {
    Needed.programs("curl");
    Launcher.in(folder);
    StringBuilder script = new StringBuilder("set -e\ntrap 'kill $(jobs -p)' EXIT\n");
    for (String line : commands(PAGE)) {
      script.append(line).append("\n");
    }
    String text = script.toString();
    Matcher ports = Pattern.compile("127[.]0[.]0[.]1:(8280|8290|8380|8480)").matcher(text);
    StringBuilder free = new StringBuilder();
    Map<String, Integer> chosen = new TreeMap<>();
    while (ports.find()) {
      if (!chosen.containsKey(ports.group(1))) {
        chosen.put(ports.group(1), FreePort.next());
      }
      ports.appendReplacement(free, "127.0.0.1:" + chosen.get(ports.group(1)));
    }
    ports.appendTail(free);
    assertThat(chosen).hasSize(4);
    Process bash =
        new ProcessBuilder("bash", "-c", free.toString())
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(out)
        .as(Files.readString(folder.resolve("err")))
        .contains("{\"allowed\":true,\"decision\":{")
        .contains("ETag: \"")
        .contains("ed25519/")
        .contains("a statement comes by POST")
        .containsPattern("→ agent:researcher .*\n.* delegated by agent:planner: jira.search");
    assertThat(Files.size(folder.resolve("list.bin"))).isPositive();
  }
}
