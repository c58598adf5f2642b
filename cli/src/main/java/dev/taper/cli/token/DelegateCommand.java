package dev.taper.cli.token;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.HolderRecords;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.io.Value;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code taper delegate}. */
public final class DelegateCommand extends DelegatingCommand {
  private final TokenInput token = part(new TokenInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());

  private final Flag toSelf = flag("--to-self", "Narrow one's own token; the holder stays.");

  private final Value<@Nullable String> rotateTo =
      option(
              "--rotate-to",
              "KEY",
              "To a new public key of the holder's own, under its name: text or file.")
          .text();

  private final Flag toBearer =
      flag("--to-bearer", "To anyone who has the token; there is no way back to a held one.");

  private final Flag strict =
      flag("--strict", "Refuse what would only be warned of, and sign nothing then.");

  private final HolderOption holder = part(new HolderOption());
  private final TermsOptions terms = part(new TermsOptions());
  private final AuditOptions audit = part(AuditOptions.ofHolder());

  /** Runs in the given console. */
  public DelegateCommand(Console console) {
    super(
        console,
        "delegate",
        "Hand a delegation token on, offline and without the root key; it can only narrow.",
        "The holder signs with its own key. What is probably a mistake is a warning on standard"
            + " error.");
  }

  @Override
  protected ExitCode run() {
    check();
    NamesFile known = names.read(console);
    RegistryAccess access = registry.access(console);
    EncodedInput input = token.input(console);
    KeyInput given = key.optional(console);
    HolderRecords records = audit.holderRecords(console);
    UnverifiedToken from = tokens.read(input);
    AgentToken parent = Tokens.checked(() -> AgentToken.of(from));
    Hop next = hop();
    requireUsable(parent, next);
    AgentToken narrower;
    if (from.kind() == Token.Kind.BEARER) {
      if (!toBearer.given()) {
        throw CliException.usage("a bearer token has no holder any more: use --to-bearer");
      }
      narrower = parent.narrowBearer(next, console.clock());
      requireMeetable(narrower, known);
      records.record(parent, null, narrower);
    } else {
      if (given == null) {
        throw CliException.usage("a held token is handed on by its holder: use --key FILE");
      }
      narrower =
          keys.signing(
              given,
              signer -> {
                AgentToken signed = parent.delegate(signer, next, console.clock());
                requireMeetable(signed, known);
                records.record(parent, signer, signed);
                return signed;
              });
    }
    tell(access, narrower, null);
    write(narrower);
    return ExitCode.OK;
  }

  /** Nobody could use a token that was delegated too often, whatever the call. */
  private void requireUsable(AgentToken token, Hop next) {
    for (Delegation.Warning warning : token.warnings(next, console.clock())) {
      if (warning.kind() == Delegation.Warning.Kind.TOO_DEEP) {
        throw new CliException(
            ExitCode.USAGE,
            warning.kind().text(),
            "nobody could use the token: "
                + warning.text()
                + "; --max-depth counts all hand-overs from the first holder on",
            null);
      }
    }
  }

  private void check() {
    if (Stream.of(holder.isGiven(), rotateTo.get() != null, toSelf.given(), toBearer.given())
            .filter(is -> is)
            .count()
        != 1) {
      throw CliException.usage(
          "the token is handed on once: --holder NAME=KEY, --rotate-to KEY, --to-self or"
              + " --to-bearer");
    }
    if ("never".equals(terms.expires())) {
      throw CliException.usage("without --expires a hop ends when its parent does");
    }
  }

  private Hop hop() {
    Hop hop = terms.addTo(start(), console.clock());
    return strict.given() ? hop.strict() : hop;
  }

  private Hop start() {
    String newKey = rotateTo.get();
    if (newKey != null) {
      return Hop.rotateTo(keys.publicKey(KeyInput.written(newKey)));
    }
    return toSelf.given()
        ? Hop.toSelf()
        : toBearer.given() ? Hop.toBearer() : Hop.to(holder.read(keys));
  }
}
