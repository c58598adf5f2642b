package dev.taper.cli.token;

import dev.taper.crypto.PublicKey;
import dev.taper.token.Token;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What there is to see of a token.
 *
 * @param blocks its blocks in order
 * @param verifiedBy the root key that its signatures were verified with, or null if they were not
 * @param kind its kind: how it ends
 * @param rootKeyId the hint for choosing the root key
 * @param size its size in bytes
 * @param expiry the last second in which it can be used, as far as its checks say, or null
 * @param violation how it breaks the rules of the delegation profile that it claims, or null
 */
record TokenView(
    List<BlockView> blocks,
    @Nullable PublicKey verifiedBy,
    Token.Kind kind,
    OptionalLong rootKeyId,
    int size,
    @Nullable Instant expiry,
    @Nullable String violation) {
  TokenView {
    blocks = List.copyOf(blocks);
  }

  /**
   * What there is to see of a block.
   *
   * @param statements its Datalog, an element each
   * @param context its context, or null
   * @param externalKey the third party that signed it, or null
   * @param signer the key that its signature belongs to, or null if it is not known
   * @param version its Datalog version, 3 to 6
   * @param signatureVersion the version of the signed payload
   * @param symbols the symbols it adds
   * @param publicKeys the public keys it adds
   * @param revocationId its revocation id, in hexadecimal
   * @param size the size of its Datalog in bytes
   */
  record BlockView(
      List<String> statements,
      @Nullable String context,
      @Nullable PublicKey externalKey,
      @Nullable PublicKey signer,
      int version,
      int signatureVersion,
      List<String> symbols,
      List<PublicKey> publicKeys,
      String revocationId,
      int size) {
    BlockView {
      statements = List.copyOf(statements);
      symbols = List.copyOf(symbols);
      publicKeys = List.copyOf(publicKeys);
    }

    /** What kind of block it is, at the given place. */
    String kind(int index) {
      return index == 0 ? "authority" : externalKey == null ? "attenuation" : "third-party";
    }

    /** Its Datalog version as the specification names it. */
    String versionText() {
      return "3." + (version - 3);
    }
  }
}
