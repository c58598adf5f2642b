package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.Needed;
import dev.taper.testing.Page;
import dev.taper.testing.PastedJava;
import dev.taper.testing.SignerUses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key of P-256 in SoftHSM, which stands for a device, made and used as docs/keys.md shows it. The
 * library reads its settings from the environment, so that it runs in processes of its own.
 */
class Pkcs11SignerTest {
  private static final Path PAGE = Path.of("../docs/keys.md");
  private static final String WRITTEN = "/usr/lib/softhsm/libsofthsm2.so";
  private static final int PATIENCE = 120; // seconds

  @TempDir Path folder;

  private static String library() {
    return Stream.of(
            WRITTEN,
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so")
        .filter(file -> Files.exists(Path.of(file)))
        .findFirst()
        .orElse("");
  }

  @BeforeEach
  void device() throws IOException {
    Needed.demand(!library().isEmpty(), "softhsm2-util");
    Path tokens = Files.createDirectories(folder.resolve("device"));
    Files.writeString(
        folder.resolve("softhsm.conf"),
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
  }

  @Test
  void sign_everyUse_verifies() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("make.sh"), Page.text(PAGE, "sh-device").replace(WRITTEN, library()));
    assertThat(run(List.of("bash", "-e", script.toString()))).contains("initialized", "secp256r1");

    PastedJava.compile(
        PAGE,
        "java-device",
        SignerUses.class.getName()
            + ".all(root, Path.of(\".\"));"
            + " System.out.println(\"the device signed: \" + root.publicKey());",
        folder);
    String classes = folder + ":" + System.getProperty("java.class.path");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    assertThat(run(List.of(java, "-XX:TieredStopAtLevel=1", "-cp", classes, PastedJava.NAME)))
        .contains("the device signed: secp256r1/");
  }

  /** Runs a program in the folder, with the device; what it wrote. */
  private String run(List<String> command) throws Exception {
    Path out = Files.createTempFile(folder, "out", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm.conf").toString());
    builder
        .environment()
        .merge(
            "PATH",
            Path.of(System.getProperty("java.home"), "bin").toString(),
            (path, bin) -> bin + ":" + path);
    Process process = builder.start();
    if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " does not end: " + Files.readString(out));
    }
    String written = Files.readString(out);
    assertThat(process.exitValue()).as(written).isZero();
    return written;
  }
}
