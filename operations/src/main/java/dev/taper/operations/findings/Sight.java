package dev.taper.operations.findings;

import dev.taper.agent.DelegationChain;
import dev.taper.agent.DelegationHop;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grants;
import dev.taper.crypto.PublicKey;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** What is worked out of a chain once, however many calls come with it. Immutable. */
final class Sight {
  /**
   * The grants of a chain take no longer to compare than this many names with each other: one
   * thread does it for all, and must not take longer than those who decide.
   */
  static final long MOST_COMPARED = 20_000;

  private final WeakReference<DelegationChain> chain;
  private final long[] path;
  private final String token;
  private final List<Integer> widened;
  private final long granted;

  /**
   * Takes what was worked out.
   *
   * @param chain the chain, for as long as something else keeps it
   * @param path the first eight bytes of each block's digest
   * @param token the digest of the last block in hex, as records have it
   * @param widened the blocks that name something which their parent does not allow
   * @param granted what others left to the holder, as one number: the same after a renewal
   */
  Sight(
      WeakReference<DelegationChain> chain,
      long[] path,
      String token,
      List<Integer> widened,
      long granted) {
    this.chain = chain;
    this.path = path;
    this.token = token;
    this.widened = List.copyOf(widened);
    this.granted = granted;
  }

  static Sight of(DelegationChain chain) {
    List<byte[]> digests = chain.blockDigests();
    long[] path = new long[digests.size()];
    for (int i = 0; i < path.length; i++) {
      path[i] = ByteBuffer.wrap(digests.get(i)).getLong();
    }
    List<DelegationHop> hops = chain.hops();
    List<EffectiveAuthority> left = chain.effectiveAuthorities();
    List<Integer> widened = new ArrayList<>();
    long room = MOST_COMPARED;
    for (int i = 1; i < hops.size(); i++) {
      Grants grants = hops.get(i).grants();
      EffectiveAuthority before = left.get(i - 1);
      if (grants != null && before.isListed() && !before.alternatives().isEmpty()) {
        Grants parents = new Grants(before.alternatives());
        long names = grants.weight() * parents.weight();
        if (names <= room) {
          room -= names;
          Grants.Narrowing compared = grants.comparedTo(parents);
          if (compared.contradicts() || !compared.wider().isEmpty()) {
            widened.add(i);
          }
        }
      }
    }
    // What a holder narrows for itself gives it nothing new.
    PublicKey own = hops.get(hops.size() - 1).holderKey();
    int given = hops.size() - 1;
    while (given > 0 && Objects.equals(own, hops.get(given).signer())) {
      given--;
    }
    return new Sight(
        new WeakReference<>(chain),
        path,
        HexFormat.of().formatHex(digests.get(digests.size() - 1)),
        widened,
        left.get(given).alternatives().hashCode());
  }

  WeakReference<DelegationChain> chain() {
    return chain;
  }

  /** Not to be changed. */
  long[] path() {
    return path;
  }

  String token() {
    return token;
  }

  List<Integer> widened() {
    return widened;
  }

  long granted() {
    return granted;
  }

  /** The last block, as {@link #path} has it. */
  long last() {
    return path[path.length - 1];
  }

  @Override
  public String toString() {
    return "Sight(" + token + ")";
  }
}
