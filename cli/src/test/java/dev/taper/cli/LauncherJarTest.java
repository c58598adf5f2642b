package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the jar of the launcher: what it was stripped of must not be missed. */
class LauncherJarTest {
  @TempDir Path folder;

  private static final Path JAR = Path.of("target", "taper.jar").toAbsolutePath();
  // Lambdas of the JDK that are serializable, and method handles of its own code.
  private static final int FEW = 12;
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  /** Libraries are packed whole; each platform that the store supports has its library. */
  @Test
  void jar_size_isBounded() throws IOException {
    assertThat(Files.size(JAR)).isLessThan(20 << 20);
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      List<String> natives =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.startsWith("org/sqlite/native/") && !name.endsWith("/"))
              .toList();
      assertThat(natives)
          .contains(
              "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so",
              "org/sqlite/native/Linux/aarch64/libsqlitejdbc.so",
              "org/sqlite/native/Mac/x86_64/libsqlitejdbc.dylib",
              "org/sqlite/native/Mac/aarch64/libsqlitejdbc.dylib",
              "org/sqlite/native/Windows/x86_64/sqlitejdbc.dll",
              "org/sqlite/native/Windows/aarch64/sqlitejdbc.dll");
    }
  }

  /** Why a command starts fast: it loads nothing that it does not need. */
  @ParameterizedTest
  @CsvSource({
    "--version, dev\\.taper\\.cli\\.(?!io|output)[a-z]+\\.",
    "--help, dev\\.taper\\.cli\\.revocation\\.TaskEndCommand"
  })
  void start_simpleCommand_loadsNothingElse(String option, String more) throws Exception {
    Path log = folder.resolve("classes");
    Process process =
        new ProcessBuilder(
                JAVA.toString(), "-Xlog:class+load:file=" + log, "-jar", JAR.toString(), option)
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).matches("(?s)(taper \\d+\\.\\d+\\.\\d+\\S*\nJava |Usage: taper ).*");
    assertThat(Files.readString(log))
        .contains("dev.taper.cli.TaperCommandLine")
        .doesNotContainPattern(more)
        .doesNotContain(
            "org.bouncycastle.",
            "com.fasterxml.",
            "org.sqlite.",
            "org.flywaydb.",
            "org.snakeyaml.");
  }

  /**
   * Why a command starts fast: all of its classes come from the launcher's archive, and nothing is
   * made at run time that the archive cannot hold.
   */
  @Test
  @EnabledForJreRange(max = JRE.JAVA_17, disabledReason = "newer ones archive no old class files")
  void launcher_simpleCommands_takeAllClassesFromTheArchive() throws Exception {
    Path root = checkout();
    launch(root, "keygen --out root.key");
    launch(root, "keygen --out planner.key");
    launch(
        root,
        "mint --key root.key --delegator user:alice --holder agent:planner=planner.pub --task T"
            + " --grant jira.* --grant web.get --expires 1h --out planner.token");
    for (String command :
        List.of(
            "--version",
            "--help",
            "seal --help",
            "keygen",
            "inspect planner.token --public-key root.pub",
            "policy check default")) {
      List<String> loaded = launch(root, command);

      assertThat(loaded)
          .as(command)
          .anyMatch(line -> line.contains(" dev.taper.cli.TaperCommand "))
          .anyMatch(line -> line.contains(" picocli.CommandLine "));
      assertThat(loaded.stream().filter(line -> !line.contains(" source: shared objects file")))
          .as(command)
          .noneMatch(line -> line.matches(".* (dev\\.taper|picocli|org\\.bouncycastle)\\..*"))
          .noneMatch(line -> line.contains("jdk.proxy"))
          .hasSizeLessThan(FEW);
    }
  }

  /** A place with the launcher, the jar and nothing else: nothing there is newer than the jar. */
  private Path checkout() throws IOException {
    // No space in its path: Java 17 would archive no class from there.
    Path root = Files.createDirectories(folder.resolve("checkout"));
    Path target = Files.createDirectories(root.resolve("cli/target"));
    Files.copy(Path.of("..", "taper"), root.resolve("taper"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createFile(root.resolve("pom.xml"));
    Files.writeString(target.resolve("taper.modules"), "pom.xml\n");
    Files.copy(JAR, target.resolve("taper.jar"));
    return root;
  }

  /** Runs a command and returns which classes it loaded. */
  private List<String> launch(Path root, String command) throws Exception {
    Path log = folder.resolve("classes");
    List<String> line = new ArrayList<>(List.of("sh", root.resolve("taper").toString()));
    line.addAll(List.of(command.split(" ", -1)));
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("_JAVA_OPTIONS", "-Xlog:class+load:file=\"" + log + "\"");
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(out).isZero();
    return Files.readAllLines(log);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "demo --lifecycle"})
  void demo_withTheLaunchersJar_endsWell(String command) throws IOException, InterruptedException {
    // A checkout's path may hold spaces; the command's words hold none.
    List<String> line = new ArrayList<>(List.of(JAVA.toString(), "-jar", JAR.toString()));
    line.addAll(List.of((command + " --dir fresh").split(" ")));
    Process process =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).endsWith("Everything went as it must.\n");
  }
}
