package dev.taper.cli.token;

import dev.taper.agent.AgentToken;
import dev.taper.agent.Delegation;
import dev.taper.agent.Hop;
import dev.taper.agent.NamesFile;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.HolderRecords;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.TokenInput;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;

/** {@code taper delegate}. */
public final class DelegateCommand extends DelegatingCommand {
  private final TokenInput token = part(new TokenInput());
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final HopOptions hop = part(new HopOptions());
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
    hop.check();
    NamesFile known = names.read(console);
    RegistryAccess access = registry.access(console);
    EncodedInput input = token.input(console);
    KeyInput given = key.optional(console);
    HolderRecords records = audit.holderRecords(console);
    UnverifiedToken from = tokens.read(input);
    AgentToken parent = Tokens.checked(() -> AgentToken.of(from));
    Hop next = hop.read(keys, console.clock());
    requireUsable(parent, next);
    AgentToken narrower;
    if (from.kind() == Token.Kind.BEARER) {
      if (!hop.toBearer()) {
        throw CliException.usage("a bearer token has no holder any more: use --to-bearer");
      }
      narrower = parent.narrowBearer(next, console.clock());
      requireMeetable(narrower, known);
      records.record(parent, null, narrower);
    } else {
      if (given == null) {
        throw CliException.usage("a held token is handed on by its holder: use --key FILE");
      }
      Signer holder = keys.signer(given);
      try {
        narrower = parent.delegate(holder, next, console.clock());
        requireMeetable(narrower, known);
        records.record(parent, holder, narrower);
      } finally {
        KeyFile.wipe(holder);
      }
    }
    tell(access, narrower, null);
    write(narrower);
    return ExitCode.OK;
  }

  /** What is handed on too often, nobody could use, whatever the call. */
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
}
