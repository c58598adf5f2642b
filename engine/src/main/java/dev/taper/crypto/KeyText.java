package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A key in text form: the algorithm's name, a suffix for secrets, a slash, and hex digits. */
final class KeyText {
  private static final String PRIVATE = "-private";

  private final Algorithm algorithm;
  private final byte[] bytes;

  private KeyText(Algorithm algorithm, byte[] bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  byte[] bytes() {
    return bytes;
  }

  static KeyText parsePublic(String text) {
    return parse(text, "");
  }

  static KeyText parsePrivate(String text) {
    return parse(text, PRIVATE);
  }

  static String printPublic(Algorithm algorithm, byte[] bytes) {
    return algorithm.text() + "/" + HexFormat.of().formatHex(bytes);
  }

  static String printPrivate(Algorithm algorithm, byte[] bytes) {
    return algorithm.text() + PRIVATE + "/" + HexFormat.of().formatHex(bytes);
  }

  /** Says what a text is instead of a key, where that can be seen. */
  private static void refuseMistakes(String text, String suffix) {
    Given.that(text, "the text of a key");
    if (isKey(text, suffix.isEmpty() ? PRIVATE : "")) {
      throw invalid(
          suffix.isEmpty()
              ? "this is a private key, where a public one belongs: give its public half, and"
                  + " replace the key if others have seen it"
              : "this is a public key, where a private one belongs: its holder signs with the"
                  + " private half");
    }
    if (isKey(text.strip(), suffix) && !text.equals(text.strip())) {
      throw invalid("a key's text has white space at an end, such as a line break: strip it");
    }
    if (text.stripLeading().startsWith("-----BEGIN ")) {
      throw invalid("this is a PEM document, not a key's text: Pem reads it");
    }
    if (text.startsWith("[")) {
      throw invalid("this is a set of keys, not one key's text");
    }
  }

  private static boolean isKey(String text, String suffix) {
    int slash = text.indexOf('/');
    return slash > 0 && algorithm(text.substring(0, slash).strip(), suffix) != null;
  }

  private static KeyText parse(String text, String suffix) {
    refuseMistakes(text, suffix);
    int slash = text.indexOf('/');
    Algorithm algorithm = slash < 0 ? null : algorithm(text.substring(0, slash), suffix);
    if (algorithm == null) {
      throw invalid("a key's text starts with ed25519" + suffix + "/ or secp256r1" + suffix + "/");
    }
    int size = suffix.isEmpty() ? algorithm.publicKeyBytes() : Algorithm.SECRET_BYTES;
    String digits = text.substring(slash + 1);
    if (digits.length() != 2 * size) {
      throw invalid(
          "a key after "
              + text.substring(0, slash + 1)
              + " has "
              + 2 * size
              + " hex digits, not "
              + digits.length());
    }
    try {
      return new KeyText(algorithm, HexFormat.of().parseHex(digits));
    } catch (IllegalArgumentException e) {
      // The cause is left out: its message quotes the text, which may be a secret.
      throw invalid("a key's text has a character that is no hex digit");
    }
  }

  private static @Nullable Algorithm algorithm(String name, String suffix) {
    return name.endsWith(suffix)
        ? Algorithm.ofText(name.substring(0, name.length() - suffix.length()))
        : null;
  }

  private static TaperException invalid(String message) {
    return new TaperException(ErrorCode.INVALID_KEY, message);
  }
}
