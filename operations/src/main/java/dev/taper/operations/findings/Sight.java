package dev.taper.operations.findings;

import dev.taper.agent.delegation.DelegationChain;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.crypto.PublicKey;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is worked out of a chain once, however many calls come with it. Immutable.
 *
 * @param chain the chain, for as long as something else keeps it
 * @param path the first eight bytes of each block's digest, not to be changed
 * @param token the digest of the last block in hex, as records have it
 * @param widened the blocks that name something which they were not given, or far too much
 * @param granted what others left to the holder, as one number: the same after a renewal
 */
@SuppressWarnings("ArrayRecordComponent") // sights are not compared
record Sight(
    WeakReference<DelegationChain> chain,
    long[] path,
    String token,
    List<Integer> widened,
    long granted) {
  /**
   * The grants of a chain take no longer to compare than twice this many names with each other: one
   * thread does it for all, and must not take longer than those who decide.
   */
  static final long MOST_COMPARED = 1L << 17;

  Sight {
    widened = List.copyOf(widened);
  }

  static Sight of(DelegationChain chain) {
    List<byte[]> digests = chain.blockDigests();
    long[] path = new long[digests.size()];
    for (int i = 0; i < path.length; i++) {
      path[i] = ByteBuffer.wrap(digests.get(i)).getLong();
    }
    List<DelegationHop> hops = chain.hops();
    List<EffectiveAuthority> left = chain.effectiveAuthorities();
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
        widened(hops, left),
        left.get(given).alternatives().hashCode());
  }

  /** What the hop of a block grants, or what was left after it. */
  private record Named(int block, Grants grants, long weight) {
    Named(int block, Grants grants) {
      this(block, grants, grants.weight());
    }
  }

  /**
   * The hops that claim too much: each is compared with what the nearest hop before it left that
   * there is room for. Those with the fewest names come first, and each has some room of its own,
   * so that nobody hides one behind others; one that names so much that there never would be room
   * counts too.
   */
  private static List<Integer> widened(List<DelegationHop> hops, List<EffectiveAuthority> left) {
    List<Named> granted = new ArrayList<>();
    List<Named> before = new ArrayList<>();
    for (int i = 0; i < hops.size(); i++) {
      Grants grants = hops.get(i).grants();
      if (grants != null && !before.isEmpty()) {
        granted.add(new Named(i, grants));
      }
      List<Grant> alternatives = left.get(i).alternatives(); // none if they are too many
      if (!alternatives.isEmpty()) {
        before.add(new Named(i, new Grants(alternatives)));
      }
    }
    granted.sort(Comparator.comparingLong(Named::weight));
    List<Integer> widened = new ArrayList<>();
    long room = MOST_COMPARED;
    for (Named one : granted) {
      Named parent = nearest(one, before, Math.max(room, MOST_COMPARED / granted.size()));
      room -= parent == null ? 0 : one.weight() * parent.weight();
      if (parent == null ? isTooLong(one, before) : isWider(one, parent)) {
        widened.add(one.block());
      }
    }
    Collections.sort(widened);
    return widened;
  }

  private static @Nullable Named nearest(Named one, List<Named> before, long room) {
    for (int i = before.size() - 1; i >= 0; i--) {
      Named parent = before.get(i);
      if (parent.block() < one.block() && one.weight() * parent.weight() <= room) {
        return parent;
      }
    }
    return null;
  }

  /** True by what it names itself, whatever others of the chain do. */
  private static boolean isTooLong(Named one, List<Named> before) {
    return one.weight() * one.weight() > MOST_COMPARED
        && nearest(one, before, MOST_COMPARED) == null;
  }

  private static boolean isWider(Named one, Named parent) {
    Grants.Narrowing compared = one.grants().comparedTo(parent.grants());
    return compared.contradicts() || !compared.wider().isEmpty();
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
