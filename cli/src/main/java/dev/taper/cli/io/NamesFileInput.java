package dev.taper.cli.io;

import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import java.util.List;

/** Reads files of names. */
public final class NamesFileInput {
  private NamesFileInput() {}

  /**
   * Reads a file.
   *
   * @param file its name, or - for standard input
   * @param keys who may have signed it, each as its text or a file; empty to look at no signature
   * @throws CliException if it cannot be read
   * @throws dev.taper.TaperException if it is no file of names, or not signed as it has to be
   */
  public static NamesFile read(Console console, String file, List<String> keys) {
    Inputs inputs = new Inputs(console);
    String text = inputs.text(Source.ofFile(file), InputKind.NAMES_FILE);
    if (keys.isEmpty()) {
      return NamesFile.parse(text);
    }
    List<PublicKey> trusted = new Keys(inputs).publicKeys(keys);
    return NamesFile.parseSigned(text, trusted.toArray(new PublicKey[0]));
  }

  /**
   * Reads a file that is changed and signed again: one that is signed only if the same key has
   * signed it, so that nobody's changes on the way are signed with it.
   *
   * @param file its name, or - for standard input
   * @param signer who signs it again
   * @throws CliException if it cannot be read
   * @throws dev.taper.TaperException if it is no file of names, or signed by another key
   */
  public static NamesFile readToSign(Console console, String file, PublicKey signer) {
    String text = new Inputs(console).text(Source.ofFile(file), InputKind.NAMES_FILE);
    NamesFile names = NamesFile.parse(text);
    return names.isSigned() ? NamesFile.parseSigned(text, signer) : names;
  }
}
