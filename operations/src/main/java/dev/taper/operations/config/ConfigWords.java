package dev.taper.operations.config;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.Place;
import dev.taper.store.SqlReplayMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Says what each setting means here. */
final class ConfigWords {
  /** What a proof takes of the file in a folder. */
  private static final int BYTES_IN_A_FOLDER = 76;

  /** How many proofs a folder remembers by default. */
  private static final int IN_A_FOLDER = 1 << 16;

  private final Settings settings;
  private final List<ExplainedSetting> said = new ArrayList<>();

  ConfigWords(Settings settings) {
    this.settings = settings;
  }

  List<ExplainedSetting> explain() {
    say("audience", "proofs and tokens call this service " + settings.audience());
    say("root-keys", rootKeys());
    say("catalog", catalog());
    say("origins", origins());
    say("revocations", revocations());
    say("audit", audit());
    say("registry", registry());
    say("findings", findings());
    say("policies", policies());
    say("shared-predicates", sharedPredicates());
    say("names", names());
    say("replay-memory", replayMemory());
    say("replay-bytes", replayBytes());
    say("proofs-alone", proofsAlone());
    say("approval-uses", approvalUses());
    say("budgets", budgets());
    say("leases", leases());
    say("asks", asks());
    say("client", settings.client().words());
    accepted();
    limits();
    say(
        "reload-every",
        settings.reloadEvery() == null
            ? "files are read once; another start is needed for what changes"
            : "files are looked at every " + words(settings.reloadEvery()));
    say("profiles", profiles());
    return List.copyOf(said);
  }

  private String profiles() {
    return settings.profiles().isEmpty()
        ? "none"
        : "for the command line: " + String.join(", ", settings.profiles());
  }

  private void say(String name, String text) {
    said.add(new ExplainedSetting(name, settings.isGiven(name), text));
  }

  private static String shown(String between, List<String> values) {
    return String.join(between, values.stream().map(Setting::shown).toList());
  }

  private String rootKeys() {
    String file = settings.rootKeys().file();
    if (file != null) {
      return "tokens have to start from a root key in " + Setting.shown(file);
    }
    List<String> keys = settings.rootKeys().keys().stream().map(PublicKey::toString).toList();
    return "tokens have to start from the root key " + String.join(" or ", keys);
  }

  private String catalog() {
    return settings.catalog() == null
        ? "callers state themselves what their calls mean: a call that deletes can name itself a"
            + " read"
        : Setting.shown(settings.catalog())
            + " says what calls mean; what it does not name is refused";
  }

  private String origins() {
    if (settings.origins().isEmpty()) {
      return settings.catalog() == null ? "none, as there is no catalog" : "those of the catalog";
    }
    StringJoiner origins = new StringJoiner(", ");
    for (ToolCatalog.Origin origin : settings.origins()) {
      origins.add(origin.origin() + origin.prefix());
    }
    return "clients dial this service as " + origins;
  }

  private String revocations() {
    Settings.Lists lists = settings.revocations();
    if (lists == null) {
      return "nothing is looked up as revoked: what was granted stays good until it ends";
    }
    return "the list "
        + lists.place().shown()
        + ", signed by "
        + shown(" or ", lists.keys())
        + (lists.place() instanceof Place.Shared
            ? ", is fetched as soon as a new one is published, and every "
            : ", is looked at every ")
        + words(lists.every())
        + "; while it is missing or stale every call is refused; "
        + (lists.memory() == null
            ? "after a restart an older list is taken"
            : "its number is remembered in " + Setting.shown(lists.memory()));
  }

  private String audit() {
    Settings.Audit audit = settings.audit();
    if (audit == null) {
      return "nothing is recorded";
    }
    return "decisions are recorded in "
        + audit.log().shown()
        + ", signed with the key in "
        + Setting.shown(audit.key())
        + (audit.passphrase() == null ? "" : ", opened by " + words(audit.passphrase()))
        + (audit.keyExposed() ? " (others may be able to read it)" : "")
        + (audit.onFailure() == DecisionListener.AuditFailure.DENY
            ? "; a call that cannot be recorded is refused"
            : "; a call that cannot be recorded goes ahead")
        + (audit.everyDenial()
            ? "; every denial is recorded"
            : "; the rate of recorded denials is bounded")
        + (audit.arguments().isEmpty()
            ? ""
            : "; these arguments are recorded in clear: " + shown(", ", audit.arguments()))
        + (audit.log() instanceof Place.File
            ? "; it goes on in another file after " + audit.fileBytes() + " bytes"
            : "");
  }

  private static String words(Settings.Passphrase passphrase) {
    return (passphrase.isVariable() ? "the environment variable " : "the passphrase in ")
        + Setting.shown(passphrase.name());
  }

  private String registry() {
    return settings.registry() == null
        ? "no registry is told of calls"
        : "the registry in "
            + settings.registry().shown()
            + " is told of calls within a second; a call goes ahead if that fails";
  }

  private String findings() {
    Settings.Findings findings = settings.findings();
    if (findings == null) {
      return "nothing is noticed in decisions: abuse is for others to find";
    }
    StringBuilder words = new StringBuilder("decisions are watched for abuse, by ");
    words.append(
        findings.rules() == null
            ? "the rules of the library, if there is one"
            : "the rules in " + Setting.shown(findings.rules()));
    if (!findings.off().isEmpty()) {
      words.append(", without ").append(shown(", ", findings.off()));
    }
    if (!findings.ask().isEmpty()) {
      words
          .append("; whom ")
          .append(shown(" and ", findings.ask()))
          .append(" are about is held back until a person changes ")
          .append(findings.heldBack());
    }
    if (!findings.revoke().isEmpty()) {
      words
          .append("; whom ")
          .append(shown(" and ", findings.revoke()))
          .append(" are about is revoked");
    }
    findings
        .limits()
        .forEach(
            (what, limit) ->
                words.append("; ").append(Setting.shown(what)).append(" from ").append(limit));
    return words.toString();
  }

  private String policies() {
    if (settings.policies().isEmpty()) {
      return "what a token's chain allows is allowed";
    }
    return "a call has to be allowed by " + shown(", then ", settings.policies());
  }

  private String sharedPredicates() {
    return settings.sharedPredicates().isEmpty()
        ? "no token sees facts of the policies"
        : "tokens see these facts of the policies: "
            + String.join(", ", settings.sharedPredicates());
  }

  private String names() {
    Settings.Names names = settings.names();
    if (names == null) {
      return "no holder, issuer or approver is known by name";
    }
    String approvers =
        names.unsignedApprovers()
            ? "; whoever can write it decides whose approvals count"
            : names.keys().isEmpty()
                ? "; it is not signed, so it must not name approvers"
                : "; it has to be signed by " + shown(" or ", names.keys());
    return "holders, issuers and approvers are looked up in "
        + Setting.shown(names.file())
        + approvers;
  }

  private String replayMemory() {
    return "a proof is good once "
        + once(settings.replayMemory(), "to this process, and again after a restart");
  }

  private String replayBytes() {
    Place place = settings.replayMemory().place();
    Long bytes = settings.replayBytes();
    if (place == null) {
      return "used proofs take up to "
          + (bytes == null ? ReplayMemory.DEFAULT_BYTES : bytes)
          + " bytes"
          + (bytes == null ? ", or a quarter of the heap if that is less" : "")
          + ", 50 each; more are refused";
    }
    int capacity =
        bytes != null
            ? proofsInFolder(bytes)
            : place instanceof Place.File ? IN_A_FOLDER : SqlReplayMemory.DEFAULT_CAPACITY;
    return capacity + " proofs are remembered, and more refused";
  }

  /** How many proofs a folder has room for. */
  static int proofsInFolder(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes / BYTES_IN_A_FOLDER);
  }

  private String proofsAlone() {
    Settings.ProofsAlone alone = settings.proofsAlone();
    return alone == null
        ? "while the replay memory does not answer, every call is refused"
        : "while the replay memory does not answer, proofs that this process did not take before"
            + " are taken for "
            + words(alone.longest())
            + " and "
            + alone.calls()
            + " calls: each process may then take each proof once";
  }

  private String leases() {
    if (settings.leases().isEmpty()) {
      return "every call that has a budget asks its store";
    }
    StringJoiner leases = new StringJoiner("; ");
    settings
        .leases()
        .forEach(
            (store, lease) ->
                leases.add(
                    "of "
                        + store
                        + " a limit's "
                        + lease.parts()
                        + "th part is taken at a time, and spent in this process for "
                        + words(lease.longest())
                        + ": others cannot have it, and a crash loses what is left of it"));
    return leases.toString();
  }

  private String approvalUses() {
    Settings.Kept kept = settings.approvalUses();
    return kept == null
        ? "approvals for a number of calls do not count"
        : "the uses of approvals are counted "
            + once(kept, "in this process, and anew after a restart");
  }

  private String budgets() {
    if (settings.budgets().isEmpty()) {
      return "tokens with a budget are refused";
    }
    StringJoiner stores = new StringJoiner("; ");
    for (Map.Entry<String, Settings.Kept> store : settings.budgets().entrySet()) {
      stores.add(
          "the budgets of "
              + store.getKey()
              + " are counted "
              + once(store.getValue(), "in this process, and anew after a restart"));
    }
    return stores.toString();
  }

  private String asks() {
    Settings.Kept kept = settings.asks();
    return kept == null
        ? "none are kept: holders make requests for approval themselves"
        : "asks for approvals are kept " + once(kept, "in this process, and lost at a restart");
  }

  private static String once(Settings.Kept kept, String inProcess) {
    Place place = kept.place();
    if (place == null) {
      return inProcess;
    }
    return place instanceof Place.File
        ? "on this machine, in the folder " + place.shown()
        : "for all that share " + place.shown();
  }

  private void accepted() {
    Settings.Accepted accept = settings.accept();
    StringJoiner kinds = new StringJoiner(" and ");
    if (accept.bearer()) {
      kinds.add("bearer");
    }
    if (accept.sealed()) {
      kinds.add("sealed");
    }
    say(
        "accept",
        kinds.length() == 0
            ? "only held tokens, whose holder proves each call"
            : kinds + " tokens too, which anyone who has one can use");
    say(
        "publish-approvers",
        accept.publishApprovers()
            ? "callers are told whom the policies name as approvers"
            : "callers are told to ask the service who approves by its policies");
    say(
        "observe-only",
        accept.observeOnly()
            ? "NOTHING IS PROTECTED: denied calls go ahead, and are only recorded"
            : "denied calls are refused");
  }

  private void limits() {
    Settings.Limits limits = settings.limits();
    say(
        "proof-window",
        "a proof may be "
            + words(limits.proofWindow().back())
            + " old, and "
            + words(limits.proofWindow().ahead())
            + " ahead of this clock");
    say("deadline", "a call that takes longer than " + words(limits.deadline()) + " is refused");
    say(
        "longest-justification",
        "a justification counts for " + words(limits.longestJustification()) + " at most");
    say(
        "longest-approval",
        "an approval for a number of calls counts for "
            + words(limits.longestApproval())
            + " at most");
    Settings.Calls calls = limits.calls();
    say(
        "calls-at-once",
        calls == null
            ? "as many calls are looked at as the process has threads"
            : calls.atOnce() + " calls are looked at, by one party half of that, and more refused");
    say(
        "calls-waiting",
        calls == null || calls.waiting() == 0
            ? "no call waits until it is looked at"
            : calls.waiting() + " calls wait until they are looked at");
  }

  /** A duration as a configuration has it. */
  static String words(Duration duration) {
    long millis = duration.toMillis();
    long[] units = {86_400_000, 3_600_000, 60_000, 1000, 1};
    String[] names = {"d", "h", "m", "s", "ms"};
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < units.length; i++) {
      if (millis >= units[i]) {
        words.append(millis / units[i]).append(names[i]);
        millis %= units[i];
      }
    }
    return words.length() == 0 ? "0s" : words.toString();
  }
}
