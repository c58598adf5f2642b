package dev.taper.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.cli.TaperCommandLine;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.client.HttpAsker;
import dev.taper.integrations.http.client.HttpAsker.Asked;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.integrations.http.jdk.TaperFilter;
import dev.taper.testing.TearDown;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent asks a service, a person answers with {@code taper approve --from}. */
class AskedTest {
  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;
  private HttpSigner signer;
  private HttpAsker asker;
  private HttpRequest close;

  /** What a command did. */
  private record Result(int exit, String out, String err) {}

  private Result taper(String in, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Clock.systemUTC(),
            Terminals.NONE,
            folder);
    int exit = new TaperCommandLine(console).run(arguments);
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Result approve(URI ask, String in, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "approve",
                "--from",
                ask.toString(),
                "--public-key",
                "root.pub",
                "--key",
                "boss.key"));
    all.addAll(List.of(more));
    return taper(in, all.toArray(new String[0]));
  }

  @BeforeEach
  void start() throws Exception {
    for (String name : List.of("root", "planner", "boss", "stranger")) {
      assertThat(taper("", "keygen", "--out", name + ".key").exit()).isZero();
    }
    PrivateKey root = PrivateKey.load(folder.resolve("root.key"));
    PrivateKey planner = PrivateKey.load(folder.resolve("planner.key"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String origin = "http://127.0.0.1:" + server.getAddress().getPort();
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .audience("svc:issues")
            .catalog(ToolCatalog.parse(catalog(origin)))
            .withoutRevocation()
            .build();
    server
        .createContext("/", exchange -> exchange.sendResponseHeaders(204, -1))
        .getFilters()
        .add(TaperFilter.of(HttpGuard.of(verifier).keepingAsks(Asks.inMemory())));
    server.start();
    PublicKey boss = PublicKey.parse(Files.readString(folder.resolve("boss.pub")).strip());
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711")
                    .grant("issues.close close on issue:7 if approved by " + boss)
                    .expiresIn(Duration.ofHours(1)));
    signer = HttpSigner.of(token, planner, "svc:issues");
    asker = HttpAsker.of(client, signer);
    close =
        HttpRequest.newBuilder(URI.create(origin + "/issues/7/close"))
            .POST(BodyPublishers.noBody())
            .build();
  }

  private static String catalog(String origin) {
    return """
        {"format": "taper/1 catalog", "audience": "svc:issues", "origins": [{"origin": "%s"}],
         "tools": {"issues.close": {"operation": "close", "resource": "issue:{id}",
          "http": {"method": "POST", "path": "/issues/{id}/close"}, "arguments": {"id": {"type": "integer"}}}}}
        """
        .formatted(origin);
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(TearDown.of(server, s -> s.stop(0)));
  }

  private URI ask() throws Exception {
    return ((Asked.Unanswered) asker.ask(close, "it is done", Duration.ZERO)).ask();
  }

  @Test
  void approve_answeredYes_letsTheAgentCall() throws Exception {
    assertThat(client.send(signer.sign(close), BodyHandlers.ofString()).body())
        .contains("\"code\":\"approval_required\"");
    URI ask = ask();
    Result shown = approve(ask, "yes\n", "--for", "10m");

    assertThat(shown.exit()).as(shown.err()).isZero();
    assertThat(shown.out()).isEmpty();
    assertThat(shown.err())
        .contains("from        " + ask.toString().substring(0, 40))
        .contains("asks        agent:planner\n")
        .contains("for         issues.close close on issue:7\n")
        .contains("  argument  \"id\": 7\n")
        .contains("meant by    the catalog ")
        .contains("claims      \"it is done\"")
        .contains("you would   approve exactly this call as often as it is made, at svc:issues\n")
        .contains("taper: the service has the approval\n")
        .doesNotContain("warning");
    Asked asked = asker.await(ask, Duration.ofSeconds(5));
    HttpRequest again = signer.approvals(((Asked.Approved) asked).approvals()).sign(close);
    assertThat(client.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(204);

    Result late = approve(ask, "", "--yes");
    assertThat(late.exit()).isEqualTo(1);
    assertThat(late.err()).contains("ask_closed");
  }

  @Test
  void approve_printingTheCall_signsNothing() throws Exception {
    URI ask = ask();

    Result printed = taper("", "approve", "--from", ask.toString(), "--print-call", "-");

    assertThat(printed.exit()).as(printed.err()).isZero();
    assertThat(printed.out())
        .startsWith("at          svc:issues\ntool        issues.close\n")
        .contains("\n  argument  \"id\": 7\n")
        .containsPattern("digest      [0-9a-f]{64}\n$");
    assertThat(asker.await(ask, Duration.ZERO)).isEqualTo(new Asked.Unanswered(ask));
  }

  @Test
  void approve_answeredNo_leavesTheAskOpen() throws Exception {
    URI ask = ask();
    Result no = approve(ask, "no\n");
    assertThat(no.exit()).isEqualTo(1);
    assertThat(no.err()).endsWith("taper: nothing was signed\n");
    assertThat(asker.await(ask, Duration.ZERO)).isEqualTo(new Asked.Unanswered(ask));
  }

  @Test
  void approve_refusing_isToldToTheAgent() throws Exception {
    URI ask = ask();
    assertThat(approve(ask, "", "--refuse", "no", "--yes").err())
        .contains("--yes and --refuse exclude each other");
    assertThat(approve(ask, "", "--refuse", "no", "--print-call", "-").err())
        .contains("--print-call and --refuse exclude each other");
    Result refused = taper("", "approve", "--from", ask.toString(), "--refuse", "not in a freeze");
    assertThat(refused.exit()).as(refused.err()).isZero();
    assertThat(refused.err()).isEqualTo("taper: refused: issues.close close on issue:7\n");
    assertThat(asker.await(ask, Duration.ofSeconds(5)))
        .isEqualTo(new Asked.Refused("not in a freeze"));
  }

  @Test
  void approve_byAStranger_isNotTaken() throws Exception {
    URI ask = ask();
    Result stranger =
        taper(
            "",
            "approve",
            "--from",
            ask.toString(),
            "--public-key",
            "root.pub",
            "--key",
            "stranger.key",
            "--yes",
            "--out",
            "kept.approval");
    assertThat(stranger.exit()).isEqualTo(1);
    assertThat(stranger.err())
        .contains("an approval may have no effect")
        .contains("approval_mismatch");
    assertThat(folder.resolve("kept.approval")).exists();
  }

  @Test
  void approve_tokenOfAnotherRoot_isNotSigned() throws Exception {
    URI ask = ask();
    Result forged =
        taper(
            "",
            "approve",
            "--from",
            ask.toString(),
            "--public-key",
            "stranger.pub",
            "--key",
            "boss.key",
            "--yes");
    assertThat(forged.exit()).isNotZero();
    assertThat(forged.err()).contains("invalid_signature").doesNotContain("asks ");
    assertThat(asker.await(ask, Duration.ZERO)).isEqualTo(new Asked.Unanswered(ask));
  }

  @Test
  void approve_optionsThatContradict_areRefused() throws Exception {
    assertThat(taper("", "approve", "--yes").err()).contains("--from");
    assertThat(taper("", "approve", "ask.json", "--from", "https://x").err()).contains("--from");
    assertThat(approve(URI.create("http://jira.example.com/v1/asks/" + "A".repeat(22)), "").err())
        .contains("--unencrypted");
    assertThat(
            taper(
                    "",
                    "approve",
                    "ask.json",
                    "--unencrypted",
                    "--public-key",
                    "root.pub",
                    "--key",
                    "boss.key")
                .err())
        .contains("--unencrypted needs --from");
  }
}
