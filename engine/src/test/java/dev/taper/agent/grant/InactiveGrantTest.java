package dev.taper.agent.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CallFacts;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class InactiveGrantTest {
  private final PublicKey a = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private final PublicKey b = PrivateKey.generate(Algorithm.SECP256R1).publicKey();
  private final PublicKey c = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private final CallFacts call = ToolCall.of("jira.delete").facts();

  private Grant delete() {
    return Grant.tools("jira.delete");
  }

  private CallFacts approved(PublicKey... keys) {
    return call.approvers(List.of(keys));
  }

  private CallFacts justified(Duration window) {
    return call.justified("jira.delete", "a duplicate", window);
  }

  @Test
  void allows_dormantGrant_onlyWithWhatItRequires() {
    Grant grant = delete().ifJustified(Duration.ofMinutes(15));

    assertThat(grant.allows(call)).isFalse();
    assertThat(grant.covers(call)).isTrue();
    assertThat(grant.allows(justified(Duration.ofMinutes(15)))).isTrue();
    assertThat(grant.allows(justified(Duration.ofSeconds(901)))).isFalse();
    assertThat(delete().ifJustified().allows(justified(Duration.ofDays(9)))).isTrue();
    assertThat(grant.allows(approved(a))).isFalse();
  }

  @Test
  void allows_approvals_countsTheNamedKeys() {
    Grant two = delete().ifApproved(2, a, b, b);

    assertThat(two.allows(approved(a))).isFalse();
    assertThat(two.allows(approved(a, a))).isFalse();
    assertThat(two.allows(approved(a, c))).isFalse();
    assertThat(two.allows(approved(c, b, a))).isTrue();
    assertThat(delete().ifApproved(a).allows(approved(c))).isFalse();
    assertThat(delete().ifApproved(1, a, b).allows(approved(b))).isTrue();
  }

  @Test
  void misses_requirementsThatAreNotMet_weighOneEach() {
    Grant grant = delete().ifApproved(a).ifApproved(b).ifJustified();

    assertThat(grant.misses(call).weight()).isEqualTo(3);
    assertThat(grant.misses(justified(Duration.ofHours(1))).weight()).isEqualTo(2);
    assertThat(grant.misses(approved(a)).weight()).isEqualTo(2);
    assertThat(grant.misses(approved(a, b)).weight()).isEqualTo(1);
    assertThat(delete().misses(call).weight()).isZero();
  }

  @Test
  void toString_approvers_saysHowManyOfWhom() {
    List<PublicKey> sorted =
        a.toString().compareTo(c.toString()) < 0 ? List.of(a, c) : List.of(c, a);
    String keys = sorted.get(0) + ", " + sorted.get(1);

    assertThat(delete().ifApproved(a)).hasToString("jira.delete if approved by " + a);
    assertThat(delete().ifApproved(2, a, c)).hasToString("jira.delete if approved by 2 of " + keys);
    assertThat(Grant.parse("jira.delete if approved by 2 of " + c + "," + a))
        .isEqualTo(delete().ifApproved(2, a, c));
    assertThat(delete().ifApproved(a).ifJustified(Duration.ofHours(1)))
        .hasToString("jira.delete if justified within 1h and approved by " + a);
    assertThat(Grants.parse("x if approved by " + a + " or y").alternatives())
        .containsExactly(Grant.tools("x").ifApproved(a), Grant.tools("y"));
  }

  @Test
  void check_approvers_isOneUniformShape() {
    assertThat(Grants.of(delete().ifApproved(a).ifApproved(b).ifJustified()).check())
        .hasToString(
            "check if tool(\"jira.delete\"), justified_for($justified_for), approvers($approvers),"
                + " approvers($approvers1), {\""
                + a
                + "\"}.intersection($approvers).length() >= 1, {\""
                + b
                + "\"}.intersection($approvers1).length() >= 1");
  }

  @Test
  void check_groups_standBeforeKeys() {
    Grant grant = delete().ifApproved(a).ifApprovedByGroup(2, "legal").ifApprovedByGroup(1, "it");

    assertThat(grant)
        .hasToString(
            "jira.delete if approved by 1 of group \"it\" and approved by 2 of group \"legal\" and"
                + " approved by "
                + a);
    assertThat(Grants.of(grant).check())
        .hasToString(
            "check if tool(\"jira.delete\"), approved_by(\"it\", $approved_by),"
                + " approved_by(\"legal\", $approved_by1), approvers($approvers),"
                + " $approved_by.length() >= 1, $approved_by1.length() >= 2, {\""
                + a
                + "\"}.intersection($approvers).length() >= 1");
    assertThat(Caveat.of(Grants.of(grant).check())).isEqualTo(Grants.of(grant));
  }

  @Test
  void allows_group_countsItsPersons() {
    Grant two = delete().ifApprovedByGroup(2, "finance");

    assertThat(two.allows(call)).isFalse();
    assertThat(two.allows(call.approvedBy("finance", List.of("user:a")))).isFalse();
    assertThat(two.allows(call.approvedBy("legal", List.of("user:a", "user:b")))).isFalse();
    assertThat(two.allows(call.approvedBy("finance", List.of("user:a", "user:b")))).isTrue();
    assertThat(two.mismatches(call))
        .isEqualTo(two.mismatches(call.approvedBy("finance", List.of("user:a"))));
  }

  @Test
  void intersect_groups_keepsTheLargerNumber() {
    assertThat(delete().ifApprovedByGroup(2, "x").intersect(delete().ifApprovedByGroup(3, "x")))
        .isEqualTo(delete().ifApprovedByGroup(3, "x"));
    assertThat(delete().ifApprovedByGroup(2, "x").intersect(delete().ifApprovedByGroup(1, "y")))
        .isEqualTo(delete().ifApprovedByGroup(1, "y").ifApprovedByGroup(2, "x"));
    assertThat(
            delete()
                .ifApprovedByGroup(1, "x")
                .comparedTo(delete().ifApprovedByGroup(2, "x"))
                .wider())
        .containsExactly("approved by 1 of group \"x\", instead of approved by 2 of group \"x\"");
  }

  @Test
  void parse_severalApproversWithoutACount_isRefused() {
    assertThatThrownBy(() -> Grant.parse("x if approved by " + a + ", " + b))
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("not how many of them")
        .hasMessageContaining("approved by 1 of");
  }

  @Test
  void fluent_impossibleApprovals_areRefused() {
    refuses(() -> delete().ifApproved(0, a));
    refuses(() -> delete().ifApproved(2, a, a));
    refuses(() -> delete().ifApproved(1));
    refuses(() -> delete().ifApprovedByGroup(0, "finance"));
    refuses(() -> delete().ifApprovedByGroup(33, "finance"));
    refuses(() -> delete().ifApprovedByGroup(1, " "));
    refuses(() -> delete().ifJustified(Duration.ZERO));
    refuses(() -> delete().ifJustified(Duration.ofMillis(1500)));
    PublicKey[] many = new PublicKey[NeededApproval.MOST + 1];
    for (int i = 0; i < many.length; i++) {
      many[i] = PrivateKey.generate(Algorithm.ED25519).publicKey();
    }
    refuses(() -> delete().ifApproved(1, many));
  }

  private static void refuses(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void intersect_requirements_keepsAllThatAreNotImplied() {
    Grant both = delete().ifApproved(a).intersect(delete().ifApproved(b).ifJustified());

    assertThat(both).isEqualTo(delete().ifJustified().ifApproved(a).ifApproved(b));
    assertThat(delete().intersect(delete().ifApproved(a))).isEqualTo(delete().ifApproved(a));
    assertThat(delete().ifApproved(1, a, b).intersect(delete().ifApproved(2, a, b, c)))
        .isEqualTo(delete().ifApproved(1, a, b).ifApproved(2, a, b, c));
    assertThat(delete().ifApproved(1, a, b).intersect(delete().ifApproved(a)))
        .isEqualTo(delete().ifApproved(a));
    assertThat(delete().ifApproved(2, a, b, c).intersect(delete().ifApproved(2, a, b)))
        .isEqualTo(delete().ifApproved(2, a, b));
  }

  @Test
  void comparedTo_otherRequirements_warnsUnlessTheyAreStricter() {
    Grant parent = delete().ifApproved(a).ifJustified(Duration.ofMinutes(15));

    assertThat(delete().comparedTo(parent).isClean()).isTrue(); // inherited, not dropped
    assertThat(parent.ifApproved(b).comparedTo(parent).isClean()).isTrue();
    assertThat(delete().ifApproved(b).comparedTo(parent).wider())
        .containsExactly("approved by " + b + ", instead of approved by " + a);
    assertThat(delete().ifJustified(Duration.ofHours(1)).comparedTo(parent).wider())
        .containsExactly("justified within 1h, wider than justified within 15m");
  }

  @Test
  void scope_laterBlockWithoutOrWithOtherRequirements_keepsTheFirst() {
    Block first = block(delete().ifApproved(a));

    EffectiveAuthority dropped = EffectiveAuthority.of(List.of(first, block(delete())));
    EffectiveAuthority replaced =
        EffectiveAuthority.of(List.of(first, block(delete().ifApproved(b))));

    assertThat(dropped.words()).isEqualTo("jira.delete, if approved by " + a);
    assertThat(dropped.allows(call)).isEqualTo(EffectiveAuthority.Answer.NO);
    assertThat(dropped.allows(approved(a))).isEqualTo(EffectiveAuthority.Answer.YES);
    assertThat(replaced.allows(approved(b))).isEqualTo(EffectiveAuthority.Answer.NO);
    assertThat(replaced.allows(approved(a, b))).isEqualTo(EffectiveAuthority.Answer.YES);
  }

  private static Block block(Grant grant) {
    return Block.builder().check(Grants.of(grant).check()).build();
  }

  @Test
  void mismatches_dormantGrant_saysWhatIsMissing() {
    Grant grant = delete().ifApproved(2, a, b).ifJustified();

    assertThat(grant.mismatches(call)).hasSize(2);
    assertThat(grant.mismatches(call).get(0))
        .hasToString("no justification counts for this call; needed: justified");
    assertThat(grant.mismatches(approved(a)).get(1).toString())
        .startsWith("approval is 1 of 2; needed: approved by 2 of ");
  }
}
