package dev.taper.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.benchmarks.peer.Peer;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.SignatureBackend;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 7})
  void token_anySize_saysWhatTheDatalogBesideItSays(int blocks) {
    PublicKey root = PublicKey.of(Algorithm.ED25519, Workload.rootKey());
    Token token = UnverifiedToken.decode(Workload.token(blocks)).verify(root);
    List<Block> expected = new ArrayList<>();
    for (int i = 0; i <= blocks; i++) {
      expected.add(Datalog.block(Workload.block(i)));
    }
    List<Block> actual = new ArrayList<>();
    token.blocks().forEach(block -> actual.add(block.block()));
    assertThat(actual).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 7})
  void authorize_anySize_everyPeerEndsWithTheExpectedPolicy(int blocks) {
    byte[] token = Workload.token(blocks);
    String taper = "taper-" + SignatureBackend.preferred().name();
    for (boolean prepared : new boolean[] {true, false}) {
      for (String peer : List.of(taper, "biscuit-java")) {
        assertThat(Peer.of(peer, prepared).authorize(token)).isEqualTo(Workload.EXPECTED_POLICY);
        assertThat(Peer.of(peer, prepared).keep(token).getAsInt())
            .isEqualTo(Workload.EXPECTED_POLICY);
      }
    }
  }
}
