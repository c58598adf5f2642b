package dev.taper.datalog;

import dev.taper.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block as it was read from the wire.
 *
 * @param block what it says
 * @param version the Datalog version that it declares, 3 to 6 for v3.0 to v3.3
 * @param symbols the symbols that it declares
 * @param publicKeys the public keys that it declares
 * @param externalKey the key of the third party that signed it, or null for a first-party block
 */
public record DecodedBlock(
    Block block,
    int version,
    List<String> symbols,
    List<PublicKey> publicKeys,
    @Nullable PublicKey externalKey) {
  /** Copies the lists. */
  public DecodedBlock {
    symbols = List.copyOf(symbols);
    publicKeys = List.copyOf(publicKeys);
  }
}
