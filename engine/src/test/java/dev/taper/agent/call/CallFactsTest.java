package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.crypto.PublicKey;
import dev.taper.testing.Refused;
import dev.taper.token.Token;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallFactsTest {
  private static final PublicKey KEY =
      PublicKey.parse("ed25519/d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  private static final CallFacts FACTS = ToolCall.of("t").facts();

  @Test
  void everyPart_isStatedInOrder() {
    CallFacts facts =
        FACTS
            .time(clock("2026-03-01T12:00:00.999Z"))
            .audience("svc:jira")
            .depth(2)
            .delegation(0, "agent:a", KEY)
            .delegation(1, "agent:b", KEY)
            .invoker("agent:b")
            .presented(Token.Kind.HELD)
            .holderVerified("agent:a")
            .holderVerified("agent:b")
            .justified("t", "because", Duration.ofMinutes(15))
            .approvers(List.of(KEY, KEY));

    assertThat(facts.toDatalog())
        .isEqualTo(
            """
            tool("t");
            arg_names({,});
            time(2026-03-01T12:00:00Z);
            audience("svc:jira");
            depth(2);
            delegation(0, "agent:a", "KEY");
            delegation(1, "agent:b", "KEY");
            invoker("agent:b");
            presented("held");
            holder_verified("agent:a");
            holder_verified("agent:b");
            justified("t", "because");
            justified_for(900);
            approvers({"KEY"});
            """
                .replace("KEY", KEY.toString()));
    assertThat(facts.named("holder_verified")).hasSize(2);
    assertThat(FACTS.list()).hasSize(2);
  }

  @Test
  void singleFacts_statedTwice_areRefused() {
    Clock clock = clock("2026-03-01T12:00:00Z");
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> FACTS.time(clock).time(clock));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> FACTS.audience("a").audience("b"));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> FACTS.depth(1).depth(2));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> FACTS.approvers(List.of(KEY)).approvers(List.of(KEY)));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> FACTS.invoker("a").invoker("b"));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT,
        () -> FACTS.presented(Token.Kind.HELD).presented(Token.Kind.BEARER));
    Refused.with(
        ErrorCode.INVALID_ARGUMENT, () -> FACTS.delegation(0, "a", KEY).delegation(0, "b", KEY));
  }

  @Test
  void and_singleFactsOfBoth_areRefused() {
    CallFacts none = CallFacts.none();
    List<CallFacts> singles =
        List.of(
            none.time(clock("2026-03-01T12:00:00Z")),
            none.audience("a"),
            none.depth(1),
            none.approvers(List.of(KEY)),
            none.invoker("a"),
            none.presented(Token.Kind.HELD));
    CallFacts all = singles.stream().reduce(FACTS, CallFacts::and);
    for (CallFacts a : singles) {
      String twice = a.list().get(0).predicate().name() + " is stated twice";
      Refused.with(ErrorCode.INVALID_ARGUMENT, twice, () -> all.and(a));
      Refused.with(ErrorCode.INVALID_ARGUMENT, twice, () -> a.and(all));
      for (CallFacts b : singles) {
        if (!a.equals(b)) {
          assertThat(a.and(b).list()).containsExactly(a.list().get(0), b.list().get(0));
        }
      }
    }
  }

  /** Logs have names alone: a value may be confidential. */
  @Test
  void toString_facts_showsNoValues() {
    CallFacts facts =
        ToolCall.of("t").on("r").arg("url", "https://a.example/").facts().audience("svc:a");

    assertThat(facts)
        .hasToString(
            "CallFacts(tool, resource, arg_names, arg \"url\", arg_url \"url\","
                + " arg_host_class \"url\", audience)");
    assertThat(facts).isEqualTo(CallFacts.none().and(facts)).isEqualTo(facts.and(CallFacts.none()));
    assertThat(facts).hasSameHashCodeAs(CallFacts.none().and(facts));
    assertThat(facts).isNotEqualTo(facts.depth(1));
  }

  @Test
  void impossibleValues_areRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> FACTS.depth(-1));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> FACTS.delegation(-1, "a", KEY));
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> FACTS.time(clock("1969-12-31T23:59:59Z")));
    Refused.with(ErrorCode.INVALID_REQUEST, () -> FACTS.audience("svc:\0"));
  }

  private static Clock clock(String instant) {
    return Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
  }
}
