package dev.taper.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.taper.ShownText;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.testing.RealBrowser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The console's browser side: what it reads, in Node.js; its pages, in Chromium; and what it signs,
 * before a verifier. Without Chromium or what {@code operations/src/test/node/install} installs the
 * tests are skipped, and fail where everything has to be there.
 */
class PagesTest {
  private static final Path SCRIPTS = Path.of("src/test/node/console");
  private static final int MINUTES = 20;
  private static final String AUDIENCE = "svc:jira";

  /** Halves of surrogate pairs can only be written as escapes. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  @TempDir Path folder;

  @BeforeAll
  static void demand() {
    RealBrowser.demand();
  }

  @Test
  void reading_vectorsAndShownText_isAsInTheEngine() throws Exception {
    Path cases = folder.resolve("shown.json");
    Files.writeString(cases, JSON.writeValueAsString(shownCases()));

    assertThat(run(cases, "reading.test.mjs", "vectors.test.mjs"))
        .contains("# fail 0", "# skipped 0");
  }

  @Test
  void pages_inARealBrowser_doWhatTheySay() throws Exception {
    assertThat(run(folder, "pages.test.mjs")).contains("# fail 0", "# skipped 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "P-256"})
  void approval_madeInABrowser_activatesTheGrant(String algorithm) throws Exception {
    Process browser =
        new ProcessBuilder("node", "approver.mjs", algorithm)
            .directory(SCRIPTS.toFile())
            .redirectError(folder.resolve("errors.txt").toFile())
            .start();
    try (BufferedReader said = browser.inputReader(StandardCharsets.UTF_8);
        PrintStream asking =
            new PrintStream(browser.getOutputStream(), true, StandardCharsets.UTF_8)) {
      assertActivated(line(said), said, asking);
    } finally {
      browser.destroy();
      browser.waitFor(MINUTES, TimeUnit.MINUTES);
    }
  }

  private void assertActivated(String approver, BufferedReader said, PrintStream asking)
      throws IOException {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey planner = PrivateKey.generate(Algorithm.SECP256R1);
    PrivateKey helper = PrivateKey.generate(Algorithm.ED25519);
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", planner.publicKey()))
                    .task("T-4711", "clean up")
                    .grant("jira.delete delete on jira:project/ACME/ if approved by " + approver)
                    .expiresIn(Duration.ofHours(1)))
            .delegate(planner, Hop.to(Agent.of("agent:helper", helper.publicKey())));
    ToolCatalog catalog = catalog();
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .audience(AUDIENCE)
            .catalog(catalog)
            .withoutRevocation()
            .approvalUsesOfOneProcess()
            .build();
    ToolCall call = catalog.call("jira.delete", "{\"id\": \"12\", \"size\": 9007199254740993}");
    CallDecision refusal =
        verifier.decide(
            Credentials.of(
                token.encodeBase64(), token.prove(helper, call, AUDIENCE).encodeBase64()),
            call);
    ApprovalRequest request =
        ((CallDecision.Denied) refusal).approvalRequest(token.token(), "a duplicate");

    asking.println(
        JSON.writeValueAsString(
            Map.of(
                "request", request.encode(),
                "root", root.publicKey().toString(),
                "planner", planner.publicKey().toString(),
                "catalog", catalog.digest())));
    List<String> approvals = List.of(line(said));

    assertThat(decide(verifier, token, helper, call, approvals).allowed()).isTrue();
    // It was for one call: another one is refused, and so is the same a second time.
    ToolCall other = catalog.call("jira.delete", "{\"id\": \"13\", \"size\": 9007199254740993}");
    assertThat(decide(verifier, token, helper, other, approvals).allowed()).isFalse();
    assertThat(decide(verifier, token, helper, call, approvals).allowed()).isFalse();
  }

  private static CallDecision decide(
      Verifier verifier, AgentToken token, PrivateKey holder, ToolCall call, List<String> sent) {
    String proof =
        token
            .prove(holder, call.sent(), AUDIENCE, SentApprovals.of(sent), Clock.systemUTC())
            .encodeBase64();
    return verifier.decide(new Credentials(token.encodeBase64(), proof, sent), call);
  }

  private static ToolCatalog catalog() {
    return ToolCatalog.parse(
        """
        {"format": "taper/1 catalog", "audience": "svc:jira", "tools": {
          "jira.delete": {"operation": "delete", "resource": "jira:project/ACME/{id}",
            "arguments": {"id": {"type": "string", "required": true},
              "size": {"type": "integer"}}}}}
        """);
  }

  private String line(BufferedReader said) throws IOException {
    String line = said.readLine();
    assertThat(line).as(Files.readString(folder.resolve("errors.txt"))).isNotNull();
    return line;
  }

  /** Texts of all kinds, and how the engine shows them. */
  private static List<Map<String, Object>> shownCases() {
    List<Map<String, Object>> cases = new ArrayList<>();
    Random random = new Random(17);
    int[] odd = {' ', ' ', '\n', '\t', 0xa0, 0x202e, 0x200b, 0xfeff, 0x301, 0x488, 0x3000, 0x5d0};
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        switch (random.nextInt(4)) {
          case 0 -> text.appendCodePoint(odd[random.nextInt(odd.length)]);
          case 1 -> text.append((char) (0xd800 + random.nextInt(0x800)));
          case 2 -> text.appendCodePoint(assigned(random));
          default -> text.append((char) ('a' + random.nextInt(26)));
        }
      }
      int most = i % 2 == 0 ? 1000 : random.nextInt(60);
      String shown = ShownText.of(text.toString(), most);
      cases.add(
          Map.of(
              "text",
              text.toString(),
              "most",
              most,
              "shown",
              shown,
              "columns",
              ShownText.columns(shown)));
    }
    return cases;
  }

  /** A character that this Java knows; a browser may know more. */
  private static int assigned(Random random) {
    int point = random.nextInt(0x2fa20);
    return Character.getType(point) == Character.UNASSIGNED ? 'x' : point;
  }

  private String run(Path cases, String... tests) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", "--test"));
    command.addAll(List.of(tests));
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(SCRIPTS.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("SHOWN_CASES", cases.toString());
    Process process = builder.start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }
}
