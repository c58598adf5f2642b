package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.revocation.LargeLists;
import dev.taper.revocation.RevocationHeader;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationReader;
import dev.taper.testing.ChildJvm;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes whose list has more bytes than their heap. With {@code -Dtaper.list.entries=10000000}
 * it has ten millions, and the heap 128 MiB.
 */
@Timeout(1800)
class LargeListsTest {
  private static final int IN_A_BUILD = 3_000_000;
  private static final int ENTRIES = Integer.getInteger("taper.list.entries", IN_A_BUILD);
  private static final boolean IS_LARGE = ENTRIES > IN_A_BUILD;
  private static final String HEAP = IS_LARGE ? "-Xmx128m" : "-Xmx56m";
  private static final long STEP = LargeLists.step(ENTRIES + 1);
  private static final String ORIGIN = "https://jira.example.com";

  private final ServeWorld world = new ServeWorld();
  private final PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
  private final RevocationIssuer issuer = RevocationIssuer.of(key);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Process> started = new ArrayList<>();
  @TempDir Path folder;
  private Path list;

  @BeforeEach
  void files() throws IOException {
    list = folder.resolve("revoked.list");
    key.save(folder.resolve("revoker.key"));
    Files.writeString(folder.resolve("revoker.pub"), key.publicKey().toString());
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
    started.forEach(process -> process.onExit().join());
  }

  /** Starts it, and returns the address that its line ends with. */
  private String start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(ChildJvm.command("dev.taper.server.Main", "serve"));
    command.addAll(1, List.of(HEAP, "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=" + folder));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("err").toFile())
            .directory(folder.toFile())
            .start();
    started.add(process);
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    assertThat(line).as(err()).startsWith("taper serve: ready");
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private RevocationHeader served(String address) throws Exception {
    HttpResponse<InputStream> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://" + address + "/v1/revocations")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).as(err()).isEqualTo(200);
    try (InputStream in = new BufferedInputStream(answer.body(), 1 << 16)) {
      RevocationReader reader = RevocationReader.of(in, List.of(key.publicKey()));
      RevocationHeader header = Objects.requireNonNull(reader.next());
      reader.verifyEntries();
      assertThat(reader.next()).isNull();
      return header;
    }
  }

  private void report(String what) throws IOException {
    if (IS_LARGE) {
      String status = Files.readString(Path.of("/proc/" + started.get(0).pid() + "/status"));
      System.out.println(
          what
              + status
                  .lines()
                  .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile):.*"))
                  .map(line -> line.replaceAll("\\s+", " "))
                  .reduce("", (all, line) -> all + ", " + line));
    }
  }

  /** Others replace its list, and it signs the list anew itself. */
  @Test
  void lists_largerThanTheHeap_areServedReplacedAndSignedAnew() throws Exception {
    LargeLists.write(list, issuer, 1, ENTRIES, STEP);
    String address =
        start(
            "--role",
            "lists",
            "--revocations",
            list.toString(),
            "--revocation-key",
            "revoker.key",
            "--look-every",
            "100ms",
            "--listen",
            "127.0.0.1:0");
    assertThat(served(address).count()).isEqualTo(ENTRIES);
    // Half of its time is over soon, and again.
    Duration time = Duration.ofSeconds(2);
    LargeLists.write(list, issuer, 2, ENTRIES + 1, STEP, time);
    while (served(address).sequence() < 3) {
      assertThat(started.get(0).isAlive()).as(err()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(served(address).count()).isEqualTo(ENTRIES + 1);
    report("lists");
    started.get(0).destroy();
    assertThat(started.get(0).waitFor()).as(err()).isIn(0, 143);
  }

  @Test
  void decide_listLargerThanTheHeap_isUsedAndReplaced() throws Exception {
    LargeLists.write(list, issuer, 1, ENTRIES, STEP);
    Path config =
        world.config(
            folder,
            ORIGIN,
            "revocations: {list: revoked.list, keys: revoker.pub, memory: revoked.number, every: 100ms}");
    Files.writeString(config, Files.readString(config).replace("revocations: none\n", ""));
    String address = start("--config", config.toString(), "--listen", "127.0.0.1:0");
    for (int sequence = 2; sequence < 5; sequence++) {
      LargeLists.write(list, issuer, sequence, ENTRIES, STEP);
      while (!Files.readString(folder.resolve("revoked.number")).contains(" " + sequence + " ")) {
        assertThat(decided(address)).as(err()).contains("\"allowed\":true");
        assertThat(started.get(0).isAlive()).as(err()).isTrue();
      }
    }
    assertThat(decided(address)).contains("\"allowed\":true");
    report("serve");
  }

  private String decided(String address) throws Exception {
    SentHttp sent = SentHttp.of("GET", ORIGIN, "/projects/ACME/issues");
    String body =
        "{\"http\": {\"method\": \"GET\", \"scheme\": \"https\", \"target\": \""
            + sent.target()
            + "\", \"fields\": {"
            + world.fields(sent)
            + "}}}";
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://" + address + "/v1/decide"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
