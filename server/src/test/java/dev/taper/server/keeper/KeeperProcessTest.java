package dev.taper.server.keeper;

import static dev.taper.server.keeper.RunningKeeper.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.keeper.KeeperClient.KeptKey;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import dev.taper.testing.Needed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keepers as processes of their own: how they start, are killed, and whom they answer. */
class KeeperProcessTest {
  private static final String MAIN = "dev.taper.server.Main";

  @TempDir Path folder;
  private Path passphrase = Path.of("");
  private final List<Process> running = new ArrayList<>();

  @BeforeEach
  void secret() throws IOException {
    passphrase = RunningKeeper.secret(folder, "passphrase", RunningKeeper.PASSPHRASE);
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : running) {
      process.destroyForcibly();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private KeeperClient client() {
    return KeeperClient.at(folder.resolve("run/k.sock")).patience(Duration.ofSeconds(20));
  }

  private List<String> command() {
    return Programs.java(
        MAIN,
        "keeper",
        "--socket",
        client().socket().toString(),
        "--store",
        folder.resolve("store").toString(),
        "--passphrase-file",
        passphrase.toString());
  }

  /** Starts one and waits until it is ready; gives what it says instead if it does not start. */
  private @Nullable String start(List<String> command) throws IOException {
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()))
            .start();
    running.add(process);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line != null && line.startsWith("taper keeper: ready")) {
      return null;
    }
    return line + Files.readString(err);
  }

  @Test
  void kill_leavesAStaleSocket_whichTheNextOneRemoves() throws Exception {
    assertThat(start(command())).isNull();
    KeptKey key = client().newKey("planner", Algorithm.ED25519, null, false, null);
    running.get(0).destroyForcibly().waitFor();
    assertThat(client().socket()).exists();
    assertThat(code(() -> client().keys().size())).isEqualTo("no_keeper");
    Files.writeString(folder.resolve("store/keys/.half.tmp"), "{\"for");

    assertThat(start(command())).isNull();
    assertThat(client().keys()).containsExactly(key);
    assertThat(folder.resolve("store/keys/.half.tmp")).doesNotExist();
    assertThat(client().signer("planner").publicKey()).isEqualTo(key.key());
  }

  @Test
  void terminate_removesTheSocket() throws Exception {
    assertThat(start(command())).isNull();
    running.get(0).destroy();
    assertThat(running.get(0).waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(client().socket()).doesNotExist();
  }

  @Test
  void start_whileAnotherRuns_isRefused() throws Exception {
    assertThat(start(command())).isNull();
    assertThat(start(command())).contains("(socket_in_use)");
    List<String> elsewhere = new ArrayList<>(command());
    elsewhere.set(elsewhere.indexOf("--socket") + 1, folder.resolve("other/k.sock").toString());
    assertThat(start(elsewhere)).contains("(store_in_use)");
    assertThat(client().keys()).isEmpty(); // the first one is as before
  }

  @Test
  void diskFull_isToldAndNothingIsKept() throws Exception {
    List<String> limited =
        new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"));
    limited.addAll(command());
    // What is logged would be a file too.
    Process process =
        new ProcessBuilder(limited)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    running.add(process);
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).startsWith("taper keeper: ready");
    assertThat(code(() -> client().newKey("planner", Algorithm.ED25519, null, false, null).key()))
        .isEqualTo("store_unavailable");
    assertThat(client().keys()).isEmpty();
    assertThat(folder.resolve("store/keys")).isEmptyDirectory();
  }

  @Test
  void diskThatFills_leavesWhatWasThere_andIsUsedWhenThereIsRoomAgain() throws Exception {
    assertThat(start(command())).isNull();
    KeeperClient client = client();
    KeptKey key = client.newKey("planner", Algorithm.ED25519, null, false, null);
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    KeptToken token = add(client, "work", mint(root, key), false);
    String other = mint(root, key);
    limit("0");
    assertThat(code(() -> add(client, "work", other, true))).isEqualTo("store_unavailable");
    assertThat(code(() -> add(client, "more", other, false))).isEqualTo("store_unavailable");
    assertThat(code(() -> client.newKey("more", Algorithm.ED25519, null, false, null)))
        .isEqualTo("store_unavailable");
    assertThat(client.keys()).containsExactly(key);
    assertThat(client.tokens()).containsExactly(token);
    try (var files = Files.list(folder.resolve("store/tokens"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("work.json");
    }
    limit("unlimited");
    KeptToken replaced = add(client, "work", other, true);
    running.get(0).destroyForcibly().waitFor();
    assertThat(start(command())).isNull();
    assertThat(client.keys()).containsExactly(key);
    assertThat(client.tokens()).containsExactly(replaced);
  }

  private static KeptToken add(KeeperClient client, String name, String token, boolean replaces) {
    return client.add(name, token, List.of(), null, null, replaces);
  }

  private static String mint(PrivateKey root, KeptKey holder) {
    return Issuer.of(root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", holder.key()))
                .task("T-4711")
                .grant("jira.* read")
                .expiresIn(Duration.ofHours(1)))
        .encodeBase64();
  }

  private void limit(String bytes) throws Exception {
    Process changed =
        new ProcessBuilder("prlimit", "--pid", "" + running.get(0).pid(), "--fsize=" + bytes + ":")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(changed.waitFor()).isZero();
  }

  private static String code(java.util.function.Supplier<?> refused) {
    return RunningKeeper.code(
        () -> {
          var unused = refused.get();
        });
  }

  /** How a program runs as another user: by root, or by a user with subordinate numbers. */
  private List<String> asOther() throws Exception {
    List<String> other =
        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
    List<String> subordinate = new ArrayList<>(List.of("unshare", "--map-root-user", "--map-auto"));
    subordinate.addAll(other);
    List<String> command =
        System.getProperty("user.name").equals("root") ? other : List.copyOf(subordinate);
    List<String> attempt = new ArrayList<>(command);
    attempt.add("true");
    Needed.demand(
        Programs.run(folder, Map.of(), attempt).status() == 0,
        "another-user (root, or subordinate numbers with newuidmap)");
    return command;
  }

  @Test
  void anotherUser_isRefusedByTheFiles_andByTheKeeperItself() throws Exception {
    Needed.programs("setpriv");
    String python = Needed.program(List.of("/usr/bin/python3"), "python3");
    List<String> asOther = asOther();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      String request =
          """
          import socket, sys
          s = socket.socket(socket.AF_UNIX)
          s.connect(sys.argv[1])
          try:
              s.sendall(b'GET /v1/keys HTTP/1.1\\r\\nHost: k\\r\\n\\r\\n')
              print(repr(s.recv(100)))
          except OSError as e:
              print('closed', e)
          """;
      List<String> asNobody = new ArrayList<>(asOther);
      asNobody.addAll(List.of(python, "-c", request, keeper.client.socket().toString()));
      assertThat(Programs.run(folder, Map.of(), asNobody).err()).contains("PermissionError");

      Files.setPosixFilePermissions(
          folder.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.setPosixFilePermissions(
          keeper.client.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
      Programs.Ran ran = Programs.run(folder, Map.of(), asNobody);
      assertThat(ran.out()).as(ran.err()).matches("(b''|closed .*)\\n");
      assertThat(keeper.client.keys()).isEmpty(); // its own user is answered
    }
  }

  @Test
  void start_inAFolderThatOthersCanEnter_isRefused() throws Exception {
    Path open = Files.createDirectory(folder.resolve("run"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(start(command())).contains("(secret_exposed)");
  }

  @Test
  void start_whereSomethingElseStands_leavesItAlone() throws Exception {
    Path run =
        Files.createDirectory(
            folder.resolve("run"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(run.resolve("k.sock"), "mine");
    assertThat(start(command())).contains("is no socket").contains("(io)");
    assertThat(run.resolve("k.sock")).usingCharset(StandardCharsets.UTF_8).hasContent("mine");
  }

  @Test
  void start_wrongPassphrase_isOneLine() throws Exception {
    assertThat(start(command())).isNull();
    var made = client().newKey("planner", Algorithm.ED25519, null, false, null);
    running.get(0).destroy();
    running.get(0).waitFor();
    Files.writeString(passphrase, "wrong\n");
    assertThat(start(command()))
        .contains("taper: the passphrase does not open the key planner (wrong_passphrase)")
        .doesNotContain("Exception");
    assertThat(made).isNotNull();
  }

  @Test
  void clientCommands_workAgainstIt() throws Exception {
    assertThat(start(command())).isNull();
    Map<String, String> there = Map.of("TAPER_KEEPER", client().socket().toString());
    Programs.Ran made =
        Programs.run(folder, there, Programs.java(MAIN, "keeper", "new", "planner"));
    assertThat(made.out()).as(made.err()).startsWith("ed25519/");
    assertThat(Programs.run(folder, there, Programs.java(MAIN, "keeper", "list")).out())
        .startsWith("unlocked\nkey    planner  " + made.out().strip());
    assertThat(Programs.run(folder, there, Programs.java(MAIN, "keeper", "list", "--json")).out())
        .contains("\"format\" : \"taper/1 result\"", "\"locked\" : false")
        .contains("\"name\" : \"planner\"", made.out().strip());
    Programs.Ran lock = Programs.run(folder, there, Programs.java(MAIN, "keeper", "lock"));
    assertThat(lock.status()).as(lock.err()).isZero();
    Programs.Ran locked =
        Programs.run(folder, there, Programs.java(MAIN, "keeper", "new", "second"));
    assertThat(locked.status()).isNotZero();
    assertThat(locked.err()).contains("(locked)");
    Programs.Ran asJson =
        Programs.run(folder, there, Programs.java(MAIN, "keeper", "new", "third", "--json"));
    assertThat(asJson.status()).isEqualTo(locked.status());
    assertThat(asJson.out())
        .contains("\"format\" : \"taper/1 error\"", "\"code\" : \"locked\"")
        .contains("\"exit\" : " + locked.status());
    Programs.Ran unlock =
        Programs.run(
            folder,
            there,
            Programs.java(MAIN, "keeper", "unlock", "--passphrase-file", passphrase.toString()));
    assertThat(unlock.status()).as(unlock.err()).isZero();
    Programs.Ran forget =
        Programs.run(folder, there, Programs.java(MAIN, "keeper", "forget", "planner"));
    assertThat(forget.status()).as(forget.err()).isZero();
    assertThat(client().keys()).isEmpty();
  }
}
