package dev.taper.cli.service;

import dev.taper.agent.DelegationChain;
import dev.taper.agent.DelegationHop;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSubject;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Outputs;
import dev.taper.cli.io.Place;
import dev.taper.cli.io.Source;
import dev.taper.cli.output.SafeText;
import dev.taper.cli.registry.Registries;
import dev.taper.cli.store.Stores;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationKind;
import dev.taper.revocation.Validity;
import dev.taper.token.TokenKind;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Revokes, and issues revocation lists. */
public final class RevokeService {
  /** What has ended is listed for a day more, for verifiers whose clocks are behind. */
  private static final Duration KEPT_AFTER_END = Duration.ofDays(1);

  private final Console console;
  private final Inputs inputs;
  private final Keys keys;
  private final AuditRecorder audit;

  /** Works in the given console. */
  public RevokeService(Console console) {
    this.console = console;
    this.inputs = new Inputs(console);
    this.keys = new Keys(console, inputs);
    this.audit = new AuditRecorder(console);
  }

  private record Revoked(
      RevocationEntry entry, String words, AuditSubject subject, @Nullable String task) {}

  /**
   * Revokes something: adds it to a signed list, or starts the list. It is in force even if no
   * record can be left then, and no registry told.
   *
   * @param kind {@link AuditKind#REVOKE}, or {@link AuditKind#TASK_END} to end a task
   * @param input what
   * @param issue the list, and who signs it
   * @param log the audit log, or null
   * @param registry the registry to tell, or null
   */
  public ExitCode revoke(
      AuditKind kind,
      RevokeInput input,
      RevocationIssueInput issue,
      @Nullable AuditTarget log,
      Place.@Nullable Sql registry) {
    Revoked revoked = revoked(input);
    String by = issue(revoked, issue).toString();
    audit.record(
        log,
        now -> {
          AuditEvent event = AuditEvent.of(kind, now).by(by).subject(revoked.subject());
          return revoked.task() == null ? event : event.task(revoked.task());
        });
    if (registry != null) {
      Registries.revoked(console, registry.address(), revoked.entry());
    }
    return ExitCode.OK;
  }

  /** Adds to the list; the key that signed. */
  private PublicKey issue(Revoked revoked, RevocationIssueInput issue) {
    PrivateKey key = keys.privateKey(issue.key());
    try {
      List<RevocationEntry> entries = List.of(revoked.entry());
      RevocationIssuer issuer = RevocationIssuer.of(key);
      Instant until = revoked.entry().until();
      say(
          issue,
          "revoked " + revoked.words() + (until == null ? "" : ", which ends at " + until) + "; ",
          next(
              issue,
              key,
              entries,
              before -> {
                long next = before.sequence() + 1;
                return before.latest() == null
                    ? issuer.snapshot(next, entries, validity(issue))
                    : append(
                        before.bytes(),
                        issuer.delta(before.sequence(), next, entries, validity(issue)));
              }));
      return key.publicKey();
    } finally {
      key.destroy();
    }
  }

  /**
   * Issues a list anew, as one snapshot without what has ended; an empty one if there is none. In a
   * database it is the next delta, as the snapshots there come by themselves.
   *
   * @param issue the list, and who signs it
   */
  public ExitCode sign(RevocationIssueInput issue) {
    PrivateKey key = keys.privateKey(issue.key());
    try {
      Instant kept = console.clock().instant().minus(KEPT_AFTER_END);
      long number =
          next(
              issue,
              key,
              List.of(),
              before -> {
                List<RevocationEntry> entries = new ArrayList<>(before.entries());
                entries.removeIf(entry -> entry.until() != null && entry.until().isBefore(kept));
                return RevocationIssuer.of(key)
                    .snapshot(before.sequence() + 1, entries, validity(issue));
              });
      say(issue, "", number);
      return ExitCode.OK;
    } finally {
      key.destroy();
    }
  }

  /** Signs the next list, in a database or as a change of a file; its number. */
  private long next(
      RevocationIssueInput issue,
      PrivateKey key,
      List<RevocationEntry> entries,
      Function<RevocationFile, byte[]> change) {
    if (issue.place() instanceof Place.Sql sql) {
      return Stores.sign(console, sql, entries, RevocationIssuer.of(key), validity(issue));
    }
    String file = ((Place.File) issue.place()).name();
    return RevocationFile.update(console, file, key.publicKey(), change);
  }

  private void say(RevocationIssueInput issue, String what, long number) {
    console.out().println(SafeText.line(what + issue.place().shown() + " is now number " + number));
  }

  private Validity validity(RevocationIssueInput issue) {
    return Validity.from(console.clock(), issue.nextUpdate(), issue.maxAge());
  }

  private Revoked revoked(RevokeInput input) {
    if (input.kind() == RevocationKind.BLOCK) {
      return block(input);
    }
    if (input.block() != null || input.rootKeys() != null) {
      throw CliException.usage("--block and root keys are for revoking a block");
    }
    String what = input.what();
    return switch (input.kind()) {
      case TASK -> named(input, Fingerprint.ofTask(what), "task " + what, "task", what);
      case DELEGATOR ->
          named(input, Fingerprint.ofDelegator(what), "delegator " + what, "delegator", what);
      case HOLDER -> {
        PublicKey key = key(what);
        yield named(
            input, Fingerprint.ofHolder(key), "the holder's key " + key, "holder", key.toString());
      }
      case ROOT -> {
        PublicKey key = key(what);
        yield named(
            input, Fingerprint.ofRoot(key), "the root key " + key, "root_key", key.toString());
      }
      case BLOCK -> throw new IllegalStateException("handled above");
    };
  }

  private Revoked named(
      RevokeInput input, Fingerprint fingerprint, String words, String type, String id) {
    RevocationEntry entry = entry(input, fingerprint, null);
    String task = input.kind() == RevocationKind.TASK ? id : null;
    return new Revoked(entry, words, subject(type, id, entry, input), task);
  }

  private static AuditSubject subject(
      String type, String id, RevocationEntry entry, RevokeInput input) {
    return AuditSubject.of(type, id).until(entry.until()).reason(input.reason());
  }

  private RevocationEntry entry(RevokeInput input, Fingerprint fingerprint, @Nullable Instant end) {
    Instant until = input.until() == null ? end : Times.end(console, input.until());
    return new RevocationEntry(input.kind(), fingerprint, until);
  }

  /** Only a verified token says whose block it is that gets revoked. */
  private Revoked block(RevokeInput input) {
    if (input.rootKeys() == null) {
      throw CliException.usage(
          "the root key is needed to see whose block it is: use --public-key or --keys");
    }
    Tokens tokens = new Tokens(inputs, new Outputs(console));
    UnverifiedToken token = tokens.read(new EncodedInput(Source.ofFile(input.what()), false));
    RootKeys rootKeys = keys.rootKeys(input.rootKeys());
    VerifiedChain verified =
        Tokens.checked(
            () ->
                token.kind() == TokenKind.HELD
                    ? token.verifyHeld(rootKeys)
                    : token.verify(rootKeys));
    DelegationChain chain = DelegationChain.of(verified);
    int block = input.block() == null ? chain.hops().size() - 1 : input.block();
    if (block < 0 || block >= chain.hops().size()) {
      throw CliException.usage("the token has blocks 0 to " + (chain.hops().size() - 1));
    }
    DelegationHop hop = chain.hops().get(block);
    byte[] revocationKey = verified.revocationKeys().get(block);
    RevocationEntry entry = entry(input, Fingerprint.ofBlock(revocationKey), end(chain, block));
    return new Revoked(
        entry,
        "block "
            + block
            + " ("
            + hop.grantor()
            + " → "
            + hop.holderName()
            + ") and all that came of it",
        subject("block", digest(revocationKey), entry, input),
        chain.task().id());
  }

  /** As audit logs name a block. */
  private static String digest(byte[] revocationKey) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(revocationKey));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The earliest end that a block or one before it names: what came of it is over then. */
  private static @Nullable Instant end(DelegationChain chain, int block) {
    Instant end = null;
    for (DelegationHop hop : chain.hops().subList(0, block + 1)) {
      Instant own = hop.expiry();
      if (own != null && (end == null || own.isBefore(end))) {
        end = own;
      }
    }
    return end;
  }

  private PublicKey key(String text) {
    for (Algorithm known : Algorithm.values()) {
      if (text.startsWith(known.text() + "/")) {
        return PublicKey.parse(text);
      }
    }
    return keys.publicKey(new KeyInput(Source.ofFile(text), KeyFormat.AUTO, null, null));
  }

  private static byte[] append(byte[] before, byte[] delta) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(before.length + delta.length);
    all.writeBytes(before);
    all.writeBytes(delta);
    return all.toByteArray();
  }
}
