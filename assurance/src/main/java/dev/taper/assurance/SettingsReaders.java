package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.agent.call.Canonical;
import dev.taper.operations.OperationException;
import dev.taper.server.issuer.EnrolledAgent;
import dev.taper.server.serve.issuer.IssuerSettings;
import dev.taper.server.signin.Sessions;
import dev.taper.server.signin.SignInClient;
import dev.taper.server.signin.SignInFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
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
    URI issuer = URI.create(read.issuer());
    same("agents dial it", true, isSafe(issuer) && !read.issuer().endsWith("/"));
    Set<EnrolledAgent> agents = new HashSet<>(read.agents());
    same("an agent is there once", read.agents().size(), agents.size());
    for (EnrolledAgent agent : agents) {
      same("a key is a point", agent.key(), agent.key().validate());
      same("a name is one", agent.name(), Canonical.name(agent.name(), "an agent"));
    }
    return true;
  }

  private static boolean isSafe(URI address) {
    String host = String.valueOf(address.getHost());
    boolean isOwn = Set.of("localhost", "127.0.0.1", "[::1]").contains(host);
    return "https".equals(address.getScheme()) || ("http".equals(address.getScheme()) && isOwn);
  }

  /** A file that says how people sign in, with a secret beside it. */
  static boolean signIn(byte[] input) {
    return SIGN_IN.with(
        input,
        file -> {
          SignInFile read = operated(Set.of("usage", "io"), () -> SignInFile.read(file));
          if (read == null) {
            return false;
          }
          same("nobody listens", true, isSafe(URI.create(read.provider())));
          read.origins().forEach(origin -> same("nor there", true, isSafe(URI.create(origin))));
          same("pages are somewhere", false, read.origins().isEmpty());
          same("a session ends", true, isWithin(read.life(), Sessions.LONGEST));
          same("a session that is not used ends", false, read.idle().isZero());
          Collection<String> names = read.names().table().values();
          same("two people have two names", names.size(), new HashSet<>(names).size());
          byte[] written = written(read).getBytes(StandardCharsets.UTF_8);
          return SIGN_IN.with(written, again -> isSame(read, SignInFile.read(again)));
        });
  }

  private static boolean isWithin(Duration time, Duration most) {
    return !time.isZero() && !time.isNegative() && time.compareTo(most) <= 0;
  }

  private static boolean isSame(SignInFile expected, SignInFile actual) {
    same("written and read again", expected, actual);
    return true;
  }

  private static String written(SignInFile read) {
    SignInClient client = read.client();
    JsonText roles = new JsonText().text("claim", client.roles().claim());
    client.roles().values().forEach((role, values) -> roles.texts(role.text(), values));
    JsonText people = new JsonText();
    read.names().table().forEach(people::text);
    Path secret = client.secretFile();
    return new JsonText()
        .text("format", "taper/1 sign-in")
        .text("provider", read.provider())
        .text("client", client.id())
        .text("secret_file", secret == null ? null : secret.toString())
        .texts("scopes", client.scopes())
        .texts("origins", read.origins())
        .text("life", read.life().toMillis() + "ms")
        .text("idle", read.idle().toMillis() + "ms")
        .json("roles", roles)
        .json("people", people)
        .text("person", read.names().rule())
        .toString();
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
