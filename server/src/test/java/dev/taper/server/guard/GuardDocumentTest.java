package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.server.Launcher;
import dev.taper.testing.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What docs/guard.md tells to run runs, and it names every option and every code. */
class GuardDocumentTest {
  @TempDir Path folder;

  private static String page() throws IOException {
    return Files.readString(Path.of("../docs/guard.md"));
  }

  /** A program in the folder, which stands for one that a reader has. */
  private void program(String name, String line) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + line + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void blocks_run() throws Exception {
    Node.demand();
    Launcher.in(folder);
    program("npx", "shift 2; exec node '" + Node.main("server-filesystem") + "' \"$@\"");
    program("COMMAND", "exec npx -y any files");

    List<String> outputs = new ArrayList<>();
    for (String block : Page.blocks(Page.of("guard.md"), "sh-server")) {
      outputs.add(run(untilReady(block)));
    }

    assertThat(outputs).hasSize(3);
    assertThat(outputs.get(0)).contains("public key:  root.pub");
    assertThat(outputs.get(1)).contains("drafted", "taper mcp guard: ready at http://127.0.0.1:");
    assertThat(outputs.get(2)).contains("drafted", " 0 findings", " 0 pinned");
  }

  /** A guard runs until it is stopped; here, until it is ready. */
  private static String untilReady(String block) {
    return block
        .replace("127.0.0.1:8080", "127.0.0.1:0")
        .replaceAll(
            "(?m)^(./taper mcp guard .*)$",
            "$1 >ready & until grep -s ready ready; do kill -0 \\$! && sleep 0.1; done; kill \\$!");
  }

  private String run(String block) throws Exception {
    Path output = folder.resolve("output.txt");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-e", "-c", block)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
    Process process = shell.start();
    process.getOutputStream().close();
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }

  @Test
  void options_areAllNamed() throws Exception {
    String page = page();
    CommandLine guard = new CommandLine(new GuardCommand());
    Stream<String> options =
        guard.getCommandSpec().options().stream()
            .map(option -> option.longestName())
            .filter(name -> !name.equals("--help") && !name.equals("--version"));
    assertThat(options.filter(name -> !page.contains(name))).isEmpty();
    assertThat(
            Stream.of(dev.taper.server.mcp.RpcFault.Code.values())
                .map(code -> "`" + code.text() + "`")
                .filter(code -> !page.contains(code)))
        .isEmpty();
  }
}
