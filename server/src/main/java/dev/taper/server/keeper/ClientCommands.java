package dev.taper.server.keeper;

import dev.taper.DecodeLimits;
import dev.taper.JsonFields;
import dev.taper.crypto.Algorithm;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.operations.keeper.KeeperClient.KeptKey;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import dev.taper.server.process.FileReason;
import dev.taper.server.process.JsonResult;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that talk to a keeper that runs. */
final class ClientCommands {
  private static final int MAX_TOKEN = DecodeLimits.DEFAULT.maxBase64() + 1024;
  private static final int TRIES = 100;
  private static final int TRIES_IN_SILENCE = 10;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private ClientCommands() {}

  /** What they have in common. */
  @Command(mixinStandardHelpOptions = true)
  abstract static class OfKeeper implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--socket",
        paramLabel = "PATH",
        description = "Where the keeper listens. Default: the variable TAPER_KEEPER, as it does.")
    @Nullable String socket;

    @Option(names = JsonResult.OPTION, description = "Print the result, or the error, as JSON.")
    boolean json;

    KeeperClient keeper() {
      Path home = Path.of(System.getProperty("user.home"));
      KeeperClient keeper =
          KeeperClient.at(
              socket == null
                  ? KeeperClient.socket(System.getenv(), home)
                  : KeeperClient.socket(socket));
      await(keeper);
      return keeper;
    }

    /** Waits for a keeper that was started just before, in the background. */
    private void await(KeeperClient keeper) {
      for (int tries = 0; tries < TRIES; tries++) {
        try {
          boolean unused = keeper.isLocked();
          return;
        } catch (OperationException e) {
          if (!e.code().equals("no_keeper")) {
            return; // which the request itself will say
          }
          if (tries == TRIES_IN_SILENCE) {
            spec.commandLine().getErr().println("taper: waiting for the keeper to start");
          }
          pause();
        }
      }
    }

    private static void pause() {
      try {
        Thread.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    PrintWriter out() {
      return spec.commandLine().getOut();
    }

    /** Prints a result: all of it for programs if JSON is wanted, else a line for people. */
    int print(JsonFields result, String line) {
      if (json) {
        JsonResult.write(out(), result::write);
      } else {
        out().println(line);
      }
      return 0;
    }

    /** Says what was done with something, if JSON is wanted. */
    int done(String what, String name) {
      if (json) {
        JsonResult.write(out(), new JsonFields().put(what, name)::write);
      }
      return 0;
    }

    static @Nullable Duration duration(@Nullable String text) {
      return text == null ? null : Times.parseDuration(text);
    }

    static String until(@Nullable Instant time) {
      return time == null ? "" : "  until " + time;
    }

    /** A key for programs. */
    static JsonFields fields(KeptKey key) {
      return new JsonFields()
          .put("name", key.name())
          .put("key", key.key())
          .put("place", key.place())
          .put("confirmed", key.isConfirmed())
          .putIfPresent("until", key.until());
    }

    /** A token for programs, without its text. */
    static JsonFields fields(KeptToken token) {
      return new JsonFields()
          .put("name", token.name())
          .put("key", token.key())
          .put("holder", token.holder())
          .put("delegator", token.delegator())
          .put("task", token.task())
          .put("audiences", token.audiences())
          .put("authority", token.authority())
          .putIfPresent("expires", token.expires())
          .putIfPresent("until", token.until());
    }
  }

  /** {@code taper keeper new}. */
  @Command(name = "new", description = "Have a key made, and print its public half.")
  static final class New extends OfKeeper {
    @Parameters(paramLabel = "NAME", description = "What to call it.")
    String name = "";

    @Option(
        names = "--algorithm",
        paramLabel = "NAME",
        description = "ed25519 or secp256r1. Default: ed25519; in a device secp256r1.")
    @Nullable String algorithm;

    @Option(names = "--pkcs11", description = "Make it in the keeper's device, where it stays.")
    boolean pkcs11;

    @Option(names = "--confirm", description = "Have the keeper ask before each use of it.")
    boolean confirm;

    @Option(
        names = "--lifetime",
        paramLabel = "DURATION",
        description = "After what time it is forgotten for good. Example: 8h")
    @Nullable String lifetime;

    @Override
    public Integer call() {
      Algorithm chosen =
          algorithm == null
              ? (pkcs11 ? Algorithm.SECP256R1 : Algorithm.ED25519)
              : Algorithm.ofText(algorithm);
      if (chosen == null) {
        throw OperationException.usage("there is no algorithm " + algorithm);
      }
      KeptKey made =
          keeper().newKey(name, chosen, pkcs11 ? "pkcs11" : null, confirm, duration(lifetime));
      return print(fields(made), made.key().toString());
    }
  }

  /** {@code taper keeper add}. */
  @Command(
      name = "add",
      description = "Give the keeper a token to keep, whose holder's key it has.")
  static final class Add extends OfKeeper {
    @Parameters(paramLabel = "FILE", description = "File with the token in base64url.")
    Path file = Path.of("");

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "What to call it. Default: the file's name up to its first dot.")
    @Nullable String name;

    @Option(
        names = "--audience",
        paramLabel = "SERVICE",
        description =
            "A service for which it is used, such as svc:jira; several add up. Default: any.")
    List<String> audiences = new ArrayList<>();

    @Option(
        names = "--renew-at",
        paramLabel = "URL",
        description = "The issuer's address for renewals: https://…/v1/renew.")
    @Nullable String renewAt;

    @Option(
        names = "--issuer",
        paramLabel = "AUDIENCE",
        description = "The issuer as an audience, with --renew-at.")
    @Nullable String issuer;

    @Option(
        names = "--lifetime",
        paramLabel = "DURATION",
        description = "After what time it is forgotten. Example: 1h")
    @Nullable String lifetime;

    @Option(names = "--replace", description = "Replace the token of that name.")
    boolean replace;

    @Override
    public Integer call() {
      if ((renewAt == null) != (issuer == null)) {
        throw OperationException.usage("--renew-at and --issuer go together");
      }
      String base = String.valueOf(file.getFileName());
      int dot = base.indexOf('.', 1);
      String chosen = name == null ? (dot < 0 ? base : base.substring(0, dot)) : name;
      KeptToken kept =
          keeper()
              .add(
                  KeeperClient.name(chosen),
                  text(),
                  audiences,
                  renewAt == null || issuer == null ? null : new KeptToken.Renewal(renewAt, issuer),
                  duration(lifetime),
                  replace);
      return print(
          fields(kept), kept.name() + "  " + kept.holder() + "  with the key " + kept.key());
    }

    private String text() {
      try {
        if (Files.size(file) > MAX_TOKEN) {
          throw OperationException.usage(file + " is too long for a token");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      } catch (IOException e) {
        throw FileReason.unreadable(file, e);
      }
    }
  }

  /** {@code taper keeper list}. */
  @Command(name = "list", description = "Show the keys and tokens.")
  static final class Show extends OfKeeper {
    @Override
    public Integer call() {
      KeeperClient keeper = keeper();
      if (json) {
        JsonResult.write(
            out(),
            new JsonFields()
                    .put("locked", keeper.isLocked())
                    .rows("keys", keeper.keys(), OfKeeper::fields)
                    .rows("tokens", keeper.tokens(), OfKeeper::fields)
                ::write);
        return 0;
      }
      out().println(keeper.isLocked() ? "locked" : "unlocked");
      for (KeptKey key : keeper.keys()) {
        out()
            .println(
                "key    "
                    + key.name()
                    + "  "
                    + key.key()
                    + "  "
                    + key.place()
                    + (key.isConfirmed() ? "  asks before use" : "")
                    + until(key.until()));
      }
      for (KeptToken token : keeper.tokens()) {
        out()
            .println(
                "token  "
                    + token.name()
                    + "  "
                    + token.holder()
                    + "  for "
                    + token.delegator()
                    + ", task "
                    + token.task()
                    + (token.audiences().isEmpty() ? "" : "  at " + token.audiences())
                    + (token.expires() == null ? "" : "  ends " + token.expires())
                    + until(token.until()));
        out().println("       " + token.authority());
      }
      return 0;
    }
  }

  /** {@code taper keeper renew}. */
  @Command(name = "renew", description = "Have a token renewed by its issuer.")
  static final class Renew extends OfKeeper {
    @Parameters(paramLabel = "NAME", description = "The token.")
    String name = "";

    @Override
    public Integer call() {
      KeptToken renewed = keeper().renew(name);
      String end = renewed.expires() == null ? "has no end" : "ends " + renewed.expires();
      return print(fields(renewed), renewed.name() + "  " + end);
    }
  }

  /** {@code taper keeper forget}. */
  @Command(
      name = "forget",
      description = "Forget a key for good, with its tokens; or a token alone.")
  static final class Forget extends OfKeeper {
    @Parameters(paramLabel = "NAME", description = "The key; with --token, the token.")
    String name = "";

    @Option(names = "--token", description = "Forget a token, and keep its key.")
    boolean token;

    @Override
    public Integer call() {
      if (token) {
        keeper().forgetToken(name);
      } else {
        keeper().forgetKey(name);
      }
      return done("forgotten", name);
    }
  }

  /** {@code taper keeper unlock}. */
  @Command(name = "unlock", description = "Unlock the keeper; asks at the terminal.")
  static final class Unlock extends OfKeeper {
    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "File that only you can read; its first line unlocks the stored keys.")
    @Nullable Path passphraseFile;

    @Option(
        names = "--pin-file",
        paramLabel = "FILE",
        description = "File that only you can read; its first line is the PIN of the device.")
    @Nullable Path pinFile;

    @Option(names = "--pin", description = "Ask for the PIN of the device.")
    boolean pin;

    @Override
    public Integer call() {
      char[] secret =
          passphraseFile != null
              ? KeeperProcess.firstLine(passphraseFile)
              : pin || pinFile != null ? null : typed("The keeper's passphrase: ");
      char[] code =
          pinFile != null
              ? KeeperProcess.firstLine(pinFile)
              : pin ? typed("The PIN of the device: ") : null;
      keeper().unlock(secret, code);
      return done("keeper", "unlocked");
    }

    private static char[] typed(String prompt) {
      Console terminal = KeeperProcess.terminal();
      char[] typed = terminal == null ? null : terminal.readPassword(prompt);
      if (typed == null || typed.length == 0) {
        throw OperationException.usage("no secret was typed; --passphrase-file reads one");
      }
      return typed;
    }
  }

  /** {@code taper keeper lock}. */
  @Command(name = "lock", description = "Lock the keeper: it uses no stored key until unlocked.")
  static final class Lock extends OfKeeper {
    @Override
    public Integer call() {
      keeper().lock();
      return done("keeper", "locked");
    }
  }
}
