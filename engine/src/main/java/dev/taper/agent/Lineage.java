package dev.taper.agent;

import dev.taper.crypto.Digests;
import dev.taper.crypto.PublicKey;
import dev.taper.token.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** The name of what lasts longer than one token of a holder. Pure. */
final class Lineage {
  private static final byte[] TAG = "\0TAPER\0LINEAGE\0".getBytes(StandardCharsets.US_ASCII);

  private Lineage() {}

  /** The lineage of a chain that starts from a root key. */
  static String of(DelegationChain chain, PublicKey root) {
    Agent holder = chain.holder();
    PublicKey key = holder == null || chain.kind() != Token.Kind.HELD ? null : holder.key();
    List<String> parts =
        List.of(
            root.toString(),
            chain.delegator(),
            chain.task().id(),
            holder == null ? "" : holder.name(),
            key == null ? "" : key.toString());
    MessageDigest digest = Digests.sha256();
    digest.update(TAG);
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
