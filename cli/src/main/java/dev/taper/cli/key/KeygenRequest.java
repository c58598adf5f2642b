package dev.taper.cli.key;

import dev.taper.cli.io.KeyFormat;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Source;
import dev.taper.crypto.Algorithm;
import org.jspecify.annotations.Nullable;

/**
 * What key pair to make and where to put it.
 *
 * @param algorithm the algorithm of a new key
 * @param from an existing private key to use instead, or null
 * @param format how to write the keys
 * @param passphrase what encrypts the PEM document of the private key, or null
 * @param privateFile where the private key goes, or null for standard output
 * @param publicFile where the public key goes, or null for beside the private key
 * @param parts which keys to write
 * @param force whether existing files may be replaced
 */
public record KeygenRequest(
    Algorithm algorithm,
    @Nullable KeyInput from,
    KeyFormat format,
    @Nullable Source passphrase,
    @Nullable String privateFile,
    @Nullable String publicFile,
    Parts parts,
    boolean force) {
  /** Which keys to write. */
  public enum Parts {
    /** Both. */
    BOTH,
    /** Only the private key. */
    PRIVATE,
    /** Only the public key. */
    PUBLIC
  }
}
