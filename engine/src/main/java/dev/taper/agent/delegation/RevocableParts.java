package dev.taper.agent.delegation;

import dev.taper.crypto.PublicKey;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.token.VerifiedChain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a chain stands on and that can be revoked: every block, the task, every key that holds,
 * signs or approves, the delegator and the root key. Immutable and thread-safe; worked out once for
 * a chain, because hashing takes longer than looking up.
 */
public final class RevocableParts {
  private final List<Fingerprint> fingerprints;
  private final List<Part> parts;

  /**
   * One of them.
   *
   * @param kind what it is
   * @param hop whose block brought it in
   * @param words what it is, in words
   */
  public record Part(RevocationEntry.Kind kind, DelegationHop hop, String words) {}

  /**
   * The parts that are taken from a token. The token itself is not kept: a chain is kept for as
   * long as its token is cached, and a bearer token holds a secret.
   */
  record Source(
      @Nullable PublicKey rootKey,
      List<byte[]> revocationKeys,
      List<@Nullable PublicKey> externalKeys) {
    static Source of(VerifiedChain token) {
      return new Source(token.rootKey(), token.revocationKeys(), token.externalKeys());
    }
  }

  private RevocableParts(List<Fingerprint> fingerprints, List<Part> parts) {
    this.fingerprints = List.copyOf(fingerprints);
    this.parts = List.copyOf(parts);
  }

  static RevocableParts of(DelegationChain chain, Source source) {
    List<Fingerprint> fingerprints = new ArrayList<>();
    List<Part> parts = new ArrayList<>();
    DelegationHop first = chain.hops().get(0);
    if (source.rootKey() != null) {
      fingerprints.add(Fingerprint.ofRoot(source.rootKey()));
      parts.add(new Part(RevocationEntry.Kind.ROOT, first, "the root key " + source.rootKey()));
    }
    fingerprints.add(Fingerprint.ofDelegator(chain.delegator()));
    parts.add(new Part(RevocationEntry.Kind.DELEGATOR, first, chain.delegator()));
    fingerprints.add(Fingerprint.ofTask(chain.task().id()));
    parts.add(new Part(RevocationEntry.Kind.TASK, first, "task " + chain.task().id()));
    Set<PublicKey> keys = new LinkedHashSet<>();
    for (DelegationHop hop : chain.hops()) {
      fingerprints.add(Fingerprint.ofBlock(source.revocationKeys().get(hop.block())));
      parts.add(new Part(RevocationEntry.Kind.BLOCK, hop, block(hop)));
      PublicKey third = source.externalKeys().get(hop.block());
      if (third != null && keys.add(third)) {
        fingerprints.add(Fingerprint.ofHolder(third));
        parts.add(
            new Part(RevocationEntry.Kind.HOLDER, hop, "the key of the third party " + third));
      }
      if (keys.add(hop.holderKey())) {
        fingerprints.add(Fingerprint.ofHolder(hop.holderKey()));
        parts.add(new Part(RevocationEntry.Kind.HOLDER, hop, "the key of " + hop.holderName()));
      }
    }
    DelegationHop last = chain.hops().get(chain.hops().size() - 1);
    if (last.holder() != null) {
      fingerprints.add(Fingerprint.ofLastHolder(last.holderKey()));
      DelegationHop hop = chain.hops().get(chain.heldSince());
      String words = "the key of " + hop.holderName() + " as last holder";
      parts.add(new Part(RevocationEntry.Kind.LAST_HOLDER, hop, words));
    }
    return new RevocableParts(fingerprints, parts);
  }

  /** What to look up, in a fixed order. */
  public List<Fingerprint> fingerprints() {
    return fingerprints;
  }

  /** What of it the first block brings in: the root key, delegator, task, block and its holder. */
  public List<Fingerprint> ofFirstBlock() {
    int count = 0;
    while (count < parts.size()
        && parts.get(count).hop().block() == 0
        && parts.get(count).kind() != RevocationEntry.Kind.LAST_HOLDER) {
      count++;
    }
    return fingerprints.subList(0, count);
  }

  /** What to look up, with its words, in the order of {@link #fingerprints()}. */
  public Map<Fingerprint, String> words() {
    Map<Fingerprint, String> words = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      words.put(fingerprints.get(i), parts.get(i).words());
    }
    return words;
  }

  /**
   * One of them, by its place in {@link #fingerprints()}.
   *
   * @throws IndexOutOfBoundsException if there are fewer
   */
  public Part part(int index) {
    return parts.get(index);
  }

  private static String block(DelegationHop hop) {
    String what =
        switch (hop.mode()) {
          case AUTHORITY -> "what " + hop.grantor() + " granted to " + hop.holderName();
          case DELEGATED, BEARER -> "what " + hop.grantor() + " handed to " + hop.holderName();
          case ROTATED -> "what " + hop.grantor() + " took along to a new key";
          case NARROWED -> "what " + hop.grantor() + " kept for itself";
          case THIRD_PARTY -> "what " + hop.grantor() + " added";
        };
    return what + " (block " + hop.block() + ")";
  }
}
