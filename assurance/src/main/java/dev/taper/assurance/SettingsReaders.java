package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.operations.OperationException;
import dev.taper.server.serve.issuer.IssuerSettings;
import dev.taper.server.signin.SignInFile;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Readers of an issuer's files. What is refused has a code, and a message that can be shown. */
final class SettingsReaders {
  private static final Scratch SIGN_IN = new Scratch("sign-in.json");
  private static final Path NOWHERE = SIGN_IN.path().resolveSibling("nowhere");
  private static final int MAX_MESSAGE = 4096;

  private SettingsReaders() {}

  /** An issuer's file, whose paths lead nowhere. */
  static boolean issuer(byte[] input) {
    String text = utf8(input);
    IssuerSettings read =
        operated(
            Set.of("invalid_config", "config_exposed", "io"),
            () -> IssuerSettings.parse("issuer.yaml", text, NOWHERE));
    if (read == null) {
      return false;
    }
    IssuerSettings again = IssuerSettings.parse("issuer.yaml", text, NOWHERE);
    same("read again", read.issuer(), again.issuer());
    same("its agents", read.agents(), again.agents());
    return true;
  }

  /** A file that says how people sign in, with a secret beside it. */
  static boolean signIn(byte[] input) {
    return SIGN_IN.with(
        input, file -> operated(Set.of("usage", "io"), () -> SignInFile.read(file)) != null);
  }

  private static <T> @Nullable T operated(Set<String> codes, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (OperationException e) {
      String message = String.valueOf(e.getMessage());
      if (!codes.contains(e.code()) || message.isBlank() || message.length() > MAX_MESSAGE) {
        throw new AssertionError("refused with " + e.code() + ": " + message, e);
      }
      return null;
    }
  }
}
