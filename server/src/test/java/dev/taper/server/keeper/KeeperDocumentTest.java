package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.PublicKey;
import dev.taper.server.Launcher;
import dev.taper.testing.Needed;
import dev.taper.testing.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/keeper.md shows works when it is pasted, in an empty folder, with real processes. */
class KeeperDocumentTest {
  private static final Path PAGE = Path.of("../docs/keeper.md");

  @TempDir Path folder;

  private Path program(String name, String text) throws Exception {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void page_pasted_works() throws Exception {
    Needed.programs("node", "python3");
    Launcher.in(folder);
    Files.copy(Path.of("../clients/node/taper.mjs"), folder.resolve("taper.mjs"));
    Files.copy(Path.of("../clients/python/taper.py"), folder.resolve("taper.py"));
    List<String> shell = Page.blocks(PAGE, "sh-server");
    assertThat(shell).hasSize(3);
    String js = Page.blocks(PAGE, "js").get(0);
    String python = Page.blocks(PAGE, "python").get(0);
    // The root key is there only once the page has made it.
    program(
        "all.sh",
        "set -eu\ntrap 'kill $! 2>/dev/null || true' EXIT\n"
            + shell.get(0)
            + "keeper=$!\n"
            + shell.get(1)
            + "touch ready; while [ ! -e origin ]; do sleep 0.1; done\n"
            + "sed \"s|https://jira.example.com|$(cat origin)|\" shown.mjs >agent.mjs\n"
            + "sed \"s|https://jira.example.com|$(cat origin)|\" shown.py >agent.py\n"
            + "node agent.mjs\npython3 -B agent.py\n"
            + shell.get(2)
            + "kill $keeper; wait $keeper || true\n");
    Files.writeString(folder.resolve("shown.mjs"), js);
    Files.writeString(folder.resolve("shown.py"), python);

    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "all.sh")
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(Map.of("TAPER_KEEPER", folder.resolve("run/k.sock").toString()));
    Process pasted = builder.start();
    GuardedService service = null;
    try {
      while (pasted.isAlive() && !Files.exists(folder.resolve("ready"))) {
        Thread.sleep(50);
      }
      assertThat(pasted.isAlive()).as(Files.readString(err)).isTrue();
      PublicKey root = PublicKey.load(folder.resolve("root.pub"));
      service = GuardedService.start(root, Clock.systemUTC());
      Files.writeString(folder.resolve("origin.tmp"), service.origin);
      Files.move(folder.resolve("origin.tmp"), folder.resolve("origin"));
      assertThat(pasted.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      pasted.descendants().forEach(ProcessHandle::destroyForcibly);
      pasted.destroyForcibly();
      if (service != null) {
        service.close();
      }
    }
    assertThat(pasted.exitValue()).as(Files.readString(err)).isZero();
    assertThat(Files.readString(out))
        .contains("200 {\"done\":true}")
        .contains("200 b'{\"done\":true}'")
        .contains("token  planner  agent:planner  for user:alice@acme.com, task T-4711");
  }
}
