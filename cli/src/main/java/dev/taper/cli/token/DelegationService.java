package dev.taper.cli.token;

import dev.taper.agent.AgentToken;
import dev.taper.agent.Delegation;
import dev.taper.agent.Hop;
import dev.taper.agent.Issuer;
import dev.taper.agent.NamesFile;
import dev.taper.agent.grant.Activation;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.AuditOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ConsoleService;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.HolderRecords;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.OutputOptions;
import dev.taper.cli.io.RegistryOption;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.Warnings;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import dev.taper.datalog.Block;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.registry.RegistryAccess;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes delegation tokens and hands them on. */
final class DelegationService extends ConsoleService {
  private static final long MAX_ROOT_KEY_ID = 0xffff_ffffL;

  private final AuditOptions audit;
  private final @Nullable RegistryAccess registry;
  private final @Nullable NamesFile names;

  /**
   * Works in the given console.
   *
   * @param console the console
   * @param audit the audit log
   * @param registry the registry to tell of every token before it is written
   * @param names who has which keys, or null
   */
  DelegationService(
      Console console, AuditOptions audit, RegistryOption registry, @Nullable NamesFile names) {
    super(console);
    this.audit = audit;
    this.registry = registry.access(console);
    this.names = names;
  }

  /**
   * Makes a delegation token and writes it.
   *
   * @param key the root key
   * @param options who lets whom do what
   * @param rootKeyId the hint for choosing the root key, or null
   * @param target where the token goes
   */
  ExitCode mint(
      KeyInput key, DelegationOptions options, @Nullable Long rootKeyId, OutputOptions target) {
    AuditRecorder recorder = audit.recorder(console);
    Delegation delegation = options.read(keys, console.clock());
    Integer keyId = rootKeyId == null ? null : rootKeyId(rootKeyId);
    Signer root = keys.signer(key);
    Issuer issuer = Issuer.of(root).clock(console.clock());
    if (keyId != null) {
      issuer = issuer.keyId(keyId);
    }
    AgentToken token = issuer.mint(delegation);
    requireMeetable(token);
    PublicKey rootKey = root.publicKey();
    KeyFile.wipe(root);
    tell(token, rootKey);
    recorder.record(now -> AuditEvent.minted(token, now));
    write(token, token.warnings(), target);
    return ExitCode.OK;
  }

  /**
   * Hands a token on and writes the new one.
   *
   * @param input the token
   * @param key the holder's key; null will do for a bearer token, which takes none
   * @param options to whom, and what is left
   * @param target where the new token goes
   */
  ExitCode delegate(
      EncodedInput input, @Nullable KeyInput key, HopOptions options, OutputOptions target) {
    HolderRecords records = audit.holderRecords(console);
    UnverifiedToken from = tokens.read(input);
    AgentToken token = Tokens.checked(() -> AgentToken.of(from));
    Hop hop = options.read(keys, console.clock());
    requireUsable(token, hop);
    AgentToken narrower;
    if (from.kind() == Token.Kind.BEARER) {
      if (!options.toBearer()) {
        throw CliException.usage("a bearer token has no holder any more: use --to-bearer");
      }
      narrower = token.narrowBearer(hop, console.clock());
      requireMeetable(narrower);
      records.record(token, null, narrower);
    } else {
      if (key == null) {
        throw CliException.usage("a held token is handed on by its holder: use --key FILE");
      }
      Signer holder = keys.signer(key);
      try {
        narrower = token.delegate(holder, hop, console.clock());
        requireMeetable(narrower);
        records.record(token, holder, narrower);
      } finally {
        KeyFile.wipe(holder);
      }
    }
    tell(narrower, null);
    write(narrower, narrower.warnings(), target);
    return ExitCode.OK;
  }

  /** No grant of the new block may wait for more people than there are. */
  private void requireMeetable(AgentToken token) {
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

  /** What is handed on too often, nobody could use, whatever the call. */
  private void requireUsable(AgentToken token, Hop hop) {
    for (Delegation.Warning warning : token.warnings(hop, console.clock())) {
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

  private void tell(AgentToken token, @Nullable PublicKey rootKey) {
    if (registry != null) {
      for (String part : registry.issued(token, rootKey)) {
        Warnings.warn(console, part + " is revoked: services will refuse this token");
      }
    }
  }

  private void write(AgentToken token, List<Delegation.Warning> warnings, OutputOptions target) {
    for (Delegation.Warning warning : warnings) {
      Warnings.warn(console, warning.text() + " (" + warning.kind().text() + ")");
    }
    tokens.write(target, token::encode, token::encodeBase64);
  }

  /** The hint as the format has it: 32 bits without a sign. */
  static int rootKeyId(long id) {
    if (id < 0 || id > MAX_ROOT_KEY_ID) {
      throw CliException.usage("a root key id is between 0 and " + MAX_ROOT_KEY_ID);
    }
    return (int) id;
  }
}
