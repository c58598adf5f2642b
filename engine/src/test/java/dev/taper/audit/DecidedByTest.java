package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision.Decider;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a record says of what decided, and of the arguments that its owner chose. */
class DecidedByTest {
  private final Trails trails = new Trails();
  private final List<DecisionEvent> told = new ArrayList<>();

  private VerifierBuilder verifier() {
    return trails.verifier().listener(told::add);
  }

  private AuditBasis basis(VerifierBuilder builder, ToolCall call) {
    trails.call(builder.build(), call);
    return Objects.requireNonNull(AuditEvent.decided(told.get(told.size() - 1)).basis());
  }

  private static PolicySet parts() {
    return PolicySet.of(
        List.of(
            new PolicySet.Part(
                "limits", Datalog.authorizer("check if arg(\"limit\", $n), $n < 10;")),
            new PolicySet.Part(
                "rules",
                Datalog.authorizer(
                    "deny if resource(\"jira:project/ACME/Q3/13\"); allow if true;"))));
  }

  private static ToolCall search(long limit, String issue) {
    return ToolCall.of("jira.search")
        .operation("read")
        .on("jira:project/ACME/Q3/" + issue)
        .arg("limit", limit);
  }

  @Test
  void decider_allowed_isThePolicyOfItsPart() {
    assertThat(basis(verifier().policies(parts()), search(5, "12")).decider())
        .isEqualTo(new Decider(false, 1, "rules", null));
  }

  @Test
  void decider_deniedByAPolicy_isThatPolicy() {
    assertThat(basis(verifier().policies(parts()), search(5, "13")).decider())
        .isEqualTo(new Decider(false, 0, "rules", null));
  }

  @Test
  void decider_serviceCheckFails_isThatCheck() {
    assertThat(basis(verifier().policies(parts()), search(50, "12")).decider())
        .isEqualTo(new Decider(true, 0, "limits", null));
  }

  @Test
  void decider_hopsAndServiceRefuse_isTheEarliestHopsCheck() {
    Decider decider =
        Objects.requireNonNull(
            basis(verifier().policies(parts()), ToolCall.of("mail.send").arg("limit", 50))
                .decider());
    assertThat(decider.check()).isTrue();
    assertThat(decider.block()).isZero();
    assertThat(decider.part()).isNull();
  }

  @Test
  void decider_onlyObserved_isWhatWouldHaveDenied() {
    AuditBasis basis = basis(verifier().policies(parts()).observeOnly(), search(50, "12"));
    assertThat(basis.isObserved()).isTrue();
    assertThat(basis.decider()).isEqualTo(new Decider(true, 0, "limits", null));
  }

  @Test
  void basis_proofTakenWithoutTheSharedMemory_isReadAsThat() {
    VerifierBuilder away =
        verifier()
            .replayMemory(
                (use, share, now) -> {
                  throw new TaperException(ErrorCode.REPLAY_CACHE_UNAVAILABLE, "no");
                })
            .proofsOfOneProcessWhileAway(Duration.ofMinutes(1), 1);
    assertThat(basis(away, search(5, "12")).isAlone()).isTrue();
    AuditRecord record =
        AuditRecord.of(1, AuditRecord.NO_PREVIOUS, AuditEvent.decided(told.get(0)));

    assertThat(record.json()).contains("\"mode\":\"alone\"");
    assertThat(AuditRecord.parse(record.json())).isEqualTo(record);
  }

  @Test
  void decider_callerAndUnprovenDenial_learnAndSayNothingOfIt() {
    Verifier verifier = verifier().policies(parts()).build();
    trails.call(verifier, search(50, "12"));
    assertThat(told.get(0).decision().toJson()).doesNotContain("limits");
    assertThat(told.get(0).decision().explanation()).doesNotContain("limits");

    var unproven =
        verifier.decide(
            Credentials.of(trails.atResearcher.encodeBase64(), (String) null), search(50, "12"));
    assertThat(unproven.allowed()).isFalse();
    AuditEvent brief = AuditEvent.decided(told.get(1));
    assertThat(Objects.requireNonNull(brief.basis()).decider()).isNull();
  }

  private String recorded(List<String> names, ToolCall call) {
    MemorySink sink = new MemorySink();
    try (AuditLog log = trails.log(sink).recordArguments(names).open()) {
      trails.call(trails.verifier().listener(log).build(), call);
    }
    return sink.records.stream()
        .map(AuditRecord::json)
        .filter(json -> json.contains("\"call\""))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void recordArguments_named_areRecordedAndNoOthers() {
    ToolCall call = Trails.search().arg("id", 12).arg("to", "someone");
    String json =
        recorded(
            List.of("jira.search.id", "jira.search.missing", "jira.search.query.x", "mail.send.to"),
            call);
    assertThat(json)
        .contains("\"recorded\":{\"id\":\"12\"}")
        .doesNotContain("secret words", "someone");
    assertThat(AuditRecord.parse(json).json()).isEqualTo(json);
    assertThat(recorded(List.of(), call)).doesNotContain("recorded");
    assertThat(recorded(List.of("jira.search.query"), call))
        .contains("\"recorded\":{\"query\":\"\\\"secret words\\\"\"}");
  }

  @Test
  void recordArguments_longValue_isCut() {
    String json =
        recorded(List.of("jira.search.body"), Trails.search().arg("body", "x".repeat(10_000)));
    AuditEvent event = (AuditEvent) AuditRecord.parse(json).content();
    String body = Objects.requireNonNull(event.call()).recorded().get("body");
    assertThat(body).hasSize(AuditEvent.Call.MAX_ARGUMENT).endsWith("…");
    assertThat(json).hasSizeLessThan(4_000);
  }

  @Test
  void recordArguments_unprovenDenial_hasNone() {
    MemorySink sink = new MemorySink();
    try (AuditLog log = trails.log(sink).recordArguments(List.of("jira.search.query")).open()) {
      Verifier verifier = trails.verifier().listener(log).build();
      var unproven =
          verifier.decide(
              Credentials.of(trails.atResearcher.encodeBase64(), (String) null), Trails.search());
      assertThat(unproven.allowed()).isFalse();
    }
    assertThat(sink.records.toString()).doesNotContain("recorded");
    assertThat(sink.kinds()).contains(AuditKind.DENY);
    assertThat(sink.records).noneMatch(record -> record.json().contains("secret words"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "jira", ".id", "jira.search.", "jira.*.id", "*", "*.id"})
  void recordArguments_noArgumentOfATool_isRefused(String name) {
    refused(List.of(name));
  }

  @Test
  void recordArguments_tooMany_isRefused() {
    List<String> ofOneTool = new ArrayList<>();
    for (int i = 0; i <= AuditEvent.Call.MAX_ARGUMENTS; i++) {
      ofOneTool.add("jira.search.a" + i);
    }
    refused(ofOneTool);
    refused(Collections.nCopies(257, "jira.search.id"));
    trails.log(new MemorySink()).recordArguments(Collections.nCopies(256, "jira.search.id"));
    trails
        .log(new MemorySink())
        .recordArguments(ofOneTool.subList(0, AuditEvent.Call.MAX_ARGUMENTS));
  }

  private void refused(List<String> names) {
    AuditLog.Builder builder = trails.log(new MemorySink());
    assertThatThrownBy(() -> builder.recordArguments(names))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }
}
