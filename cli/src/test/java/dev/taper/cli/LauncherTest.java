package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher with a Maven and a Java that only write down how they were called. */
class LauncherTest {
  @TempDir Path folder;
  private Path root;
  private Path log;

  @BeforeEach
  void setUp() throws IOException {
    root = Files.createDirectory(folder.resolve("a checkout"));
    log = folder.resolve("log");
    Files.createFile(log);
    Files.copy(Path.of("..", "taper"), root.resolve("taper"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String module : List.of("engine", "policies", "cli", "other")) {
      Path sources = Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.writeString(sources.resolve("A.java"), "class A {}");
      Files.writeString(root.resolve(module).resolve("pom.xml"), "<project/>");
    }
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    script(
        "mvn",
        """
        sleep 0.2
        echo "[INFO] Building Taper engine 0.1.0                                    [2/4]"
        for pom in pom.xml engine/pom.xml policies/pom.xml cli/pom.xml; do
          echo "[INFO]   from $pom"
        done
        : > cli/target/taper.jar
        exit 0
        """);
    script(
        "java",
        """
        for arg; do
          case $arg in
            -Xshare:dump) dumps=yes;;
            -XX:SharedArchiveFile=*) archive=${arg#*=};;
            dev.taper.cli.Main) exit 7;;
          esac
        done
        if [ -n "${dumps:-}" ]; then echo x > "$archive"; fi
        exit 0
        """);
  }

  @Test
  void launch_firstUse_buildsRehearsesAndRuns() throws Exception {
    assertThat(launch("inspect", "a b")).isEqualTo(7);

    assertThat(calls()).containsExactly("mvn", "java Rehearsal", "java dump", "java inspect");
    assertThat(Files.readString(log))
        .contains("[-cp][" + root + "/cli/target/taper.jar][dev.taper.cli.Main][inspect][a b]")
        .contains("[-XX:SharedArchiveFile=" + root + "/cli/target/taper.jsa]")
        .contains("[-Dtaper.terminal=]");
    assertThat(root.resolve("cli/target/taper.lock")).doesNotExist();
  }

  @Test
  void launch_nothingChanged_onlyRuns() throws Exception {
    launch("seal");
    Files.writeString(log, "");

    launch("seal");

    assertThat(calls()).containsExactly("java seal");
  }

  @Test
  void launch_sourceChanged_buildsAgain() throws Exception {
    launch("seal");
    Files.writeString(log, "");
    FileTime later = FileTime.from(Instant.now().plusSeconds(5));
    Files.setLastModifiedTime(root.resolve("engine/src/main/A.java"), later);

    launch("seal");

    assertThat(calls()).startsWith("mvn").endsWith("java seal");
  }

  @Test
  void launch_build_showsWhatItBuilds() throws Exception {
    Process process = start("seal");
    String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(7);
    assertThat(shown)
        .contains("taper: building; the first time", "taper:   Taper engine 0.1.0 [2/4]");
  }

  /** What counts is what Maven built, whatever else the checkout holds. */
  @Test
  void launch_sourceOfAnotherModuleChanged_onlyRuns() throws Exception {
    launch("seal");
    Files.writeString(log, "");
    FileTime later = FileTime.from(Instant.now().plusSeconds(5));
    Files.setLastModifiedTime(root.resolve("other/src/main/A.java"), later);

    launch("seal");

    assertThat(calls()).containsExactly("java seal");
  }

  @Test
  void launch_sourceDeleted_buildsAgain() throws Exception {
    launch("seal");
    Files.writeString(log, "");
    Files.delete(root.resolve("policies/src/main/A.java"));
    FileTime later = FileTime.from(Instant.now().plusSeconds(5));
    Files.setLastModifiedTime(root.resolve("policies/src/main"), later);

    launch("seal");

    assertThat(calls()).startsWith("mvn").endsWith("java seal");
  }

  @Test
  void launch_mavenThatDoesNotNameModules_watchesAll() throws Exception {
    script("mvn", ": > cli/target/taper.jar");
    launch("seal");

    assertThat(Files.readAllLines(root.resolve("cli/target/taper.modules")))
        .containsExactlyInAnyOrder(
            "pom.xml", "engine/pom.xml", "policies/pom.xml", "cli/pom.xml", "other/pom.xml");
  }

  @Test
  void launch_otherJava_rehearsesAgain() throws Exception {
    launch("seal");
    Files.writeString(log, "");
    Files.writeString(
        folder.resolve("java"), Files.readString(folder.resolve("java")) + "# newer\n");

    launch("seal");

    assertThat(calls()).containsExactly("java Rehearsal", "java dump", "java seal");
  }

  /** The archive names the jar that it was made for. */
  @Test
  void launch_checkoutMoved_rehearsesAgain() throws Exception {
    launch("seal");
    Files.writeString(log, "");
    root = Files.move(root, folder.resolve("another place"));

    launch("seal");

    assertThat(calls()).containsExactly("java Rehearsal", "java dump", "java seal");
    assertThat(Files.readString(log))
        .contains("[-XX:SharedArchiveFile=" + root + "/cli/target/taper.jsa]");
  }

  @Test
  void launch_javaThatMakesNoArchive_isAskedOnceAndRunsWithout() throws Exception {
    script(
        "java",
        """
        for arg; do
          case $arg in
            -Xshare:dump) exit 1;;
            dev.taper.cli.Main) exit 7;;
          esac
        done
        """);
    assertThat(launch("seal")).isEqualTo(7);
    Files.writeString(log, "");

    assertThat(launch("seal")).isEqualTo(7);

    assertThat(calls()).containsExactly("java seal");
    assertThat(Files.readString(log)).doesNotContain("SharedArchiveFile");
  }

  @Test
  void launch_severalAtOnce_buildOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(start("seal"));
    }
    for (Process process : processes) {
      assertThat(process.waitFor()).isEqualTo(7);
    }

    assertThat(calls()).containsOnlyOnce("mvn", "java Rehearsal", "java dump").hasSize(7);
  }

  @Test
  void launch_lockOfADeadProcess_isTaken() throws Exception {
    Path lock = Files.createDirectories(root.resolve("cli/target/taper.lock"));
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.writeString(lock.resolve("pid"), dead.pid() + "\n");

    assertThat(launch("seal")).isEqualTo(7);
  }

  @Test
  void launch_buildFails_saysSo() throws Exception {
    script("mvn", "echo the reason; exit 1");

    Process process = start("seal");

    assertThat(process.waitFor()).isEqualTo(5);
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("the reason", "taper: the build failed");
    assertThat(root.resolve("cli/target/taper.lock")).doesNotExist();
  }

  private void buildsTheServer() throws IOException {
    script(
        "mvn",
        """
        mkdir -p server/target/lib
        echo "[INFO]   from pom.xml"
        : > server/target/lib/taper-server.jar
        """);
  }

  /** Whoever starts a console waits for it; other roles run long, and need no archive. */
  @Test
  void launch_console_sharesTheClassesOfItsRehearsal() throws Exception {
    buildsTheServer();

    assertThat(launch("console", "--help")).isZero();
    assertThat(launch("serve", "--help")).isZero();
    assertThat(launch("console", "--help")).isZero();

    List<String> lines = Files.readAllLines(log);
    String shared = "[-XX:SharedArchiveFile=" + root.resolve("server/target/taper.jsa") + "]";
    assertThat(lines).hasSize(6);
    assertThat(lines.get(1))
        .contains("[-cp][" + root.resolve("server/target/lib") + "/*]")
        .contains("[-Xshare:off]", "[dev.taper.server.Rehearsal]");
    assertThat(lines.get(2)).contains("[-Xshare:dump]");
    assertThat(lines.get(3)).contains(shared, "[dev.taper.server.Main][console][--help]");
    assertThat(lines.get(4)).contains("[dev.taper.server.Main][serve]").doesNotContain(shared);
    assertThat(lines.get(5)).contains(shared, "[dev.taper.server.Main][console][--help]");
    assertThat(root.resolve("server/target/rehearsal")).doesNotExist();
  }

  /** The command line does not know the server's commands, and lists them all the same. */
  @Test
  void launch_helpOfARole_isTheRolesOwn() throws Exception {
    buildsTheServer();

    assertThat(launch("help", "mcp", "guard")).isZero();

    assertThat(Files.readString(log)).contains("[dev.taper.server.Main][mcp][guard][--help]");
    assertThat(launch("--config", "serve", "--profile=acme", "console")).isZero();
    assertThat(Files.readString(log))
        .contains("[dev.taper.server.Main][--config][serve][--profile=acme][console]");
  }

  private List<String> calls() throws IOException {
    List<String> calls = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      String called = line.substring(0, line.indexOf('['));
      if (line.contains("[-Xshare:dump]")) {
        called += " dump";
      } else if (called.equals("java")) {
        String run = line.substring(line.indexOf("[dev.taper.cli.") + 15);
        called += " " + run.replace("Main][", "").replaceFirst("].*", "");
      }
      calls.add(called);
    }
    return calls;
  }

  private int launch(String... args) throws Exception {
    return start(args).waitFor();
  }

  private Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", root.resolve("taper").toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", folder + ":/usr/bin:/bin");
    return builder.start();
  }

  private void script(String name, String body) throws IOException {
    Path script = folder.resolve(name);
    String record =
        "line=; for a; do line=\"$line[$a]\"; done; echo \"" + name + "[]$line\" >>'" + log + "'\n";
    Files.writeString(script, "#!/bin/sh\n" + record + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }
}
