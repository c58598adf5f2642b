package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.crypto.Digests;
import dev.taper.testing.Refused;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentApprovalsTest {
  private static List<byte[]> approvals(int count) {
    List<byte[]> approvals = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      approvals.add(new byte[] {1, (byte) i});
    }
    return approvals;
  }

  @Test
  void digest_anyOrder_isOne() {
    List<byte[]> approvals = approvals(SentApprovals.MAX);
    byte[] digest = SentApprovals.ofBytes(approvals).digest();
    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(approvals, new Random(seed));
      assertThat(SentApprovals.ofBytes(approvals).digest()).isEqualTo(digest);
    }
  }

  /** Ascending as unsigned bytes, then concatenated. */
  @Test
  void digest_twoApprovals_isOfTheirDigestsInOrder() {
    byte[] first = Digests.sha256(new byte[] {1, 0});
    byte[] second = Digests.sha256(new byte[] {1, 1});
    boolean ascending = java.util.Arrays.compareUnsigned(first, second) < 0;
    byte[] both = new byte[64];
    System.arraycopy(ascending ? first : second, 0, both, 0, 32);
    System.arraycopy(ascending ? second : first, 0, both, 32, 32);

    assertThat(SentApprovals.ofBytes(approvals(2)).digest()).isEqualTo(Digests.sha256(both));
  }

  @Test
  void digest_moreFewerOrOthers_isAnother() {
    List<byte[]> digests = new ArrayList<>();
    for (int count = 0; count <= SentApprovals.MAX; count++) {
      digests.add(SentApprovals.ofBytes(approvals(count)).digest());
    }
    digests.add(SentApprovals.ofBytes(List.of(new byte[] {1, 0, 1, 1})).digest());
    assertThat(digests.stream().map(java.util.HexFormat.of()::formatHex)).doesNotHaveDuplicates();
  }

  @Test
  void of_sameApprovalTwice_isRefused() {
    List<byte[]> approvals = approvals(3);
    approvals.add(new byte[] {1, 1});

    Refused.with(ErrorCode.MALFORMED_APPROVAL, () -> SentApprovals.ofBytes(approvals));
  }

  @Test
  void of_tooMany_isRefused() {
    Refused.with(
        ErrorCode.MALFORMED_APPROVAL,
        () -> SentApprovals.ofBytes(approvals(SentApprovals.MAX + 1)));
  }

  @Test
  void of_text_isThatOfTheBytesInOneSpelling() {
    List<byte[]> approvals = approvals(2);
    List<String> texts = List.of("AQA", "AQE");

    assertThat(SentApprovals.of(texts).digest())
        .isEqualTo(SentApprovals.ofBytes(approvals).digest());
    assertThat(SentApprovals.of(texts).isEmpty()).isFalse();
    assertThat(SentApprovals.of(List.of()).isEmpty()).isTrue();
    assertThat(SentApprovals.bytes("A".repeat(6_000))).hasSize(4_500);
    for (String bad : List.of("AQA=", "AQB", "AQ A", "AQA\n", "+w", "A".repeat(6_004))) {
      Refused.with(ErrorCode.MALFORMED_APPROVAL, () -> SentApprovals.of(List.of(bad)));
    }
  }

  @Test
  void encoded_bytesChangedOutside_staysAsItWas() {
    byte[] one = {1, 2};
    SentApprovals approvals = SentApprovals.ofBytes(List.of(one));
    one[0] = 9;
    approvals.encoded().get(0)[1] = 9;

    assertThat(approvals.encoded()).containsExactly(new byte[] {1, 2});
    assertThat(approvals).hasToString("SentApprovals(1)");
  }
}
