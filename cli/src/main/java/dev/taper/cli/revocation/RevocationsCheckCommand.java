package dev.taper.cli.revocation;

import dev.taper.agent.AgentToken;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonOption;
import dev.taper.cli.output.Warnings;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.revoking.AgentHoldings;
import dev.taper.operations.revoking.RevocationLookup;
import dev.taper.operations.trail.AuditReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code taper revocations check}. */
final class RevocationsCheckCommand extends ConsoleCommand {
  private final Value<RevokedThing> kind =
      parameter("0", "1", "KIND", "What to look up: ${COMPLETION-CANDIDATES}.")
          .oneOf(RevokedThing.KNOWN, RevokedThing.TOKEN);

  private final Value<String> what =
      parameter(
              "1",
              "1",
              "WHAT",
              "Which one, as for `taper revoke`; of a token, all that it stands on.")
          .requiredText();

  private final Value<@Nullable Integer> block =
      option("--block", "N", "The block, counted from 0. Default: the token's last.")
          .optional(Integer.class);

  private final Flag asLastHolder = flag("--as-last-holder", "The key as the last holder's.");

  private final Value<@Nullable String> audit =
      option(
              "--audit",
              "LOG",
              "The audit log that says who revoked it, and why: a file or a database.")
          .text();

  private final Value<List<String>> auditKeys =
      option(
              "--audit-public-key",
              "KEY",
              "A public key whose checkpoints are trusted: its text, or a file. Repeatable.")
          .texts();

  private final PublicKeyInput rootKeys = part(new PublicKeyInput());
  private final RevocationListOptions list = part(new RevocationListOptions());
  private final RegistryOption registry = part(new RegistryOption());
  private final NamesOption names = part(new NamesOption());
  private final JsonOption json = part(new JsonOption());

  RevocationsCheckCommand(Console console) {
    super(
        console,
        "check",
        "Say whether something is revoked: since when, by whom and, with the audit log, why.",
        "Exit 0: it is not, by a list that is fresh. Exit 1: it is. Exit 3: the list is refused, or"
            + " is stale and does not name it, so nobody can tell.");
  }

  @Override
  protected ExitCode run() {
    RevocationListOptions required = list.required();
    return new CheckService(console, required.reader(console), log(), names.shown(console))
        .check(lookup(), json.json());
  }

  private RevocationLookup lookup() {
    RevocableInput input = new RevocableInput(console);
    if (kind.get() == RevokedThing.TOKEN) {
      if (block.get() != null || asLastHolder.given()) {
        throw CliException.usage("a token is looked up with all that it stands on");
      }
      AgentToken token = input.token(what.get());
      return RevocationLookup.of(token, input.rootKey(token, rootKeys));
    }
    if (kind.get() == RevokedThing.AGENT) {
      AgentHoldings agent =
          AgentHoldings.ever(what.get(), names.read(console), registry.access(console));
      if (agent.isUnknown()) {
        throw new OperationException(
            OperationException.Kind.NOTHING,
            "unknown_agent",
            "no key of "
                + what.get()
                + " is known: use --names FILE, or --registry DB that knows what it holds",
            null);
      }
      return RevocationLookup.of(agent.revocables(true));
    }
    return RevocationLookup.of(
        List.of(
            input.read(
                RevocableInput.kind(kind.get(), asLastHolder.given()),
                what.get(),
                block.get(),
                rootKeys)));
  }

  private @Nullable AuditReader log() {
    if (audit.get() == null) {
      if (!auditKeys.get().isEmpty()) {
        throw CliException.usage("--audit-public-key needs --audit LOG");
      }
      return null;
    }
    AuditReader reader =
        new AuditReader(
            console.workplace(),
            Place.written(audit.get()),
            new Keys(new Inputs(console)).publicKeys(auditKeys.get()),
            null);
    if (reader.isUnbegun()) {
      Warnings.warn(console, "there is no record in " + reader.name() + " that could say why");
      return null;
    }
    return reader;
  }
}
