package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.client.AgentClient;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.integrations.mcp.McpSigner;
import dev.taper.server.mcp.RpcMessage;
import dev.taper.testing.FreePort;
import dev.taper.testing.TearDown;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A running guard whose disk is full, whose files are broken, or whose client sends its token where
 * it does not belong: every outcome has a code, and it goes on when it can.
 */
class GuardFaultsTest {
  private static final String[] TOOLS = {"echo", "slow", "hang"};

  /** As much as one file may have, in bytes: fewer than a hundred decisions. */
  private static final int ROOM = 40_000;

  @TempDir private Path folder;
  private GuardWorld world;
  private AgentClient agent;
  private Path log;
  private Path errors;
  private @Nullable LineClient client;
  private int admin;

  @BeforeEach
  void setUp() throws IOException {
    Node.demand();
    world = new GuardWorld(folder);
    agent = world.agent(TOOLS);
    log = folder.resolve("server.log");
    errors = folder.resolve("err.txt");
    admin = FreePort.next();
  }

  @AfterEach
  void nothingIsLeftOver() throws Exception {
    TearDown.close(TearDown.of(client, GuardFaultsTest::assertNothingIsLeftOver));
  }

  private static void assertNothingIsLeftOver(LineClient started) throws Exception {
    List<ProcessHandle> below = started.process.descendants().toList();
    started.close();
    for (ProcessHandle process : below) {
      process.onExit().get(30, TimeUnit.SECONDS);
    }
  }

  private LineClient start(List<String> before, Path config, String... more) throws Exception {
    List<String> command = new ArrayList<>(before);
    command.addAll(GuardWorld.guard(config, more));
    command.addAll(List.of("--", "env", "ODD_LOG=" + log, "node", Node.script("odd.mjs")));
    LineClient started = LineClient.start(command, errors);
    client = started;
    RpcMessage unused = started.initialize("2025-11-25");
    return started;
  }

  private String fetch(String path) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + path)).build(),
                BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  private static void limit(Process process, String bytes) throws Exception {
    Process changed =
        new ProcessBuilder("prlimit", "--pid", "" + process.pid(), "--fsize=" + bytes + ":")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(changed.waitFor()).isZero();
  }

  private PrivateKey auditKey() throws IOException {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    Path file = Files.writeString(folder.resolve("audit.key"), key.exposeText() + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return key;
  }

  /** No file may be longer than it is: the same as a full disk, without being root. */
  @Test
  void fullDisk_refusesCallsWithACode_andNothingIsLostWhenThereIsRoomAgain() throws Exception {
    PrivateKey key = auditKey();
    Path audit = folder.resolve("audit.log");
    Path config =
        world.config(GuardWorld.anyArguments(TOOLS), "audit: {log: audit.log, key: audit.key}");
    LineClient guarded =
        start(
            List.of("prlimit", "--fsize=" + ROOM + ":unlimited"),
            config,
            "--admin",
            "127.0.0.1:" + admin);
    String full = "the audit log's file cannot be written";
    int allowed = 0;
    int refused = 0; // on a busy disk a record may take too long before it is full
    while (allowed < 200 && !Files.readString(errors).contains(full)) {
      if (isRefused(guarded.call(agent, "echo", Map.of()))) {
        refused++;
      } else {
        allowed++;
      }
    }
    assertThat(allowed).as(Files.readString(errors)).isBetween(1, 199);
    for (int i = 0; i < 20; i++) {
      assertThat(Answered.refusal(guarded.call(agent, "echo", Map.of())))
          .isEqualTo("audit_unavailable");
      refused++;
    }
    assertThat(reached()).isEqualTo(allowed);
    assertThat(fetch("/health/ready")).startsWith("503");
    assertThat(fetch("/health/live")).startsWith("200");
    assertThat(fetch("/metrics"))
        .contains("taper_refusals_total{code=\"audit_unavailable\"} " + refused + ".0\n");
    limit(guarded.process, "unlimited");
    GuardWorld.eventually(() -> !isRefused(guarded.call(agent, "echo", Map.of())));
    GuardWorld.eventually(() -> fetch("/health/ready").startsWith("200"));
    guarded.close();
    var verified = AuditVerifier.trusting(List.of(key.publicKey())).verify(AuditSource.of(audit));
    assertThat(verified.intact()).as("%s", verified).isTrue();
  }

  private static boolean isRefused(RpcMessage answer) {
    return RpcMessage.object(Answered.result(answer), "_meta").containsKey("dev.taper/refusal");
  }

  private long reached() throws IOException {
    return Files.readString(log).lines().filter(line -> line.contains("tools/call")).count();
  }

  private static String unused(int value) {
    return "taper_file_unused{file=\"the catalog of tools\",service=\""
        + GuardWorld.AUDIENCE
        + "\"} "
        + value;
  }

  @Test
  void brokenCatalog_changesNothing_andIsSaid_untilItIsMended() throws Exception {
    Path config = world.config(GuardWorld.anyArguments("echo"), "reload-every: 1s");
    LineClient guarded = start(List.of(), config, "--admin", "127.0.0.1:" + admin);
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
    assertThat(fetch("/metrics"))
        .contains(unused(0))
        .contains("taper_known_keys_max_bytes 1.6777216E7");
    replace("{\"format\": \"taper/1 catalog\", \"audience\": ");
    GuardWorld.eventually(() -> fetch("/metrics").contains(unused(1)));
    assertThat(Files.readString(errors))
        .contains("the catalog of tools, ", "catalog.json, cannot be used");
    assertThat(fetch("/health/ready")).startsWith("200");
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
    assertThat(Answered.refusal(guarded.call(agent, "slow", Map.of()))).isEqualTo("unknown_tool");
    replace(GuardWorld.anyArguments("slow").toJson());
    GuardWorld.eventually(() -> fetch("/metrics").contains(unused(0)));
    assertThat(Answered.refusal(guarded.call(agent, "echo", Map.of()))).isEqualTo("unknown_tool");
    assertThat(Answered.text(guarded.call(agent, "slow", Map.of()))).isEqualTo("done");
  }

  private void replace(String catalog) throws IOException {
    Path next = Files.writeString(folder.resolve("catalog.next"), catalog);
    Files.move(next, folder.resolve("catalog.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void notificationWithAToken_goesOnWithoutIt() throws Exception {
    LineClient guarded = start(List.of(), world.config(GuardWorld.anyArguments(TOOLS)));
    Map<String, @Nullable Object> signed =
        McpSigner.of(agent).sign("tools/call", Map.of("name", "echo", "arguments", Map.of()));
    Map<String, @Nullable Object> meta = RpcMessage.object(signed, "_meta");
    assertThat(meta).containsKeys("dev.taper/token", "dev.taper/proof");
    meta.put("traceparent", "kept");
    for (String method : List.of("notifications/roots/list_changed", "notifications/initialized")) {
      guarded.send(new RpcMessage.Notification(method, Map.of("_meta", meta)));
    }
    long hangs =
        guarded.send(
            "tools/call",
            McpSigner.of(agent).sign("tools/call", Map.of("name", "hang", "arguments", Map.of())));
    guarded.send(
        new RpcMessage.Notification(
            "notifications/cancelled", Map.of("requestId", hangs, "_meta", meta)));
    guarded.send(new RpcMessage.Notification("tools/call", signed)); // is none
    assertThat(Answered.text(guarded.call(agent, "echo", Map.of()))).contains("echo");
    String reached = Files.readString(log);
    assertThat(reached)
        .contains("notifications/cancelled")
        .doesNotContain("dev.taper", "notifications/roots/list_changed");
    assertThat(reached()).isLessThanOrEqualTo(2);
  }
}
