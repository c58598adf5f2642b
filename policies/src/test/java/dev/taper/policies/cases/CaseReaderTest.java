package dev.taper.policies.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
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
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {mode: lent}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {hops: [{grants: []}]}}]",
        "cases: [{name: a, request: {tool: t, args: {x: .inf}}, expect: allow}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, facts: a(}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {authority: a(}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {hops: [{expires: 1}]}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {file: missing, root: r}}]",
        "cases: [{name: a, request: {tool: t}, expect: allow, token: {file: m, hops: []}}]",
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
}
