package dev.taper.cli.token;

import dev.taper.cli.io.AuditRecorder;
import dev.taper.cli.io.AuditTarget;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.OutputTarget;
import dev.taper.cli.io.Times;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.RevocationWarnings;
import dev.taper.agent.Agent;
import dev.taper.agent.AgentToken;
import dev.taper.agent.Delegation;
import dev.taper.agent.DelegationTerms;
import dev.taper.agent.DelegationWarning;
import dev.taper.agent.Hop;
import dev.taper.agent.Issuer;
import dev.taper.agent.Task;
import dev.taper.audit.AuditEvent;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.output.Style;
import dev.taper.cli.io.Registries;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.token.TokenKind;
import dev.taper.token.UnverifiedToken;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes delegation tokens and hands them on. */
public final class DelegationService {
  private final Console console;
  private final Keys keys;
  private final Tokens tokens;
  private final AuditRecorder audit;
  private final @Nullable String registry;

  /**
   * Works in the given console.
   *
   * @param console the console
   * @param registry the registry to tell of every token before it is written, or null
   */
  public DelegationService(Console console, @Nullable String registry) {
    this.registry = registry;
    Inputs inputs = new Inputs(console);
    this.console = console;
    this.keys = new Keys(console, inputs);
    this.tokens = new Tokens(inputs, new Outputs(console));
    this.audit = new AuditRecorder(console);
  }

  /**
   * Makes a delegation token and writes it.
   *
   * @param key the root key
   * @param input who lets whom do what
   * @param rootKeyId the hint for choosing the root key, or null
   * @param log the audit log, or null
   * @param target where the token goes
   */
  public ExitCode mint(
      KeyInput key,
      DelegationInput input,
      @Nullable Long rootKeyId,
      @Nullable AuditTarget log,
      OutputTarget target) {
    Task task = new Task(input.task(), input.purpose());
    Delegation delegation = Delegation.by(input.delegator()).to(agent(input.holder())).task(task);
    if ("never".equals(input.terms().expires())) {
      delegation = delegation.withoutExpiry();
    }
    Delegation granted = granted(delegation, input.terms());
    Integer keyId = rootKeyId == null ? null : MintService.rootKeyId(rootKeyId);
    PrivateKey root = keys.privateKey(key);
    Issuer issuer = Issuer.of(root).clock(console.clock());
    if (keyId != null) {
      issuer = issuer.keyId(keyId);
    }
    AgentToken token = issuer.mint(granted);
    PublicKey rootKey = root.publicKey();
    root.destroy();
    if (registry != null) {
      warnOfRevoked(Registries.issued(console, registry, token, rootKey));
    }
    audit.record(log, now -> AuditEvent.minted(token, now));
    write(token, issuer.warnings(granted), target);
    return ExitCode.OK;
  }

  /**
   * Hands a token on and writes the new one.
   *
   * @param input the token
   * @param key the holder's key; null will do for a bearer token, which takes none
   * @param hop to whom, and what is left
   * @param log the audit log, or null
   * @param target where the new token goes
   */
  public ExitCode delegate(
      EncodedInput input,
      @Nullable KeyInput key,
      HopInput hop,
      @Nullable AuditTarget log,
      OutputTarget target) {
    UnverifiedToken from = tokens.read(input);
    AgentToken token = Tokens.checked(() -> AgentToken.of(from));
    Hop next = granted(hop(hop), hop.terms());
    List<DelegationWarning> warnings = token.warnings(next, console.clock());
    AgentToken narrower;
    if (from.kind() == TokenKind.BEARER) {
      if (hop.next() != HopInput.Next.BEARER) {
        throw CliException.usage("a bearer token has no holder any more: use --to-bearer");
      }
      narrower = token.narrowBearer(next, console.clock());
    } else {
      if (key == null) {
        throw CliException.usage("a held token is handed on by its holder: use --key FILE");
      }
      PrivateKey holder = keys.privateKey(key);
      narrower = token.delegate(holder, next, console.clock());
      holder.destroy();
    }
    AgentToken handedOn = narrower;
    audit.record(log, now -> AuditEvent.delegated(handedOn, now));
    if (registry != null) {
      warnOfRevoked(Registries.issued(console, registry, handedOn, null));
    }
    write(handedOn, warnings, target);
    return ExitCode.OK;
  }

  private void warnOfRevoked(List<String> parts) {
    for (String part : parts) {
      RevocationWarnings.warn(console, part + " is revoked: services will refuse this token");
    }
  }

  private Hop hop(HopInput input) {
    return switch (input.next()) {
      case HOLDER -> Hop.to(agent(Objects.requireNonNull(input.holder())));
      case SELF -> Hop.toSelf();
      case BEARER -> Hop.toBearer();
    };
  }

  private Agent agent(HolderInput input) {
    return Agent.of(input.name(), keys.publicKey(input.key()));
  }

  private <T extends DelegationTerms<T>> T granted(T start, TermsInput input) {
    T terms = start;
    for (String grant : input.grants()) {
      terms = terms.grant(grant);
    }
    String expires = input.expires();
    if (expires != null && !expires.equals("never")) {
      terms = terms.expiresAt(Times.end(console, expires));
    }
    if (input.notBefore() != null) {
      terms = terms.notBefore(Times.beginning(input.notBefore()));
    }
    if (!input.audiences().isEmpty()) {
      terms = terms.audience(input.audiences().toArray(new String[0]));
    }
    if (input.maxDepth() != null) {
      terms = terms.maxDepth(input.maxDepth());
    }
    return input.verifiedHolders() ? terms.verifiedHolderOnly() : terms;
  }

  private void write(AgentToken token, List<DelegationWarning> warnings, OutputTarget target) {
    Style style = Style.err(console);
    for (DelegationWarning warning : warnings) {
      console
          .err()
          .println(
              style.warn("taper: warning:")
                  + " "
                  + SafeText.line(warning.text())
                  + " ("
                  + warning.kind().text()
                  + ")");
    }
    tokens.write(target, token::encode, token::encodeBase64);
  }
}
