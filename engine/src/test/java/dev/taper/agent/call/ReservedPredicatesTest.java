package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.Fact;
import dev.taper.token.Token;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReservedPredicatesTest {
  /** Nothing that a verifier states may be missing from the list, and nothing else is on it. */
  @Test
  void names_everythingAVerifierStates_isReserved() {
    CallFacts facts =
        ToolCall.of("t")
            .operation("o")
            .on("r")
            .arg("n", 1)
            .arg("u", "https://acme.com/")
            .arg("p", "/x")
            .argJson("big", "1e30")
            .text("prose", "cafe\u0301")
            .arg("ip", "https://10.0.0.1/")
            .argJson("urls", "[\"https://acme.com/\"]")
            .facts()
            .time(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
            .audience("svc:jira")
            .budgetStore("main")
            .depth(1)
            .delegation(0, "agent:a", PrivateKey.generate(Algorithm.ED25519).publicKey())
            .invoker("agent:a")
            .presented(Token.Kind.HELD)
            .holderVerified("agent:a")
            .justified("t", "because", Duration.ofMinutes(15))
            .approvers(List.of(PrivateKey.generate(Algorithm.ED25519).publicKey()))
            .approvedBy("finance", List.of("user:erin"));
    Set<String> stated = new TreeSet<>();
    for (Fact fact : facts.list()) {
      stated.add(fact.predicate().name());
    }
    assertThat(ReservedPredicates.names()).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(ReservedPredicates.names())).isEqualTo(stated);
  }

  @Test
  void contains_exactNamesAndWhatIsOfTheProfile() {
    for (String name : ReservedPredicates.names()) {
      assertThat(ReservedPredicates.contains(name)).isTrue();
    }
    for (String name : new String[] {"taper_", "taper_x", "taper_budget"}) {
      assertThat(ReservedPredicates.contains(name)).isTrue();
    }
    for (String name :
        new String[] {"", "Tool", "tools", "holder", "task", "right", "taper", "Taper_x"}) {
      assertThat(ReservedPredicates.contains(name)).isFalse();
    }
  }
}
