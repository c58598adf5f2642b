package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConditionTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static CallFacts at(Instant time) {
    return ToolCall.of("t").facts().time(Clock.fixed(time, ZoneOffset.UTC));
  }

  private static boolean holds(Condition condition, CallFacts facts) {
    return condition.mismatch(facts) == null;
  }

  @Test
  void expires_edges_endAtTheInstant() {
    Condition expiry = Condition.expires(NOON);
    assertThat(holds(expiry, at(NOON.minusSeconds(1)))).isTrue();
    assertThat(holds(expiry, at(NOON.minusMillis(1)))).isTrue();
    assertThat(holds(expiry, at(NOON))).isFalse();
    assertThat(expiry.words(2)).isEqualTo(expiry.words()).isNotEmpty();
    assertThat(expiry.mismatch(at(NOON)))
        .hasToString("time is 2026-11-24T12:00:00Z; needed: until 2026-11-24T12:00:00Z");
    assertThat(expiry.mismatch(ToolCall.of("t").facts()))
        .hasToString("no time was given; needed: until 2026-11-24T12:00:00Z");
  }

  @Test
  void notBefore_edges_beginAtTheInstant() {
    Condition start = Condition.notBefore(NOON);
    assertThat(holds(start, at(NOON.minusSeconds(1)))).isFalse();
    assertThat(holds(start, at(NOON))).isTrue();
  }

  @Test
  void instants_fractions_areCutToTheNarrowerSide() {
    assertThat(Condition.expires(NOON.plusMillis(999))).isEqualTo(Condition.expires(NOON));
    assertThat(Condition.notBefore(NOON.plusMillis(1)))
        .isEqualTo(Condition.notBefore(NOON.plusSeconds(1)));
    assertThat(Condition.notBefore(NOON)).isEqualTo(new NotBefore(NOON));
  }

  @Test
  void factories_senselessValues_areRefused() {
    refuses(() -> Condition.expires(Instant.ofEpochSecond(-1)));
    refuses(() -> Condition.expires(Instant.MAX));
    refuses(() -> new Expiry(NOON.plusMillis(1)));
    refuses(() -> new NotBefore(NOON.plusMillis(1)));
    refuses(() -> Condition.audience());
    refuses(() -> Condition.audience("svc:jira "));
    refuses(() -> Condition.task(""));
    refuses(() -> Condition.maxDepth(-1));
  }

  private static void refuses(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void others_requests_holdOrSayWhy() {
    CallFacts facts =
        ToolCall.of("t")
            .facts()
            .audience("svc:crm")
            .depth(2)
            .invoker("agent:x")
            .budgetStore("acme");
    assertThat(Condition.audience("svc:http", "svc:jira").mismatch(facts))
        .hasToString("audience svc:crm is not among: svc:http, svc:jira");
    assertThat(Condition.maxDepth(1).mismatch(facts))
        .hasToString("depth is 2; needed: at most 1 hop");
    assertThat(Condition.verifiedHolder().mismatch(facts.holderVerified("agent:y")))
        .hasToString("invoker is agent:x; needed: verified holders only");
    assertThat(Condition.task("T-1").mismatch(facts)).hasToString("no task was given; needed: T-1");
    assertThat(new BudgetStore("other").mismatch(facts))
        .hasToString("budget store is acme; needed: other");
    assertThat(new BudgetStore("other").words()).isEqualTo("where budgets of other are kept");
    for (Condition condition :
        List.of(
            Condition.audience("svc:crm", "svc:a"),
            Condition.maxDepth(2),
            new BudgetStore("acme"),
            Condition.verifiedHolder())) {
      assertThat(condition.mismatch(facts.holderVerified("agent:x"))).isNull();
    }
  }
}
