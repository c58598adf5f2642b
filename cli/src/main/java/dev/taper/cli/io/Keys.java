package dev.taper.cli.io;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.trust.RootKeySet;
import java.util.Arrays;

/** Reads keys in all their forms. */
public final class Keys {
  private static final String PEM_START = "-----BEGIN ";

  private final Console console;
  private final Inputs inputs;

  /** Reads from the given inputs. */
  public Keys(Console console, Inputs inputs) {
    this.console = console;
    this.inputs = inputs;
  }

  /**
   * Reads a private key.
   *
   * @throws TaperException if it is none
   */
  public PrivateKey privateKey(KeyInput input) {
    if (input.format() == KeyFormat.RAW) {
      byte[] bytes = inputs.bytes(input.source(), InputKind.KEY);
      Algorithm algorithm = input.algorithm() == null ? Algorithm.ED25519 : input.algorithm();
      PrivateKey key = PrivateKey.of(algorithm, bytes);
      Arrays.fill(bytes, (byte) 0);
      return key;
    }
    requireNoAlgorithm(input);
    String text = inputs.text(input.source(), InputKind.KEY).strip();
    if (!isPem(text, input.format())) {
      return PrivateKey.parse(text);
    }
    if (!Pem.isEncrypted(text)) {
      return Pem.readPrivateKey(text);
    }
    if (input.passphrase() == null) {
      throw CliException.usage(
          "the private key is encrypted: its passphrase is needed, from a file or a variable");
    }
    char[] passphrase = passphrase(input.passphrase());
    try {
      return Pem.readPrivateKey(text, passphrase);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  /**
   * Reads a public key.
   *
   * @throws TaperException if it is none
   */
  public PublicKey publicKey(KeyInput input) {
    if (input.format() == KeyFormat.RAW) {
      byte[] bytes = inputs.bytes(input.source(), InputKind.KEY);
      return PublicKey.of(rawAlgorithm(input, bytes), bytes).validate();
    }
    requireNoAlgorithm(input);
    String text = inputs.text(input.source(), InputKind.KEY).strip();
    return isPem(text, input.format()) ? Pem.readPublicKey(text) : PublicKey.parse(text).validate();
  }

  /**
   * Reads the root keys to trust.
   *
   * @throws TaperException if they are none
   */
  public RootKeys rootKeys(RootKeyInput input) {
    if (input instanceof RootKeyInput.Single single) {
      return RootKeys.of(publicKey(single.key()));
    }
    Source source = ((RootKeyInput.Set) input).source();
    return RootKeySet.read(inputs.text(source, InputKind.KEY_SET), console.clock());
  }

  /** The first line of a passphrase's file, or the whole variable. */
  public char[] passphrase(Source source) {
    String text = inputs.text(source, InputKind.PASSPHRASE);
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    if (line.endsWith("\r")) {
      line = line.substring(0, line.length() - 1);
    }
    if (line.isEmpty()) {
      throw CliException.usage("the passphrase is empty");
    }
    return line.toCharArray();
  }

  private static Algorithm rawAlgorithm(KeyInput input, byte[] bytes) {
    if (input.algorithm() != null) {
      return input.algorithm();
    }
    for (Algorithm algorithm : Algorithm.values()) {
      if (bytes.length == algorithm.publicKeyBytes()) {
        return algorithm;
      }
    }
    throw new TaperException(
        ErrorCode.INVALID_KEY, "no raw public key has " + bytes.length + " bytes");
  }

  private static void requireNoAlgorithm(KeyInput input) {
    if (input.algorithm() != null) {
      throw CliException.usage("an algorithm is given for raw keys only; other forms name theirs");
    }
  }

  private static boolean isPem(String text, KeyFormat format) {
    return format == KeyFormat.PEM || (format == KeyFormat.AUTO && text.startsWith(PEM_START));
  }
}
