package dev.taper.cli.token;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleCommand;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.output.Warnings;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Block;
import dev.taper.operations.registry.RegistryAccess;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that makes a delegation token or hands one on. */
abstract class DelegatingCommand extends ConsoleCommand {
  /** Where the token goes. */
  protected final OutputOptions output = part(new OutputOptions());

  /** The registry, which learns of a token before it is written. */
  protected final RegistryOption registry = part(new RegistryOption());

  /** Who has which keys. */
  protected final NamesOption names = part(new NamesOption());

  DelegatingCommand(Console console, String name, String... description) {
    super(console, name, description);
  }

  /** No grant of the new block may wait for more people than there are. */
  static void requireMeetable(AgentToken token, @Nullable NamesFile names) {
    if (names == null) {
      return;
    }
    List<Block.Decoded> blocks = token.token().blocks();
    Block newest = blocks.get(blocks.size() - 1).block();
    for (Grant grant : EffectiveAuthority.of(List.of(newest)).alternatives()) {
      for (Activation activation : grant.activations()) {
        String why = names.neverMet(activation);
        if (why != null) {
          throw CliException.usage(
              "the approval that a grant needs can never be had: "
                  + why
                  + ", by the file of names");
        }
      }
    }
  }

  /** Tells the registry of a token, and of the key that signed its first block if that is new. */
  protected final void tell(
      @Nullable RegistryAccess access, AgentToken token, @Nullable PublicKey rootKey) {
    if (access != null) {
      for (String part : access.issued(token, rootKey)) {
        Warnings.warn(console, part + " is revoked: services will refuse this token");
      }
    }
  }

  /** Writes a token, with warnings of what is probably a mistake. */
  protected final void write(AgentToken token) {
    for (Delegation.Warning warning : token.warnings()) {
      Warnings.warn(console, warning.text() + " (" + warning.kind().text() + ")");
    }
    tokens.write(output, token::encode, token::encodeBase64);
  }
}
