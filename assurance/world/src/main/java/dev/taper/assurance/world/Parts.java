package dev.taper.assurance.world;

import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.decision.Reservation;
import dev.taper.agent.decision.VerifierBuilder;
import dev.taper.agent.memory.Budgets;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.agent.names.ApproverNames;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.RevocationList;
import dev.taper.revocation.Revocations;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a world is made of. As it is, these are the engine's own parts, used as they are meant; a
 * planted fault puts another one in their place. For one world.
 */
class Parts {
  /** How long a verifier goes on alone. */
  static final Duration LONGEST_ALONE = Duration.ofSeconds(30);

  /** How many calls a verifier takes alone. */
  static final int CALLS_ALONE = 5;

  private static final int LEASES = 8;
  private static final Duration LEASE = Duration.ofSeconds(60);

  /**
   * What an empty store holds.
   *
   * @param pause lets others do something in the middle of a step of the store
   */
  StoreContent content(Runnable pause) {
    return new StoreContent();
  }

  /** True if every store says what it lost. */
  boolean saysWhatItLost() {
    return true;
  }

  /** What one life of a verifier has of the store. */
  ReplayMemory.Joined store(ReplayMemory.Joined connection) {
    return connection;
  }

  /** Takes leases for one life of a verifier. */
  Budgets.Leased leasing(Budgets shared) {
    return Budgets.leasing(shared, LEASES, LEASE);
  }

  /** A process that took leases died. */
  void died(Budgets.Leased leased) {}

  /** The watch of a verifier. */
  LongSupplier ticker(LongSupplier ticks) {
    return ticks;
  }

  /**
   * What a verifier looks up for every call.
   *
   * @param ticks the watch by which lists age
   */
  Revocations revocations(RevocationList list, LongSupplier ticks) {
    return list;
  }

  /** Whose lists a verifier has to have. */
  PublicKey[] issuers(PublicKey... issuers) {
    return issuers;
  }

  /**
   * Takes lists that were fetched.
   *
   * @param list what takes them
   * @param lists one of each issuer
   * @param anew makes another one that has seen nothing
   */
  void fetched(RevocationList list, List<byte[]> lists, Supplier<RevocationList> anew) {
    for (byte[] one : lists) {
      list.apply(one);
    }
  }

  /** The last words about how a verifier is built. */
  VerifierBuilder built(VerifierBuilder builder, Event.Style style) {
    return style == Event.Style.ALONE
        ? builder.proofsOfOneProcessWhileAway(LONGEST_ALONE, CALLS_ALONE)
        : builder;
  }

  /** Which root keys are trusted, by the list that was read last. */
  RootKeys rootKeys(RootKeys read) {
    return read;
  }

  /** Who counts as an approver, by the list that was read last. */
  ApproverNames approvers(ApproverNames read) {
    return read;
  }

  /** True if an approver is shown enough of a call to approve it. */
  boolean isEnough(ShownCall shown) {
    return shown.whole();
  }

  /** Where a verifier's records are kept. */
  AuditSink sink(Path file, long fileBytes, Clock clock) {
    return AuditSink.inFiles(file, fileBytes, clock);
  }

  /** Why a verifier refuses a call before it looks at anything else; null if it looks further. */
  @Nullable String refused(Holders.Sent sent, Clock clock) {
    return null;
  }

  /**
   * Why a verifier refuses a call, as its caller reads it.
   *
   * @param denied what was decided
   * @param store what it asks about proofs
   */
  String code(CallDecision.Denied denied, Holders.Sent sent, ReplayMemory store, Instant now) {
    return denied.code().text();
  }

  /** The approvals that a call rests on, by their names in records. */
  List<String> restsOn(DecisionEvent event, Holders.Sent sent) {
    return event.approvals();
  }

  /** Has a verifier tell its log of what it decides. */
  VerifierBuilder recorded(VerifierBuilder builder, DecisionListener log) {
    return builder.listener(log);
  }

  /** A call's handler was entered, and failed. */
  void failed(Reservation reservation) {
    reservation.close();
  }
}
