package dev.taper.assurance.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Worlds of the engine's own parts: no history breaks a rule, and much happens in them. */
class WorldTest {
  private static final int SEEDS = 8;

  private static History history(long seed) {
    return World.run(seed, Step.plan(seed, Simulate.STEPS), new Parts());
  }

  @Test
  void run_someSeeds_breaksNoRuleThoughMuchGoesWrong() {
    Map<String, Integer> answers = new TreeMap<>();
    Map<String, Integer> faults = new TreeMap<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      History history = history(seed);
      Broken broken = Checker.check(history);
      assertThat(broken == null ? "" : broken.text()).as("seed %d", seed).isEmpty();
      history.answers().forEach((answer, count) -> answers.merge(answer, count, Integer::sum));
      history.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
    }
    assertThat(answers)
        .containsKeys(
            "allowed",
            "allowed alone",
            "none",
            "approval_expired",
            "approval_mismatch",
            "approval_required",
            "approval_used",
            "audit_unavailable",
            "budget_exhausted",
            "budget_unavailable",
            "check_failed",
            "expired",
            "proof_expired",
            "proof_not_yet_valid",
            "proof_replayed",
            "replay_cache_unavailable",
            "revocation_stale",
            "revocation_unavailable",
            "revoked",
            "unknown_root_key");
    assertThat(answers.get("allowed")).isGreaterThan(100 * SEEDS);
    assertThat(faults)
        .containsKeys(
            "answers lost",
            "clocks set",
            "connections cut",
            "disks full",
            "list servers restored",
            "machines without power",
            "requests lost",
            "stores crashed",
            "verifiers crashed",
            "verifiers stopped",
            "writes lost",
            "writes torn");
  }

  @Test
  void run_sameSeed_isTheSameHistory() {
    String history = history(7).text();

    assertThat(history(7).text()).isEqualTo(history);
    assertThat(history(8).text()).isNotEqualTo(history);
  }

  @Test
  void plan_withoutSomeSteps_leavesTheOthersAsTheyAre() {
    List<Step> plan = Step.plan(7, 20);

    assertThat(Step.plan(7, 10)).isEqualTo(plan.subList(0, 10));
    assertThat(World.run(7, List.of(), new Parts()).calls()).isZero();
  }
}
