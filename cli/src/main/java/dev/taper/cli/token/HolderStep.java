package dev.taper.cli.token;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.delegation.DelegationChain;
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
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** What who has a token does with it, such as adding a block or sealing it, and the record. */
final class HolderStep extends Arguments {
  private final PrivateKeyInput key = part(new PrivateKeyInput());
  private final AuditOptions audit = part(AuditOptions.ofHolder());
  private final String rule;

  /**
   * A step.
   *
   * @param rule that only the holder takes it with a held token, in words
   */
  HolderStep(String rule) {
    this.rule = rule;
  }

  /**
   * Takes the step, and leaves a record of it.
   *
   * @param from the token
   * @param bearer takes it with a token that takes no key
   * @param held takes it with a held token and the holder's key
   * @throws CliException if a held token comes without its holder's key
   * @throws TaperException what is wrong with the new token, or if the record cannot be made
   */
  UnverifiedToken take(
      UnverifiedToken from,
      UnaryOperator<UnverifiedToken> bearer,
      BiFunction<UnverifiedToken, Signer, UnverifiedToken> held,
      Console console) {
    HolderRecords records = audit.holderRecords(console);
    KeyInput given = key.optional(console);
    if (from.kind() != Token.Kind.HELD) {
      UnverifiedToken changed = Tokens.checked(() -> bearer.apply(from));
      requireProfile(changed);
      records.record(from, null, changed);
      return changed;
    }
    if (given == null) {
      throw CliException.usage(rule + ": use --key FILE");
    }
    return new Keys(new Inputs(console))
        .signing(
            given,
            holder -> {
              UnverifiedToken changed = Tokens.checked(() -> held.apply(from, holder));
              requireProfile(changed);
              records.record(from, holder, changed);
              return changed;
            });
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
