package dev.taper.agent.approval;

import dev.taper.crypto.Digests;
import dev.taper.datalog.Block;
import dev.taper.datalog.DecodedBlock;
import dev.taper.datalog.Fact;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A token as one holder got it, as approvals name it: by the signature of the block that states the
 * holder. What the holder adds later only narrows, so it is the same state.
 *
 * @param block the index of that block
 * @param digest the SHA-256 digest of its signature, in hexadecimal
 */
public record HolderState(int block, String digest) {
  private static final String HOLDER = "holder";

  /** The states of a token that keeps the profile, the first holder's first; at least one. */
  public static List<HolderState> of(UnverifiedToken token) {
    return of(token.blocks(), token.revocationIds());
  }

  /**
   * The states of a chain that keeps the profile.
   *
   * @param blocks its blocks
   * @param signatures their signatures, as they stand in the token
   */
  public static List<HolderState> of(List<DecodedBlock> blocks, List<byte[]> signatures) {
    List<HolderState> states = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      if (statesHolder(blocks.get(i).block())) {
        String digest = HexFormat.of().formatHex(Digests.sha256(signatures.get(i)));
        states.add(new HolderState(i, digest));
      }
    }
    return List.copyOf(states);
  }

  private static boolean statesHolder(Block block) {
    for (Fact fact : block.facts()) {
      if (fact.predicate().name().equals(HOLDER)) {
        return true;
      }
    }
    return false;
  }
}
