package dev.taper.operations.config;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says, before any file that it names is looked at. Immutable.
 *
 * @param places where each setting stands that is there, by its whole name, such as {@code
 *     revocations.keys[0]}; the others have their defaults
 * @param profiles the names of profiles for the command line, which mean nothing to the service
 * @param origins replace those of the catalog; empty to use the catalog's
 * @param revocations null if the service does without
 * @param audit null if nothing is recorded
 * @param policies files and names of the library; empty for the default policy
 * @param catalog null if callers state what their calls mean
 * @param replayBytes the most that used proofs take; null for the default
 * @param proofsAlone null if calls are refused while the replay memory does not answer
 * @param approvalUses null if approvals for a number of calls count for nothing
 * @param leases of the stores of budgets from which leases are taken
 * @param asks null if the service keeps none
 * @param client what a guarded server gets from its clients
 * @param registry null if no registry is told of calls
 * @param findings null if nothing is noticed
 * @param reloadEvery null if files are read once
 */
record Settings(
    Map<String, String> places,
    SortedSet<String> profiles,
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
    @Nullable Long replayBytes,
    @Nullable ProofsAlone proofsAlone,
    @Nullable Kept approvalUses,
    SortedMap<String, Kept> budgets,
    SortedMap<String, Lease> leases,
    @Nullable Kept asks,
    Accepted accept,
    Limits limits,
    ClientAccess client,
    Place.@Nullable Sql registry,
    @Nullable Findings findings,
    @Nullable Duration reloadEvery) {
  /** True if a setting is there. */
  boolean isGiven(String name) {
    return places.containsKey(name);
  }

  /** Where a setting stands, and its name: what messages about its value begin with. */
  String place(String name) {
    String place = places.get(name);
    if (place == null) {
      return name;
    }
    return place.endsWith(": " + name) ? place : place + ": " + name;
  }

  /** The name of a value in a list; that of the setting, if it has one value alone. */
  String item(String name, int index) {
    String item = name + "[" + index + "]";
    return isGiven(item) ? item : name;
  }

  /** What the service writes to, by the names of the settings. */
  SortedMap<String, Place> written() {
    SortedMap<String, Place> written = new TreeMap<>();
    if (revocations != null && revocations.memory() != null) {
      written.put("revocations.memory", new Place.File(revocations.memory()));
    }
    if (audit != null) {
      written.put("audit.log", audit.log());
    }
    if (findings != null && findings.heldBack() != null) {
      written.put("findings.held-back", new Place.File(findings.heldBack()));
    }
    if (registry != null) {
      written.put("registry", registry);
    }
    kept()
        .forEach(
            (name, kept) -> {
              if (kept.place() != null) {
                written.put(name, kept.place());
              }
            });
    return written;
  }

  /** What is remembered, by the names of the settings. */
  Map<String, Kept> kept() {
    Map<String, Kept> kept = new LinkedHashMap<>();
    kept.put("replay-memory", replayMemory);
    if (approvalUses != null) {
      kept.put("approval-uses", approvalUses);
    }
    budgets.forEach((store, of) -> kept.put("budgets." + store, of));
    if (asks != null) {
      kept.put("asks", asks);
    }
    return kept;
  }

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
   * @param arguments which arguments of calls are recorded, such as {@code jira.delete.id}
   * @param fileBytes how long a file may grow before the log goes on in another one
   */
  record Audit(
      Place log,
      String key,
      @Nullable Passphrase passphrase,
      boolean keyExposed,
      DecisionListener.AuditFailure onFailure,
      boolean everyDenial,
      List<String> arguments,
      long fileBytes) {}

  /**
   * What is noticed in decisions.
   *
   * @param rules a file, or a name of the library; null for the library's own
   * @param off rules that are left out, by their codes
   * @param ask rules that hold back whom they are about
   * @param revoke rules that revoke the key that they are about
   * @param revokeKey the file of the key that signs the list; null if nothing is revoked
   * @param heldBack the file of the keys that are held back; null if there is none
   * @param limits other limits, by whom and what, such as {@code agent.denials}
   */
  record Findings(
      @Nullable String rules,
      List<String> off,
      List<String> ask,
      List<String> revoke,
      @Nullable String revokeKey,
      @Nullable String heldBack,
      SortedMap<String, Long> limits) {
    static final Findings STANDARD =
        new Findings(null, List.of(), List.of(), List.of(), null, null, new TreeMap<>());
  }

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
   * @param place a folder, a database or a shared store; null for the memory of this process
   */
  record Kept(@Nullable Place place) {
    static final String MEMORY = "memory";
    static final Kept IN_PROCESS = new Kept(null);

    static Kept of(String text) {
      return text.equals(MEMORY) ? IN_PROCESS : new Kept(Place.remembered(text));
    }
  }

  /**
   * How far the service goes on while its replay memory does not answer.
   *
   * @param longest for how long
   * @param calls for how many calls
   */
  record ProofsAlone(Duration longest, int calls) {}

  /**
   * What is taken at a time from a store of budgets.
   *
   * @param parts how many leases a limit is
   * @param longest how long one is good
   */
  record Lease(int parts, Duration longest) {}

  /** What is accepted and told beyond the careful default. */
  record Accepted(boolean bearer, boolean sealed, boolean publishApprovers, boolean observeOnly) {}

  /** How many calls may be looked at, and wait for that, at a time. */
  record Calls(int atOnce, int waiting) {}

  /**
   * How long things may take and count.
   *
   * @param calls null if there may be as many as there are threads
   */
  record Limits(
      AcceptedProofs.Window proofWindow,
      Duration deadline,
      Duration longestJustification,
      Duration longestApproval,
      @Nullable Calls calls) {
    /** What shared stores have to know. */
    Stores.Bounds bounds() {
      return new Stores.Bounds(proofWindow, longestApproval);
    }
  }
}
