package dev.taper.server.keeper;

import static dev.taper.server.keeper.RunningKeeper.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.Algorithm;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.keeper.KeeperClient.KeptKey;
import dev.taper.server.process.Running;
import dev.taper.testing.Needed;
import dev.taper.testing.TearDown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in SoftHSM, which stands for a device; each keeper is a process, as a device is for one. */
class Pkcs11DeviceTest {
  private static final String PIN = "1234";

  @TempDir Path folder;
  private @Nullable Process running;

  private static @Nullable Path library() {
    return Stream.of(
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so")
        .map(Path::of)
        .filter(Files::exists)
        .findFirst()
        .orElse(null);
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(
        TearDown.of(running, started -> started.destroyForcibly().waitFor(10, TimeUnit.SECONDS)));
  }

  private KeeperClient client() {
    return KeeperClient.at(folder.resolve("run/k.sock")).patience(Duration.ofSeconds(20));
  }

  private Map<String, String> environment() {
    return Map.of("SOFTHSM2_CONF", folder.resolve("softhsm.conf").toString());
  }

  private void device() throws Exception {
    Needed.demand(library() != null && Needed.has("softhsm2-util"), "softhsm2-util");
    Path tokens = Files.createDirectories(folder.resolve("device"));
    Files.writeString(
        folder.resolve("softhsm.conf"),
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    Programs.Ran made =
        Programs.run(
            folder,
            environment(),
            List.of(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "taper",
                "--pin",
                PIN,
                "--so-pin",
                "12345678"));
    assertThat(made.status()).as(made.err()).isZero();
  }

  private void start(String... more) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            Programs.java(
                "dev.taper.server.Main",
                "keeper",
                "--socket",
                client().socket().toString(),
                "--store",
                folder.resolve("store").toString(),
                "--locked",
                "--pkcs11",
                Objects.requireNonNull(library()).toString()));
    command.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("err.txt").toFile()));
    builder.environment().putAll(environment());
    Process process = builder.start();
    running = process;
    String line = process.inputReader().readLine();
    assertThat(line).as(Files.readString(folder.resolve("err.txt"))).contains("ready");
  }

  @Test
  void key_isMadeUsedLockedFoundAgainAndForgotten() throws Exception {
    device();
    start("--pin-file", RunningKeeper.secret(folder, "pin", PIN).toString());
    KeptKey key = client().newKey("hsm", Algorithm.SECP256R1, "pkcs11", false, null);
    assertThat(key.place()).isEqualTo("pkcs11");
    RunningKeeper world = RunningKeeper.start(folder.resolve("world"));
    AgentToken token = world.mint(key.key());
    assertThat(proved(token)).isEqualTo("proved");
    client().lock();
    assertThat(proved(token)).isEqualTo("locked");
    assertThat(code(() -> client().unlock(null, "0000".toCharArray())))
        .isEqualTo("wrong_passphrase");
    client().unlock(null, PIN.toCharArray());
    assertThat(proved(token)).isEqualTo("proved");

    Objects.requireNonNull(running).destroyForcibly().waitFor();
    start();
    assertThat(client().keys()).containsExactly(key);
    assertThat(proved(token)).isEqualTo("locked");
    client().unlock(null, PIN.toCharArray());
    assertThat(proved(token)).isEqualTo("proved");
    client().forgetKey("hsm");
    assertThat(client().keys()).isEmpty();
    client().lock();
    client().unlock(null, PIN.toCharArray());
    assertThat(client().keys()).as("keys in the device").isEmpty();
    world.close();
  }

  private String proved(AgentToken token) {
    try {
      var unused =
          token.proveOffer(client().signer("hsm"), "svc:jira", java.time.Clock.systemUTC());
      return "proved";
    } catch (dev.taper.TaperException e) {
      return code(
          () -> {
            throw e;
          });
    }
  }

  @Test
  void start_noSuchLibrary_isRefused() {
    KeeperOptions options = new KeeperOptions();
    options.socket = folder.resolve("run/k.sock").toString();
    options.store = folder.resolve("store");
    options.locked = true;
    options.pkcs11 = folder.resolve("none.so");
    assertThat(
            code(
                () -> {
                  try (Running made = Running.stoppedByHand()) {
                    var unused =
                        new KeeperProcess(options, Map.of(), null, java.time.Clock.systemUTC())
                            .start(made);
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                }))
        .isEqualTo("io");
  }
}
