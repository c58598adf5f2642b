package dev.taper.cli.call;

import dev.taper.agent.VerifierBuilder;
import dev.taper.agent.call.Proof;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.io.Source;
import dev.taper.datalog.Block;
import dev.taper.operations.Place;
import dev.taper.operations.key.AgentDirectories;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a caller uses a delegation token, and what the service makes of it. */
final class TokenKindOptions {
  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description = "File with the holder's proof, as prove writes it, or -.")
  private @Nullable String proof;

  @Option(names = "--accept-bearer", description = "Take bearer tokens, which need no proof.")
  private boolean acceptBearer;

  @Option(names = "--accept-sealed", description = "Take sealed tokens, which need no proof.")
  private boolean acceptSealed;

  @Option(
      names = "--directory",
      paramLabel = "FILE",
      description = "Names and their keys as JSON: {\"agent:planner\": \"ed25519/...\", ...}.")
  private @Nullable String directory;

  @Option(
      names = "--replay-memory",
      paramLabel = "FOLDER",
      description =
          "Remember used proofs and uses of approvals there from run to run. Without it, a second"
              + " use of a proof in another run is not seen.")
  private @Nullable String replayMemory;

  @Option(
      names = "--approval-uses",
      paramLabel = "DB",
      description = {
        "Count the uses of approvals in a database, for all that share it: "
            + Place.DATABASE
            + ".",
        "Without this and --replay-memory, approvals for a number of calls do not count."
      })
  private @Nullable String approvalUses;

  @Option(
      names = "--shared-predicate",
      paramLabel = "NAME",
      description = {
        "Let tokens see the facts of this predicate that the policies state or derive;",
        "otherwise these are the service's own."
      })
  private final List<String> sharedPredicates = new ArrayList<>();

  @Option(
      names = "--without-revocation",
      description = "Look nothing up as revoked: what was granted stays good until it ends.")
  private boolean withoutRevocation;

  @Mixin private final RevocationListOptions revocations = new RevocationListOptions();

  /**
   * Refuses to go on without a revocation list, unless that is asked for.
   *
   * @throws CliException if it is
   */
  void check() {
    boolean hasList = revocations.isGiven();
    if (withoutRevocation && hasList) {
      throw CliException.usage("--revocations and --without-revocation exclude each other");
    }
    if (!withoutRevocation && !hasList) {
      throw CliException.usage(
          "what is revoked? use --revocations LIST --revocation-key KEY, or --without-revocation");
    }
    if (approvalUses != null) {
      Place.Sql unused = Place.database(approvalUses);
    }
  }

  /** The holder's proof, or null. */
  @Nullable Proof proof(Inputs inputs) {
    return proof == null
        ? null
        : Proof.decode(inputs.text(Source.ofFile(proof), InputKind.PROOF).strip());
  }

  /**
   * Gives all of these options to a verifier.
   *
   * @param verifier the verifier
   * @param console where files are
   * @param inputs where they are read
   * @param clock the time of the decision
   */
  void addTo(VerifierBuilder verifier, Console console, Inputs inputs, Clock clock) {
    if (withoutRevocation) {
      verifier.withoutRevocation();
    } else {
      verifier.revocations(revocations.reader(console).load(clock));
    }
    verifier.sharedPredicates(sharedPredicates.toArray(new String[0]));
    if (acceptBearer) {
      verifier.acceptBearer();
    }
    if (acceptSealed) {
      verifier.acceptSealed();
    }
    if (directory != null) {
      String names = inputs.text(Source.ofFile(directory), InputKind.DIRECTORY);
      verifier.directory(AgentDirectories.read(names));
    }
    Instant now = console.clock().instant();
    if (replayMemory != null) {
      verifier.proofUses(new ReplayFolder(console.resolve(replayMemory), now));
    }
    if (approvalUses != null) {
      Place.Sql place = Place.database(approvalUses);
      verifier.approvalUses(new SharedApprovalUses(console.workplace(), place, now));
    } else if (replayMemory != null) {
      verifier.approvalUses(new ApprovalFolder(console.resolve(replayMemory), now));
    }
  }

  /**
   * Refuses to share what the policies do not state: that would share nothing, without a word.
   *
   * @param own what the policies state and derive
   * @throws CliException if one of the shared predicates is not among that
   */
  void checkShared(Block own) {
    Set<String> stated = new TreeSet<>();
    own.facts().forEach(fact -> stated.add(fact.predicate().name()));
    own.rules().forEach(rule -> stated.add(rule.head().name()));
    for (String name : sharedPredicates) {
      if (!stated.contains(name)) {
        throw CliException.usage(
            "--shared-predicate "
                + name
                + ": no policy states or derives that; "
                + (stated.isEmpty()
                    ? "they state nothing"
                    : "they do " + String.join(", ", stated)));
      }
    }
  }

  /** The options that remember what was used up. */
  GivenOptions memories() {
    return new GivenOptions()
        .add("--replay-memory", replayMemory != null)
        .add("--approval-uses", approvalUses != null);
  }

  /** Which of these options are used. */
  GivenOptions given() {
    return new GivenOptions()
        .add("--proof", proof != null)
        .add("--accept-bearer", acceptBearer)
        .add("--accept-sealed", acceptSealed)
        .add("--directory", directory != null)
        .add(memories())
        .add("--shared-predicate", !sharedPredicates.isEmpty())
        .add("--without-revocation", withoutRevocation)
        .add(revocations.given());
  }
}
