package dev.taper.agent.delegation;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signatures;
import dev.taper.token.UnverifiedToken;
import java.util.ArrayList;
import java.util.List;

/** The names of blocks in records: digests of what they are revoked by. */
final class BlockDigests {
  private static final int ED25519_SIGNATURE = 64;

  private BlockDigests() {}

  static List<byte[]> of(UnverifiedToken token) {
    return digests(revocationKeys(token));
  }

  static List<byte[]> digests(List<byte[]> revocationKeys) {
    List<byte[]> digests = new ArrayList<>();
    for (byte[] key : revocationKeys) {
      digests.add(Digests.sha256(key));
    }
    return digests;
  }

  /**
   * The revocation keys of a token without a known root key: the signature's form tells the
   * algorithm.
   */
  static List<byte[]> revocationKeys(UnverifiedToken token) {
    List<byte[]> signatures = token.revocationIds();
    List<PublicKey> nextKeys = token.nextKeys();
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < signatures.size(); i++) {
      byte[] signature = signatures.get(i);
      Algorithm algorithm = i == 0 ? guess(signature) : nextKeys.get(i - 1).algorithm();
      keys.add(Signatures.revocationKey(algorithm, signature));
    }
    return keys;
  }

  private static Algorithm guess(byte[] signature) {
    // A DER signature of this length would have both numbers short by 3 bytes: one in 2^48.
    return signature.length == ED25519_SIGNATURE ? Algorithm.ED25519 : Algorithm.SECP256R1;
  }
}
