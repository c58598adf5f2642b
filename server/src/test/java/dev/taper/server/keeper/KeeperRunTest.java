package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.PublicKey;
import dev.taper.revocation.SignedLists;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keepers for one command, as processes of their own. */
class KeeperRunTest {
  private static final String MAIN = "dev.taper.server.Main";

  @TempDir Path folder;

  @BeforeEach
  void launcher() throws IOException {
    String start =
        Programs.java(MAIN).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    Path taper = folder.resolve("taper");
    Files.writeString(taper, "#!/bin/sh\nexec " + start + " \"$@\"\n");
    Files.setPosixFilePermissions(taper, PosixFilePermissions.fromString("rwx------"));
  }

  private Programs.Ran run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(Programs.java(MAIN, "keeper"));
    command.addAll(List.of(arguments));
    return Programs.run(folder, Map.of(), command);
  }

  @Test
  void command_findsAKeeperOfItsOwn_andEndsWithIt() throws Exception {
    Programs.Ran ran =
        run(
            "run",
            "--",
            "sh",
            "-c",
            "echo $TAPER_KEEPER >where && ./taper keeper new planner && ./taper keeper list"
                + " && exit 7");

    assertThat(ran.status()).as(ran.err()).isEqualTo(7);
    String key = ran.out().lines().findFirst().orElse("");
    assertThat(ran.out()).isEqualTo(key + "\nunlocked\nkey    planner  " + key + "  memory\n");
    Path socket = Path.of(Files.readString(folder.resolve("where")).strip());
    assertThat(socket.getParent()).doesNotExist();
  }

  @Test
  void command_seesNoPassphrase() throws Exception {
    List<String> command =
        Programs.java(
            MAIN,
            "keeper",
            "run",
            "--store",
            folder.resolve("store").toString(),
            "--passphrase-env",
            "SESAME",
            "--",
            "env");
    Programs.Ran ran = Programs.run(folder, Map.of("SESAME", "open-7b1e"), command);
    assertThat(ran.out()).as(ran.err()).contains("TAPER_KEEPER=").doesNotContain("open-7b1e");
    assertThat(ran.status()).isZero();
  }

  @Test
  void listsRole_signsWithAKeyOfTheKeeper() throws Exception {
    Programs.Ran ran =
        run(
            "run",
            "--socket",
            folder.resolve("run/k.sock").toString(),
            "--",
            "sh",
            "-c",
            "./taper keeper new revoker >revoker.pub || exit 9\n"
                + "./taper serve --role lists --revocations revoked.list --revocation-key"
                + " keeper:revoker --listen 127.0.0.1:0 >ready & serve=$!\n"
                + "while kill -0 $serve && ! [ -s ready ]; do sleep 0.1; done\n"
                + "kill $serve; wait $serve; cat ready");

    assertThat(ran.out()).as(ran.err()).startsWith("taper serve: ready, lists at ");
    PublicKey key = PublicKey.parse(Files.readString(folder.resolve("revoker.pub")).strip());
    byte[] list = Files.readAllBytes(folder.resolve("revoked.list"));
    assertThat(SignedLists.read(list, List.of(key)).sequence()).isEqualTo(1);
    assertThat(ran.err()).contains("is used to issue the revocation list number 1");
    assertThat(folder.resolve("run/k.sock")).doesNotExist();
  }

  @Test
  void signal_endsTheCommandToo() throws Exception {
    List<String> command =
        Programs.java(
            MAIN,
            "keeper",
            "run",
            "--",
            "sh",
            "-c",
            "echo $TAPER_KEEPER >where; echo $$ >pid.new; mv pid.new pid; exec sleep 60");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    try {
      Path pid = folder.resolve("pid");
      for (int i = 0; i < 1200 && !Files.exists(pid); i++) {
        Thread.sleep(50);
      }
      ProcessHandle started =
          ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(started.isAlive()).isFalse();
      assertThat(Path.of(Files.readString(folder.resolve("where")).strip()).getParent())
          .doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void start_thatMakesNoSense_isSaid() throws Exception {
    Programs.Ran misplaced = run("--in-memory", "run", "--", "true");
    assertThat(misplaced.status()).isEqualTo(2);
    assertThat(misplaced.err()).contains("stand behind run");
    assertThat(run("run").status()).isEqualTo(2);
    Programs.Ran missing = run("run", "--", "./no-such-program");
    assertThat(missing.status()).isEqualTo(5);
    assertThat(missing.err()).contains("cannot start ./no-such-program");
    assertThat(run("run", "--confirm", "--", "true").err()).contains("--confirm needs somebody");
  }
}
