package dev.taper.cli.io;

import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads keys from the inputs of one command. */
public final class Keys {
  private final Inputs inputs;

  /** Reads from the given inputs. */
  public Keys(Inputs inputs) {
    this.inputs = inputs;
  }

  /**
   * Reads a private key.
   *
   * @throws dev.taper.TaperException if it is none
   */
  public PrivateKey privateKey(KeyInput input) {
    Source passphrase = input.passphrase();
    byte[] content = inputs.secret(input.source(), InputKind.KEY, input.exposed());
    return KeyFile.privateKey(
        content,
        input.format(),
        input.algorithm(),
        passphrase == null ? null : () -> passphrase(passphrase, input.exposed()));
  }

  /**
   * Gives what signs: a private key that is read, or one that a keeper has. Behind its use, {@link
   * KeyFile#wipe} leaves nothing of it.
   *
   * @throws dev.taper.TaperException if it is no private key
   * @throws dev.taper.operations.OperationException if the keeper has no such key, or there is none
   */
  public Signer signer(KeyInput input) {
    return input.source() instanceof Source.Keeper keeper
        ? KeeperClient.at(inputs.keeper()).signer(keeper.name())
        : privateKey(input);
  }

  /**
   * Works with a private key, of which no copy is left then.
   *
   * @throws CliException as {@link #signer}
   */
  public <T> T signing(KeyInput input, Function<Signer, T> work) {
    Signer signer = signer(input);
    try {
      return work.apply(signer);
    } finally {
      KeyFile.wipe(signer);
    }
  }

  /**
   * Reads a public key.
   *
   * @throws dev.taper.TaperException if it is none
   */
  public PublicKey publicKey(KeyInput input) {
    return KeyFile.publicKey(bytes(input), input.format(), input.algorithm());
  }

  /** Reads public keys, each as its text or from a file. */
  public List<PublicKey> publicKeys(List<String> written) {
    List<PublicKey> keys = new ArrayList<>();
    for (String key : written) {
      keys.add(publicKey(KeyInput.written(key)));
    }
    return keys;
  }

  /**
   * The first line of a passphrase's file, or the whole variable.
   *
   * @param exposed whether a file that others can get at is taken too
   */
  public char[] passphrase(Source source, boolean exposed) {
    String text =
        Inputs.text(inputs.secret(source, InputKind.PASSPHRASE, exposed), InputKind.PASSPHRASE);
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

  private byte[] bytes(KeyInput input) {
    return input.format() == KeyFormat.RAW
        ? inputs.bytes(input.source(), InputKind.KEY)
        : inputs.text(input.source(), InputKind.KEY).getBytes(StandardCharsets.UTF_8);
  }
}
