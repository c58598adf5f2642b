package dev.taper.cli.revocation;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.PublicKeyInput;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Tokens;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.operations.OperationException;
import dev.taper.operations.revoking.Revocable;
import dev.taper.revocation.RevocationEntry;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes out what a command line, or a line of a file, means to revoke. */
final class RevocableInput {
  private final Console console;
  private final Inputs inputs;
  private final Tokens tokens;

  RevocableInput(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.tokens = new Tokens(inputs, new Outputs(console));
  }

  /** The kind of the entry, where a holder's key may be meant as the last one. */
  static RevocationEntry.Kind kind(RevokedThing thing, boolean asLastHolder) {
    if (asLastHolder && thing != RevokedThing.HOLDER) {
      throw CliException.usage("--as-last-holder is for revoking a holder's key");
    }
    RevocationEntry.Kind kind = thing.kind();
    if (kind == null) {
      throw CliException.usage(thing.text() + " has no entry of its own");
    }
    return asLastHolder ? RevocationEntry.Kind.LAST_HOLDER : kind;
  }

  /**
   * What a command names.
   *
   * @param kind what it is
   * @param what its name, its key (text or file), the token that has the block, or the approval
   * @param block the block's index; null for the token's last
   * @param rootKeys which root keys the token is verified with
   */
  Revocable read(
      RevocationEntry.Kind kind, String what, @Nullable Integer block, PublicKeyInput rootKeys) {
    if (kind != RevocationEntry.Kind.BLOCK && (block != null || !rootKeys.written().isEmpty())) {
      throw CliException.usage(
          (block != null ? "--block" : "a root key") + " is for revoking a block");
    }
    return switch (kind) {
      case TASK -> Revocable.task(what);
      case DELEGATOR -> Revocable.delegator(what);
      case HOLDER -> Revocable.holder(key(what));
      case LAST_HOLDER -> Revocable.lastHolder(key(what));
      case ROOT -> Revocable.root(key(what));
      case BLOCK -> block(what, block, rootKeys);
      case APPROVAL -> approval(what);
    };
  }

  /**
   * How a line of a file is made out: a name, the text of a key, a token, or an approval by its
   * name. It reads no other file.
   */
  Function<String, Revocable> lines(RevocationEntry.Kind kind, PublicKeyInput rootKeys) {
    if (kind != RevocationEntry.Kind.BLOCK && !rootKeys.written().isEmpty()) {
      throw CliException.usage("a root key is for revoking a block");
    }
    return switch (kind) {
      case TASK -> Revocable::task;
      case DELEGATOR -> Revocable::delegator;
      case HOLDER -> line -> Revocable.holder(PublicKey.parse(line));
      case LAST_HOLDER -> line -> Revocable.lastHolder(PublicKey.parse(line));
      case ROOT -> line -> Revocable.root(PublicKey.parse(line));
      case BLOCK -> {
        RootKeys trusted = rootKeys(rootKeys);
        yield line -> Revocable.block(UnverifiedToken.decode(line).verifyAny(trusted), null);
      }
      case APPROVAL -> RevocableInput::namedApproval;
    };
  }

  private Revocable block(String file, @Nullable Integer block, PublicKeyInput rootKeys) {
    RootKeys trusted = rootKeys(rootKeys);
    UnverifiedToken token = tokens.read(new EncodedInput(Source.ofFile(file), false));
    VerifiedChain verified = Tokens.checked(() -> token.verifyAny(trusted));
    return Revocable.block(verified, block);
  }

  private RootKeys rootKeys(PublicKeyInput rootKeys) {
    if (!rootKeys.isGiven()) {
      throw CliException.usage(
          "the root key is needed to see whose block it is: use --public-key or --keys");
    }
    return rootKeys.read(inputs, console.clock());
  }

  /** An approval by its name in records, or from its file. */
  private Revocable approval(String what) {
    int space = what.indexOf(' ');
    if (space > 0 && Algorithm.ofText(what.substring(0, Math.max(0, what.indexOf('/')))) != null) {
      return namedApproval(what);
    }
    String text = inputs.text(Source.ofFile(what), InputKind.APPROVAL).strip();
    return Revocable.approval(Tokens.checked(() -> Approval.decode(text)));
  }

  private static Revocable namedApproval(String name) {
    int space = name.indexOf(' ');
    if (space < 0) {
      throw OperationException.usage(
          "an approval is named by its approver's key, a space and its id");
    }
    return Revocable.approval(PublicKey.parse(name.substring(0, space)), name.substring(space + 1));
  }

  /** A token that is looked up; nobody looks at its signatures. */
  AgentToken token(String file) {
    UnverifiedToken token = tokens.read(new EncodedInput(Source.ofFile(file), false));
    return Tokens.checked(() -> AgentToken.of(token));
  }

  /**
   * Who signed a token's first block; null if no root key is given.
   *
   * @throws dev.taper.TaperException if none of them did
   */
  @Nullable PublicKey rootKey(AgentToken token, PublicKeyInput rootKeys) {
    if (!rootKeys.isGiven()) {
      return null;
    }
    RootKeys trusted = rootKeys.read(inputs, console.clock());
    UnverifiedToken encoded = UnverifiedToken.decode(token.encode());
    return Tokens.checked(() -> encoded.verifyAny(trusted)).rootKey();
  }

  /** A key to revoke need not be a good one: its text is enough. */
  PublicKey key(String written) {
    KeyInput input = KeyInput.written(written);
    return input.source() instanceof Source.Text text
        ? PublicKey.parse(text.text())
        : new Keys(inputs).publicKey(input);
  }
}
