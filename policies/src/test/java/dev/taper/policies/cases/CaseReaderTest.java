package dev.taper.policies.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaseReaderTest {
  private static final String CASE = "{name: a, request: {tool: t}, expect: allow, by: x}";

  private static List<PolicyCase> read(String yaml) {
    return CaseReader.read("x", Path.of("x.cases.yaml"), yaml);
  }

  @Test
  void read_case_takesWhatIsSharedUnlessItSaysOtherwise() {
    List<PolicyCase> cases =
        read(
            """
            time: 2030-02-01T00:00:00Z
            facts: a(1);
            request: {tool: t, args: {n: 1.5, list: [1, null, true], deep: {x: y}}}
            token: {delegator: "user:bob"}
            cases:
              - {name: first, expect: allow, by: x}
              - name: second
                time: 2030-02-01T00:10:00Z
                facts: ""
                request: {tool: u}
                policies: [x, y]
                expect: deny
                code: expired
                by: hop 0
            """);

    assertThat(cases).hasSize(2);
    PolicyCase first = cases.get(0);
    assertThat(first.policies()).containsExactly("x", "default");
    assertThat(first.facts()).hasToString("a(1);\n");
    assertThat(first.token())
        .isInstanceOfSatisfying(
            TokenSpec.class, token -> assertThat(token.delegator()).isEqualTo("user:bob"));
    assertThat(first.call())
        .isEqualTo(
            ToolCall.parse(
                "{\"tool\": \"t\", \"args\": {\"n\": 1.5, \"list\": [1, null, true],"
                    + " \"deep\": {\"x\": \"y\"}}}"));
    PolicyCase second = cases.get(1);
    assertThat(second.issued()).isEqualTo(Instant.parse("2030-02-01T00:00:00Z"));
    assertThat(second.time()).isEqualTo(Instant.parse("2030-02-01T00:10:00Z"));
    assertThat(second.facts()).hasToString("");
    assertThat(second.policies()).containsExactly("x", "y");
    assertThat(second.expected()).hasToString("deny expired by hop 0");
  }

  @Test
  void read_misspeltName_isNamedWithTheNearest() {
    assertThatThrownBy(() -> read("cases: [{name: a, reqest: {tool: t}, expect: allow}]"))
        .isInstanceOf(TaperException.class)
        .hasMessage("x.cases.yaml, case 1: there is no \"reqest\"; did you mean request?");
    assertThatThrownBy(() -> read("colour: red\ncases: [" + CASE + "]"))
        .hasMessageContaining("there is no \"colour\"; there are policies, facts, ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "cases: []",
        "cases: {}",
        "cases: [{name: a, request: {tool: t}, expect: perhaps}]",
        "cases: [{name: a, request: {tool: t}, expect: deny}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, code: expired}]",
        "cases: [{name: a, request: {tool: t}}]",
        "cases: [{name: a, request: {tool: t, tol: 1}, expect: allow}]",
        "cases: [{name: a, request: {}, expect: allow}]",
        "cases: [{request: {tool: t}, expect: allow}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, fact: a}]",
        "cases: [{name: a, name: b, request: {tool: t}, expect: allow}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, time: soon}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, time: 1969-12-31T23:59:59Z}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, time: +10000-01-01T00:00:00Z}]",
        "time: +1000000000-01-01T00:00:00Z\ncases: [{name: a, request: {tool: t}, expect: allow}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {mode: lent}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {hops: [{grants: []}]}}]",
        "cases: [{name: a, request: {tool: t, args: {x: .inf}}, expect: allow}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, facts: a(}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {authority: a(}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {hops: [{expires: 1}]}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {file: missing, root: r}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {file: m, hops: []}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {file: \"\\0\", root: r}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, policies: [../x]}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, policies: [\"\\0\"]}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {root: r}}]",
        "cases: [",
        "cases: !!java.net.URL [x]",
      })
  void read_wrongFile_isRefused(String yaml) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOfSatisfying(
            TaperException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_POLICY_CASE))
        .hasMessageContaining("x.cases.yaml");
  }

  @Test
  void read_goodFile_isTaken() {
    assertThat(read("cases: [" + CASE + "]")).hasSize(1);
  }

  @Test
  void read_tokenBesideOrBelow_isTakenAndFromElsewhereRefused(@TempDir Path folder)
      throws IOException {
    PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    AgentToken token =
        Issuer.of(root)
            .mint(
                Delegation.by("user:alice@acme.com")
                    .to(Agent.of("agent:planner", key.publicKey()))
                    .task("T-1")
                    .grant("t")
                    .expiresIn(Duration.ofHours(1)));
    Files.createDirectories(folder.resolve("cases/below"));
    for (Path place : List.of(folder, folder.resolve("cases"), folder.resolve("cases/below"))) {
      Files.writeString(place.resolve("planner.token"), token.encodeBase64());
      Files.writeString(place.resolve("root.pub"), root.publicKey().toString());
    }
    Files.createSymbolicLink(folder.resolve("cases/link.token"), folder.resolve("planner.token"));
    Path file = folder.resolve("cases/x.cases.yaml");

    assertThat(CaseReader.read("x", file, stored("planner.token"))).hasSize(1);
    assertThat(CaseReader.read("x", file, stored("below/planner.token"))).hasSize(1);
    for (String outside :
        List.of("../planner.token", folder.resolve("planner.token").toString(), "link.token")) {
      assertThatThrownBy(() -> CaseReader.read("x", file, stored(outside)))
          .isInstanceOfSatisfying(
              TaperException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_POLICY_CASE))
          .hasMessageContaining("not beside the cases");
    }
  }

  private static String stored(String token) {
    return "cases: [{name: a, request: {tool: t}, expect: allow, by: x, token: {file: \""
        + token
        + "\", root: root.pub}}]";
  }
}
