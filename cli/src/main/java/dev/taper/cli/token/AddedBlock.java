package dev.taper.cli.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.DelegationChain;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.HolderRecords;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.PrivateKeyInput;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.Signer;
import dev.taper.operations.key.KeyFile;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** A block that is added to a token by who has it, and the record of that. */
final class AddedBlock extends Arguments {
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final AuditOptions audit = part(AuditOptions.ofHolder());

  /**
   * Adds a block, and leaves a record of it.
   *
   * @param from the token
   * @param bearer adds it to a token that takes no key
   * @param held adds it to a held token with the holder's key
   * @throws CliException if a held token comes without its holder's key
   * @throws TaperException what is wrong with the longer token, or if the record cannot be made
   */
  UnverifiedToken addTo(
      UnverifiedToken from,
      UnaryOperator<UnverifiedToken> bearer,
      BiFunction<UnverifiedToken, Signer, UnverifiedToken> held,
      Console console) {
    HolderRecords records = audit.holderRecords(console);
    KeyInput given = key.optional(console);
    if (from.kind() != Token.Kind.HELD) {
      UnverifiedToken longer = Tokens.checked(() -> bearer.apply(from));
      requireProfile(longer);
      records.record(from, null, longer);
      return longer;
    }
    if (given == null) {
      throw CliException.usage("only its holder adds to a held token: use --key FILE");
    }
    Signer holder = new Keys(new Inputs(console)).signer(given);
    try {
      UnverifiedToken longer = Tokens.checked(() -> held.apply(from, holder));
      requireProfile(longer);
      records.record(from, holder, longer);
      return longer;
    } finally {
      KeyFile.wipe(holder);
    }
  }

  /** Refuses to break the profile: every verifier would refuse such a token, for good. */
  private static void requireProfile(UnverifiedToken token) {
    try {
      DelegationChain unused = Tokens.checked(() -> DelegationChain.claimedBy(token));
    } catch (TaperException e) {
      if (e.code() == ErrorCode.PROFILE_VIOLATION) {
        throw new TaperException(
            e.code(), "this is a delegation token, and would be none any more: " + e.getMessage());
      } else if (e.code() != ErrorCode.NOT_A_DELEGATION) {
        throw e;
      }
    }
  }
}
