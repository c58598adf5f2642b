package dev.taper.agent.memory;

import dev.taper.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Says whose part of a memory an entry takes: the delegator's, and in it the authority block's. An
 * issuer signed both, so nobody makes up more of them; a holder's key is free to make and counts
 * for nothing here. Immutable and thread-safe.
 *
 * @param delegator the SHA-256 digest of the delegator's name, in hex
 * @param authority the SHA-256 digest of what the authority block is revoked by, in hex
 */
public record MemoryShare(String delegator, String authority) {
  /**
   * The share of a chain.
   *
   * @param delegator the delegator's name
   * @param authorityKey what the authority block is revoked by
   */
  public static MemoryShare of(String delegator, byte[] authorityKey) {
    HexFormat hex = HexFormat.of();
    return new MemoryShare(
        hex.formatHex(Digests.sha256(delegator.getBytes(StandardCharsets.UTF_8))),
        hex.formatHex(Digests.sha256(authorityKey)));
  }
}
