package dev.taper.cli.call;

import dev.taper.agent.call.Proof;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.names.NamesFile;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.BudgetsOption;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Flag;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.KeyNames;
import dev.taper.cli.io.NamesOption;
import dev.taper.cli.io.RevocationListOptions;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.Warnings;
import dev.taper.datalog.Block;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How a caller uses a delegation token, and what the service makes of it. */
final class TokenKindOptions extends Arguments {
  final Value<@Nullable String> proof =
      option("--proof", "FILE", "File with the holder's proof, as prove writes it, or -.").text();

  private final Flag acceptBearer =
      flag("--accept-bearer", "Take bearer tokens, which need no proof.");

  private final Flag acceptSealed =
      flag("--accept-sealed", "Take sealed tokens, which need no proof.");

  final Value<@Nullable String> replayMemory =
      option(
              "--replay-memory",
              "FOLDER",
              "Remember used proofs and uses of approvals there from run to run. Without it, a second"
                  + " use of a proof in another run is not seen.")
          .text();

  final Value<@Nullable String> approvalUses =
      option(
              "--approval-uses",
              "DB",
              "Count the uses of approvals in a database, for all that share it: "
                  + Place.DATABASE
                  + ".",
              "Without this and --replay-memory, approvals for a number of calls do not count.")
          .text();

  final BudgetsOption budgets = part(new BudgetsOption());

  private final Value<List<String>> sharedPredicates =
      option(
              "--shared-predicate",
              "NAME",
              "Let tokens see the facts of this predicate that the policies state or derive;",
              "otherwise these are the service's own.")
          .texts();

  private final Flag withoutRevocation =
      flag(
          "--without-revocation",
          "Look nothing up as revoked: what was granted stays good until it ends.");

  private final RevocationListOptions revocations = part(new RevocationListOptions());
  private final NamesOption names = part(new NamesOption());

  private final Flag unsignedApprovers =
      flag(
          "--accept-unsigned-approvers",
          "Let the approvers in the file of names count without --names-key.");

  /**
   * Refuses to go on without a revocation list, unless that is asked for.
   *
   * @throws CliException if it is
   */
  void check() {
    boolean hasList = revocations.isGiven();
    if (withoutRevocation.given() && hasList) {
      throw CliException.usage("--revocations and --without-revocation exclude each other");
    }
    if (!withoutRevocation.given() && !hasList) {
      throw CliException.usage(
          "what is revoked? use --revocations LIST --revocation-key KEY, or --without-revocation");
    }
    if (approvalUses.get() != null) {
      Place.Sql unused = Place.database(approvalUses.get());
    }
    SortedMap<String, Place> unusedToo = budgets.places();
  }

  /** The names that keys are shown with. */
  KeyNames names(Console console) {
    return names.shown(console);
  }

  /** The holder's proof, or null. */
  @Nullable Proof proof(Inputs inputs) {
    return proof.get() == null
        ? null
        : Proof.decode(inputs.text(Source.ofFile(proof.get()), InputKind.PROOF).strip());
  }

  /**
   * Gives all of these options to a verifier.
   *
   * @param verifier the verifier
   * @param console where files are
   * @param clock the time of the decision
   * @param stores keeps what was used up
   */
  void addTo(VerifierBuilder verifier, Console console, Clock clock, Stores stores) {
    if (withoutRevocation.given()) {
      verifier.withoutRevocation();
    } else {
      verifier.revocations(revocations.reader(console).load(clock));
    }
    verifier.sharedPredicates(sharedPredicates.get().toArray(new String[0]));
    if (acceptBearer.given()) {
      verifier.acceptBearer();
    }
    if (acceptSealed.given()) {
      verifier.acceptSealed();
    }
    NamesFile known = names.read(console);
    if (known != null) {
      addNames(known, verifier, console);
    }
    if (replayMemory.get() != null) {
      Place folder = new Place.File(replayMemory.get());
      verifier.replayMemory(stores.replayMemory(folder));
      verifier.approvalUses(stores.approvalUses(folder));
    }
    if (approvalUses.get() != null) {
      verifier.approvalUses(stores.approvalUses(Place.database(approvalUses.get())));
    }
    budgets.places().forEach((store, place) -> verifier.budgets(store, stores.budgets(place)));
  }

  private void addNames(NamesFile known, VerifierBuilder verifier, Console console) {
    verifier.directory(known.directory()).issuerNames(known.issuerNames());
    if (known.signer() != null || unsignedApprovers.given()) {
      verifier.approverNames(known.approverNamesWithoutSignature());
    } else if (!known.approvers().isEmpty()) {
      Warnings.note(
          console,
          "the approvers in the file of names do not count: use --names-key KEY, or"
              + " --accept-unsigned-approvers");
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
    for (String name : sharedPredicates.get()) {
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
}
