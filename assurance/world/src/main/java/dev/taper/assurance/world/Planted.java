package dev.taper.assurance.world;

import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.Reservation;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.ApproverNames;
import dev.taper.assurance.world.disk.ProcessFiles;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Faults that are planted in a world, so that it is known to find them. In each a part behaves as
 * it did before a commit mended it, or as an option lets it that somebody could choose wrongly, or
 * as it never did. Nothing of the product knows of them.
 */
@SuppressWarnings(
    "ImmutableEnumChecker") // its suppliers hold nothing, and its sets are unmodifiable
enum Planted {
  /**
   * A store was started anew without its last writes, and went on as if it had them all. Undoes
   * f318941f of 2026-11-27, by which a PostgreSQL server is noticed.
   */
  STORE_FORGETS_SILENTLY(
      () ->
          new Parts() {
            @Override
            boolean saysWhatItLost() {
              return false;
            }
          },
      Rule.PROOF_ONCE,
      Rule.BUDGET_WITHIN_LIMIT,
      Rule.APPROVAL_WITHIN_USES),

  /**
   * Whether a proof was used was looked up in one step, and noted in another one. Never was there.
   */
  CLAIM_IN_TWO_STEPS(
      () ->
          new Parts() {
            @Override
            StoreContent content(Runnable pause) {
              return PlantedStores.inTwoSteps(pause);
            }
          },
      Rule.PROOF_ONCE),

  /**
   * A used proof was forgotten when it had ended by any clock, and good again by one set back.
   * Undoes 73ca52bd of 2026-11-26, before which a folder did so.
   */
  SET_BACK_CLOCK_REVIVES_PROOFS(
      () ->
          new Parts() {
            @Override
            StoreContent content(Runnable pause) {
              return PlantedStores.forgetting();
            }
          },
      Rule.PROOF_ONCE),

  /**
   * What collided with another commit was tried again, rolled back, and reported as done. Undoes
   * ba89f407 of 2026-11-25.
   */
  COLLIDED_COMMIT_ROLLED_BACK(
      () ->
          new Parts() {
            @Override
            StoreContent content(Runnable pause) {
              return new PlantedStores.RollingBack(pause);
            }
          },
      Rule.PROOF_ONCE,
      Rule.BUDGET_WITHIN_LIMIT,
      Rule.APPROVAL_WITHIN_USES),

  /**
   * A proof was claimed before the token's end and all that its call needs besides were looked at.
   * Undoes 52df3191 of 2026-11-25.
   */
  CLAIMED_BEFORE_EXPIRY(PlantedProofs.ClaimedFirst::new, Rule.REFUSED_USES_NOTHING),

  /**
   * Proofs were in time by the clock alone: one that was set back refused all for as long as it was
   * behind. Undoes aeff0ab6 of 2026-11-27.
   */
  SET_BACK_CLOCK_REFUSES_PROOFS(
      PlantedProofs.InTimeByTheClockAlone::new, Rule.GOES_ON_WHEN_SET_BACK),

  /**
   * What a call took was given back when its handler failed, though it had been entered. Never was
   * there.
   */
  FAILED_CALLS_COST_NOTHING(
      () ->
          new Parts() {
            @Override
            void failed(Reservation reservation) {
              reservation.giveBack();
            }
          },
      Rule.BUDGET_WITHIN_LIMIT,
      Rule.APPROVAL_WITHIN_USES),

  /**
   * The leases of a process that died were given back whole, whatever it had spent of them. Never
   * was there.
   */
  LEASES_OF_THE_DEAD_GIVEN_BACK(
      () ->
          new Parts() {
            @Override
            Budgets.Leased leasing(Budgets shared) {
              return new PlantedLeases.GivenBackWhole(shared, super::leasing);
            }

            @Override
            void died(Budgets.Leased leased) {
              ((PlantedLeases.GivenBackWhole) leased).died();
            }
          },
      Rule.BUDGET_WITHIN_LIMIT),

  /**
   * A process let calls through first, and told the store of some of them at a time. Never was
   * there.
   */
  CHARGED_AFTERWARDS(
      () ->
          new Parts() {
            @Override
            Budgets.Leased leasing(Budgets shared) {
              return new PlantedLeases.ChargedAfterwards(shared);
            }
          },
      Rule.BUDGET_WITHIN_LIMIT),

  /**
   * What was given back was given back again, as the first answer had not come. Never was there.
   */
  GIVEN_BACK_AGAIN(
      () ->
          new Parts() {
            @Override
            ReplayMemory.Joined store(ReplayMemory.Joined connection) {
              return PlantedConnections.givingBackAgain(connection);
            }
          },
      Rule.BUDGET_WITHIN_LIMIT),

  /**
   * Who could not be asked whether a proof was used counted as one who said no. Never was there.
   */
  NO_ANSWER_IS_A_YES(
      () ->
          new Parts() {
            @Override
            ReplayMemory.Joined store(ReplayMemory.Joined connection) {
              return PlantedConnections.takingNoAnswerForAYes(connection);
            }
          },
      Rule.PROOF_ONCE,
      Rule.CLOSED_WITHOUT_STORE),

  /** Uses of an approval were counted in each process by itself. A wrong option. */
  APPROVALS_OF_ONE_PROCESS(
      () ->
          new Parts() {
            @Override
            VerifierBuilder built(VerifierBuilder builder, Event.Style style) {
              return super.built(builder, style)
                  .approvalUses(PlantedConnections.approvalsOfOneProcess());
            }
          },
      Rule.APPROVAL_WITHIN_USES,
      Rule.CLOSED_WITHOUT_STORE),

  /** A verifier went alone without an end. A wrong option. */
  ALONE_WITHOUT_END(
      () ->
          new Parts() {
            @Override
            VerifierBuilder built(VerifierBuilder builder, Event.Style style) {
              return style == Event.Style.ALONE
                  ? builder.proofsOfOneProcessWhileAway(Duration.ofHours(1), 1 << 16)
                  : builder;
            }
          },
      Rule.ALONE_WITHIN_BOUNDS),

  /**
   * How long a verifier went alone was counted by its clock: one that was set back again and again
   * gave it more time. Undoes 6af414b1 of 2026-11-27.
   */
  SET_BACK_CLOCK_STRETCHES_ALONE(PlantedProofs.AloneByTheClock::new, Rule.ALONE_WITHIN_BOUNDS),

  /**
   * A list was as old as the clock said just then: one that was set back made it younger. Undoes
   * 1f0746f0 of 2026-11-25.
   */
  SET_BACK_CLOCK_MAKES_LISTS_YOUNGER(
      () ->
          new Parts() {
            @Override
            Revocations revocations(RevocationList list, LongSupplier ticks) {
              return PlantedLists.agedByTheClockAlone(list);
            }
          },
      Rule.LISTS_LAST_SO_LONG,
      Rule.REVOKED_WITHIN_BOUND),

  /**
   * Lists did not age while a clock was set back again and again, and got on a little between.
   * Undoes 93beedf2 of 2026-11-27.
   */
  SLOWED_CLOCK_KEEPS_LISTS_YOUNG(
      PlantedLists.AgedSinceTheClockGotOn::new, Rule.LISTS_LAST_SO_LONG, Rule.REVOKED_WITHIN_BOUND),

  /**
   * One list of all issuers: what one published took the place of what another one had. Undoes
   * 1f0746f0 of 2026-11-25.
   */
  ISSUER_UNDOES_ANOTHER(
      PlantedLists.LastIssuerCounts::new, Rule.REVOKED_STAYS_REVOKED, Rule.REVOKED_WITHIN_BOUND),

  /**
   * A server of lists that was restored from a backup took back what had been revoked since. Never
   * was there.
   */
  OLDER_LIST_TAKEN(PlantedLists.OlderListsTaken::new, Rule.REVOKED_STAYS_REVOKED),

  /** Nothing counted as revoked where there was no list. Never was there. */
  NO_LIST_REVOKES_NOTHING(
      () ->
          new Parts() {
            @Override
            Revocations revocations(RevocationList list, LongSupplier ticks) {
              return PlantedLists.clearWithoutList(list);
            }
          },
      Rule.CLOSED_WITHOUT_LISTS),

  /**
   * A log's folder was forced by whoever made its file. Where that failed, the next process found
   * the file, went on in it, and lost it with the power. Undoes 2a032c23 of 2026-11-27.
   */
  LOG_WITHOUT_A_NAME(
      () ->
          new Parts() {
            @Override
            AuditSink sink(Path file, long fileBytes, Clock clock) {
              ((ProcessFiles) file.getFileSystem()).forceNewNamesOnly();
              return super.sink(file, fileBytes, clock);
            }
          },
      Rule.ACKNOWLEDGED_STAYS_RECORDED,
      Rule.LOG_VERIFIES),

  /**
   * A record counted as safe when the system had it, and the disk had not: what a log does that is
   * told to do without forcing. A wrong option.
   */
  LOG_SAFE_WITH_THE_SYSTEM(
      () ->
          new Parts() {
            @Override
            AuditSink sink(Path file, long fileBytes, Clock clock) {
              return AuditSink.inFileWithoutForcingToDisk(file, clock);
            }
          },
      Rule.ACKNOWLEDGED_STAYS_RECORDED),

  /**
   * A call went ahead where the log could not take note of it: what a verifier does that is told
   * that its service is worth more. A wrong option.
   */
  UNRECORDED_CALLS_ALLOWED(
      () ->
          new Parts() {
            @Override
            VerifierBuilder recorded(VerifierBuilder builder, DecisionListener log) {
              return builder.listener(log, DecisionListener.AuditFailure.ALLOW_AND_COUNT);
            }
          },
      Rule.CLOSED_WITHOUT_LOG),

  /**
   * A verifier that read its files anew went on with the names of approvers that it had before.
   * Undoes 886ab99b of 2026-11-26.
   */
  APPROVERS_READ_ONCE(
      () ->
          new Parts() {
            @Override
            ApproverNames approvers(ApproverNames newest) {
              return PlantedApprovals.readOnce(newest);
            }
          },
      Rule.APPROVED_BY_ENOUGH),

  /**
   * Keys were counted before there were names of people, so somebody with two was two. Undoes
   * 041217c4 of 2026-11-26.
   */
  KEYS_COUNT_FOR_PEOPLE(
      () ->
          new Parts() {
            @Override
            ApproverNames approvers(ApproverNames newest) {
              return PlantedApprovals.byKeys(newest);
            }
          },
      Rule.APPROVED_BY_ENOUGH),

  /**
   * A call was recorded with all approvals that fitted, also those that it did not need. Undoes
   * 7771941f of 2026-11-26.
   */
  ALL_APPROVALS_RECORDED(PlantedApprovals.AllThatFitRecorded::new, Rule.RECORDED_AS_NEEDED),

  /**
   * An approver was shown the beginning of a long argument, and signed all of it. Undoes 463ae0bf
   * of 2026-11-26.
   */
  LONG_ARGUMENTS_CUT(
      () ->
          new Parts() {
            @Override
            boolean isEnough(ShownCall shown) {
              return true;
            }
          },
      Rule.APPROVED_WHEN_SEEN),

  /**
   * A running verifier trusted the root keys that it had read first, before it could read anew.
   * Undoes 73ca52bd of 2026-11-26.
   */
  ROOT_KEYS_READ_ONCE(
      () ->
          new Parts() {
            @Override
            RootKeys rootKeys(RootKeys newest) {
              return PlantedApprovals.readOnce(newest);
            }
          },
      Rule.ROOT_KEY_TRUSTED),

  /**
   * Blocks of a token saw the facts of the service's policies, and asked for them one by one.
   * Undoes 1625e24d of 2026-11-25.
   */
  FACTS_SEEN_BY_BLOCKS(
      () ->
          new Parts() {
            @Override
            VerifierBuilder built(VerifierBuilder builder, Event.Style style) {
              return super.built(builder, style).sharedPredicates(Holders.FACT);
            }
          },
      Rule.FACTS_STAY_WITH_THE_SERVICE);

  private final Supplier<Parts> parts;
  private final Set<Rule> breaks;

  Planted(Supplier<Parts> parts, Rule... breaks) {
    this.parts = parts;
    this.breaks = Set.of(breaks);
  }

  /** What a world with this fault is made of. */
  Parts parts() {
    return parts.get();
  }

  /** The rules that it can break. */
  Set<Rule> breaks() {
    return breaks;
  }

  /** Its name in words. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
