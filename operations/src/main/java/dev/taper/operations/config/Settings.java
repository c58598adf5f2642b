package dev.taper.operations.config;

import dev.taper.agent.DecisionListener;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.Place;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says, before any file that it names is looked at. Immutable.
 *
 * @param given the settings that are there; the others have their defaults
 * @param origins replace those of the catalog; empty to use the catalog's
 * @param revocations null if the service does without
 * @param audit null if nothing is recorded
 * @param policies files and names of the library; empty for the default policy
 * @param catalog null if callers state what their calls mean
 * @param approvalUses null if approvals for a number of calls count for nothing
 * @param asks null if the service keeps none
 * @param registry null if no registry is told of calls
 * @param reloadEvery null if files are read once
 */
record Settings(
    Set<String> given,
    String audience,
    List<ToolCatalog.Origin> origins,
    Roots rootKeys,
    @Nullable Lists revocations,
    @Nullable Audit audit,
    List<String> policies,
    List<String> sharedPredicates,
    @Nullable Names names,
    @Nullable String catalog,
    Kept replayMemory,
    @Nullable Kept approvalUses,
    SortedMap<String, Kept> budgets,
    @Nullable Kept asks,
    Accepted accept,
    Limits limits,
    Place.@Nullable Sql registry,
    @Nullable Duration reloadEvery) {

  /**
   * The trusted root keys: those that are written, or those of a file.
   *
   * @param keys empty if a file has them
   * @param file null if they are written
   */
  record Roots(List<PublicKey> keys, @Nullable String file) {}

  /**
   * A revocation list.
   *
   * @param place where it is kept
   * @param keys whose signatures count: texts and files
   * @param memory the file that remembers its number; null if it is forgotten at a restart
   * @param every how long to wait between two looks
   */
  record Lists(Place place, List<String> keys, @Nullable String memory, Duration every) {}

  /**
   * An audit log.
   *
   * @param log where it is kept
   * @param key the file with the key that signs it
   * @param passphrase what opens that file; null if it is not encrypted
   * @param keyExposed true if others may read these files
   * @param onFailure what becomes of a call that cannot be recorded
   * @param everyDenial true if the rate of recorded denials has no bound
   */
  record Audit(
      Place log,
      String key,
      @Nullable Passphrase passphrase,
      boolean keyExposed,
      DecisionListener.AuditFailure onFailure,
      boolean everyDenial) {}

  /**
   * Where a passphrase stands.
   *
   * @param name of a file, whose first line it is, or of an environment variable
   * @param isVariable true for a variable
   */
  record Passphrase(String name, boolean isVariable) {}

  /**
   * A file of names.
   *
   * @param file where it is
   * @param keys who may have signed it: texts and files; empty to look at no signature
   * @param unsignedApprovers true if approvers count all the same
   */
  record Names(String file, List<String> keys, boolean unsignedApprovers) {}

  /**
   * Where something is remembered.
   *
   * @param place a folder or a database; null for the memory of this process
   */
  record Kept(@Nullable Place place) {
    static final String MEMORY = "memory";
    static final Kept IN_PROCESS = new Kept(null);

    static Kept of(String text) {
      return text.equals(MEMORY) ? IN_PROCESS : new Kept(Place.written(text));
    }

    String shown() {
      return place == null ? MEMORY : place.shown();
    }
  }

  /** What is accepted and told beyond the careful default. */
  record Accepted(boolean bearer, boolean sealed, boolean publishApprovers, boolean observeOnly) {}

  /** How long things may take and count. */
  record Limits(
      AcceptedProofs.Window proofWindow,
      Duration deadline,
      Duration longestJustification,
      Duration longestApproval) {}
}
