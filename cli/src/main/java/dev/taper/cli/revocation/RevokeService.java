package dev.taper.cli.revocation;

import dev.taper.cli.io.AuditRecorder;
import dev.taper.cli.io.AuditTarget;
import dev.taper.cli.io.EncodedInput;
import dev.taper.cli.io.KeyFormat;
import dev.taper.cli.io.KeyInput;
import dev.taper.cli.io.Keys;
import dev.taper.cli.io.Times;
import dev.taper.cli.io.Tokens;
import dev.taper.cli.output.RevocationWarnings;
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
import dev.taper.cli.io.Registries;
import dev.taper.cli.registry.ReviewService;
import dev.taper.cli.io.Stores;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.IssuedList;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationKind;
import dev.taper.store.SqlRevocations;
import dev.taper.token.TokenKind;
import dev.taper.token.UnverifiedToken;
import dev.taper.token.VerifiedChain;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Revokes, and issues revocation lists. */
public final class RevokeService {
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
    RevocationEntry entry = revoked.entry();
    OptionalInt known =
        registry == null
            ? OptionalInt.empty()
            : Registries.endedBy(console, registry.address(), entry.fingerprint());
    Signed signed = revoke(entry, issue, log);
    say(
        issue,
        (signed.issued().changed() > 0 ? "revoked " : "nothing new: revoked before, ")
            + revoked.words()
            + (entry.until() == null ? "" : ", which ends at " + entry.until())
            + "; ",
        signed.issued());
    audit.record(
        log,
        now -> {
          AuditEvent event =
              AuditEvent.of(kind, now).by(signed.by().toString()).subject(revoked.subject());
          return revoked.task() == null ? event : event.task(revoked.task());
        });
    if (registry != null) {
      Registries.revoked(console, registry.address(), entry);
    }
    OptionalInt ended = known.isPresent() ? known : signed.ended();
    ended.ifPresent(count -> sayEnded(count, revoked.words()));
    return ExitCode.OK;
  }

  /** A name with a slip ends nothing, and should not look as if it did. */
  private void sayEnded(int count, String words) {
    if (count == 0) {
      console.out().println("ends nothing that the registry knows");
      RevocationWarnings.warn(
          console, "nothing living stands on " + words + "; is it the right one?");
    } else {
      console.out().println("ends " + count + " living delegation" + (count == 1 ? "" : "s"));
    }
  }

  /**
   * Takes back what was revoked, with a reason that the list states.
   *
   * @param input what; its reason must be there
   * @param issue the list, and who signs it
   * @param log the audit log, or null
   * @param registry the registry to tell, or null
   */
  public ExitCode lift(
      RevokeInput input,
      RevocationIssueInput issue,
      @Nullable AuditTarget log,
      Place.@Nullable Sql registry) {
    String reason = input.reason();
    if (reason == null) {
      throw CliException.usage("why is it lifted? use --reason TEXT; the list states it");
    }
    Revoked lifted = revoked(input);
    Fingerprint fingerprint = lifted.entry().fingerprint();
    Signed signed =
        signed(
            issue,
            log,
            (revocations, issuer) -> revocations.lift(issuer, fingerprint, reason, issue.horizon()),
            (file, issuer) -> file.lift(issuer, fingerprint, reason, issue.horizon()));
    audit.record(
        log,
        now -> {
          AuditEvent event =
              AuditEvent.of(AuditKind.REVOKE, now)
                  .by(signed.by().toString())
                  .subject(lifted.subject().verdict("lifted"));
          return lifted.task() == null ? event : event.task(lifted.task());
        });
    if (registry != null) {
      Registries.lifted(console, registry.address(), fingerprint);
    }
    say(issue, "lifted " + lifted.words() + "; ", signed.issued());
    return ExitCode.OK;
  }

  /**
   * Issues a list anew, as one snapshot without what has ended; an empty one if there is none. In a
   * database it is the next delta, as the snapshots there come by themselves.
   *
   * @param issue the list, and who signs it
   */
  public ExitCode sign(RevocationIssueInput issue) {
    Signed signed =
        signed(
            issue,
            null,
            (revocations, issuer) -> revocations.sign(issuer, issue.horizon()),
            (file, issuer) -> file.renew(issuer, issue.horizon()));
    say(issue, "", signed.issued());
    return ExitCode.OK;
  }

  /** A list that was signed, by whom, and how many living delegations that ended. */
  private record Signed(IssuedList issued, PublicKey by, OptionalInt ended) {}

  private Signed revoke(
      RevocationEntry entry, RevocationIssueInput issue, @Nullable AuditTarget log) {
    OptionalInt ended =
        issue.place() instanceof Place.Sql sql
            ? Stores.endedBy(console, sql, entry.fingerprint())
            : OptionalInt.empty();
    Signed signed =
        signed(
            issue,
            log,
            (revocations, issuer) -> revocations.revoke(issuer, List.of(entry), issue.horizon()),
            (file, issuer) -> file.revoke(issuer, List.of(entry), issue.horizon()));
    return new Signed(signed.issued(), signed.by(), ended);
  }

  /** Signs in a database. */
  @FunctionalInterface
  private interface InDatabase {
    IssuedList sign(SqlRevocations revocations, RevocationIssuer issuer);
  }

  /** Signs in a file. */
  @FunctionalInterface
  private interface InFile {
    IssuedList sign(RevocationFile file, RevocationIssuer issuer) throws IOException;
  }

  private Signed signed(
      RevocationIssueInput issue, @Nullable AuditTarget log, InDatabase inDatabase, InFile inFile) {
    PrivateKey key = keys.privateKey(issue.key());
    try {
      RevocationIssuer issuer = RevocationIssuer.of(key);
      IssuedList issued;
      if (issue.place() instanceof Place.Sql sql) {
        new ReviewService(console).applyDates(sql.address(), log);
        issued =
            Stores.revocations(console, sql, revocations -> inDatabase.sign(revocations, issuer));
      } else {
        String name = ((Place.File) issue.place()).name();
        issued = inFile.sign(RevocationFile.of(console.resolve(name), console.clock()), issuer);
      }
      return new Signed(issued, key.publicKey(), OptionalInt.empty());
    } catch (IOException e) {
      throw CliException.io("cannot update " + issue.place().shown() + ": " + e.getMessage(), e);
    } finally {
      key.destroy();
    }
  }

  private void say(RevocationIssueInput issue, String what, IssuedList issued) {
    console
        .out()
        .println(
            SafeText.line(what + issue.place().shown() + " is now number " + issued.sequence()));
    RevocationWarnings.shorter(console, issued);
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
    Instant end = end(chain, block);
    RevocationEntry entry = entry(input, Fingerprint.ofBlock(revocationKey), end);
    requireNotBefore(end, entry);
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

  /** With an entry that ends before the block does, the token would live again. */
  private static void requireNotBefore(@Nullable Instant end, RevocationEntry entry) {
    Instant until = entry.until();
    if (until != null && (end == null || until.isBefore(end))) {
      throw CliException.usage(
          "the token would be good again from "
              + until
              + (end == null ? ": it has no end of its own" : " until its own end, " + end)
              + "; leave out --until");
    }
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
}
