package dev.taper.operations.config;

import dev.taper.agent.call.Canonical;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.key.KeyFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a configuration says. Every setting, its default and its unit stand in {@code
 * docs/configuration.md}.
 */
final class SettingsReader {
  private static final String NONE = "none";
  private static final String NEVER = "never";
  private static final Duration LIST_EVERY = Duration.ofSeconds(30);
  private static final Duration FILES_EVERY = Duration.ofSeconds(10);
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MOST_PARTS = 10_000;
  private static final Duration LEAST_DEADLINE = Duration.ofMillis(5);
  private static final int MOST_CALLS = 1 << 16;

  private final Section top;
  private final Map<String, String> places = new TreeMap<>();
  private final List<OperationException> wrong = new ArrayList<>();

  private SettingsReader(Setting.Group group) {
    this.top = new Section(group);
    place("", group);
  }

  /**
   * Reads settings.
   *
   * @throws OperationException {@code invalid_config} with its place
   */
  static Settings read(Setting.Group group) {
    return new SettingsReader(group).read();
  }

  /**
   * Reads one part. What is wrong with it is remembered, so that mistakes in several parts are told
   * at once.
   */
  @SuppressWarnings("NullAway") // where a part is missing, nobody gets the settings
  private <T extends @Nullable Object> T part(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (OperationException e) {
      wrong.add(e);
      return null;
    }
  }

  private String audience() {
    return top.needed("audience", "the service's own name, such as svc:jira", Canonical::audience);
  }

  private @Nullable String catalog() {
    return orNone(top.needed("catalog", "the file of the catalog, or none", SettingsReader::text));
  }

  private Settings read() {
    Settings settings =
        new Settings(
            Collections.unmodifiableMap(places),
            part(() -> Profiles.read(top)),
            part(this::audience),
            part(this::origins),
            part(this::rootKeys),
            part(this::revocations),
            part(this::audit),
            part(() -> top.list("policies", SettingsReader::text)),
            part(() -> top.list("shared-predicates", SettingsReader::text)),
            part(this::names),
            part(this::catalog),
            part(() -> top.optional("replay-memory", Settings.Kept.IN_PROCESS, Settings.Kept::of)),
            part(() -> top.optional("replay-bytes", SettingsReader::bytes)),
            part(this::proofsAlone),
            part(() -> top.optional("approval-uses", Settings.Kept::of)),
            part(this::budgets),
            part(this::leases),
            part(this::asks),
            part(this::accepted),
            part(this::limits),
            part(() -> ClientAccess.read(top)),
            part(() -> top.optional("registry", SettingsReader::database)),
            part(this::findings),
            part(() -> every("reload-every")));
    try {
      top.end();
    } catch (OperationException e) {
      wrong.add(0, e); // a misspelt name is why another one is missing
    }
    Setting.throwAll(wrong);
    if (!settings.origins().isEmpty() && settings.catalog() == null) {
      throw Setting.wrong(top.where("origins"), "origins belong to a catalog, and there is none");
    }
    requireFitting(settings);
    Place proofs = settings.replayMemory().place();
    if (settings.replayBytes() != null && proofs != null && !(proofs instanceof Place.File)) {
      throw Setting.wrong(top.where("replay-bytes"), "a database has no replay-bytes");
    }
    if (settings.findings() != null
        && !settings.findings().revoke().isEmpty()
        && (settings.revocations() == null
            || settings.revocations().place() instanceof Place.Web
            || settings.revocations().place() instanceof Place.Shared)) {
      throw Setting.wrong(
          settings.place("findings.revoke"), "revoking needs a list in a file or a database");
    }
    if (settings.asks() != null && settings.catalog() == null) {
      throw Setting.wrong(top.where("asks"), "asks are made by a catalog, and there is none");
    }
    return settings;
  }

  /** Remembers where everything stands that a setting has. */
  private void place(String name, Setting setting) {
    if (!name.isEmpty()) {
      places.put(name, setting.where());
    }
    if (setting instanceof Setting.Group group) {
      String before = name.isEmpty() ? "" : name + ".";
      group.members().forEach((member, value) -> place(before + member, value));
    } else if (setting instanceof Setting.Items list) {
      for (int i = 0; i < list.items().size(); i++) {
        place(name + "[" + i + "]", list.items().get(i));
      }
    }
  }

  private Settings.@Nullable Kept asks() {
    Settings.Kept kept = top.optional("asks", Settings.Kept::of);
    if (kept != null && kept.place() != null && !(kept.place() instanceof Place.Sql)) {
      throw Setting.wrong(top.where("asks"), "asks are kept in memory or in a database");
    }
    return kept;
  }

  static String text(String text) {
    if (text.isBlank()) {
      throw OperationException.usage("there is no value");
    }
    return text;
  }

  static @Nullable String orNone(String text) {
    return text.equals(NONE) ? null : text;
  }

  private @Nullable Duration every(String name) {
    if (top.has(name)) {
      String written = top.needed(name, "", SettingsReader::text);
      return written.equals(NEVER) ? null : top.duration(name, FILES_EVERY);
    }
    return FILES_EVERY;
  }

  private List<ToolCatalog.Origin> origins() {
    List<ToolCatalog.Origin> origins = new ArrayList<>();
    for (Setting item : top.items("origins")) {
      if (item instanceof Setting.Group group) {
        Section section = new Section(group);
        String origin = section.needed("origin", "such as https://jira.example", s -> s);
        String prefix = section.optional("prefix", "", s -> s);
        section.end();
        Setting.Text place = new Setting.Text(group.where(), origin);
        origins.add(Section.value(place, "origins", text -> new ToolCatalog.Origin(text, prefix)));
      } else if (item instanceof Setting.Text text) {
        origins.add(Section.value(text, "origins", origin -> new ToolCatalog.Origin(origin, "")));
      } else {
        throw Setting.wrong(item.where(), "an origin is a text, or has origin and prefix");
      }
    }
    return origins;
  }

  private Settings.Roots rootKeys() {
    String what = "a file of root keys, or public keys";
    List<String> written = top.neededList("root-keys", what, SettingsReader::text);
    if (written.size() == 1 && !KeyFile.isPublicText(written.get(0))) {
      return new Settings.Roots(List.of(), written.get(0));
    }
    return new Settings.Roots(
        top.list(
            "root-keys",
            text -> {
              if (!KeyFile.isPublicText(text)) {
                throw OperationException.usage("either one file, or public keys");
              }
              return PublicKey.parse(text).validate();
            }),
        null);
  }

  private static String keyOrFile(String text) {
    return KeyFile.isPublicText(text) ? PublicKey.parse(text).validate().toString() : text(text);
  }

  private Settings.@Nullable Lists revocations() {
    String what = "list, keys and memory of a revocation list, or none";
    Section section = top.sectionOrNone("revocations", what);
    if (section == null) {
      return null;
    }
    Place list =
        section.needed("list", "a file, a URL, a database or a server", SettingsReader::list);
    List<String> keys =
        section.neededList("keys", "who may sign the list", SettingsReader::keyOrFile);
    String memory =
        section.needed(
            "memory",
            "the file that remembers the list's number, or none to forget it at a restart",
            SettingsReader::text);
    Duration every = section.duration("every", LIST_EVERY);
    section.end();
    return new Settings.Lists(list, keys, orNone(memory), every);
  }

  private static Place list(String text) {
    return Place.list(text(text));
  }

  private Settings.@Nullable Audit audit() {
    Section section = top.section("audit");
    if (section == null) {
      return null;
    }
    Place log = section.needed("log", "a file or a database", Place::written);
    String key = section.needed("key", "the file of the key that signs it", SettingsReader::text);
    Settings.Passphrase passphrase = passphrase(section);
    boolean exposed = section.flag("accept-readable-key");
    DecisionListener.AuditFailure onFailure =
        section.optional(
            "on-failure", DecisionListener.AuditFailure.DENY, SettingsReader::onFailure);
    boolean every = section.flag("every-denial");
    List<String> arguments = section.list("arguments", SettingsReader::text);
    Long bytes = section.optional("file-bytes", SettingsReader::bytes);
    if (bytes != null && !(log instanceof Place.File)) {
      throw Setting.wrong(
          section.where("file-bytes"), "only a log in files goes on in another one");
    }
    section.end();
    long most = bytes == null ? AuditSink.DEFAULT_FILE_BYTES : bytes;
    return new Settings.Audit(log, key, passphrase, exposed, onFailure, every, arguments, most);
  }

  private static Settings.@Nullable Passphrase passphrase(Section section) {
    String file = section.optional("passphrase-file", SettingsReader::text);
    String variable = section.optional("passphrase-env", SettingsReader::text);
    if (file != null && variable != null) {
      throw Setting.wrong(
          section.where("passphrase-env"), "passphrase-file and passphrase-env exclude each other");
    }
    if (file != null) {
      return new Settings.Passphrase(file, false);
    }
    return variable == null ? null : new Settings.Passphrase(variable, true);
  }

  /** A file of a log is no smaller, else there would be more files than records. */
  private static Long bytes(String text) {
    long least = 64 * 1024;
    if (text.matches("[0-9]{1,15}") && Long.parseLong(text) >= least) {
      return Long.valueOf(text);
    }
    throw OperationException.usage("not a number of bytes from " + least + " on");
  }

  private static Place.Sql database(String text) {
    return Place.database(text(text));
  }

  private static DecisionListener.AuditFailure onFailure(String text) {
    return Section.oneOf(text, "deny", "allow").equals("deny")
        ? DecisionListener.AuditFailure.DENY
        : DecisionListener.AuditFailure.ALLOW_AND_COUNT;
  }

  private Settings.@Nullable Names names() {
    Section section = top.isGroup("names") ? top.section("names") : null;
    if (section == null) {
      String file = top.optional("names", SettingsReader::text);
      return file == null ? null : new Settings.Names(file, List.of(), false);
    }
    String file = section.needed("file", "the file of names", SettingsReader::text);
    List<String> keys = section.list("keys", SettingsReader::keyOrFile);
    boolean unsigned = section.flag("accept-unsigned-approvers");
    section.end();
    if (unsigned && !keys.isEmpty()) {
      throw Setting.wrong(
          section.where("accept-unsigned-approvers"),
          "keys and accept-unsigned-approvers exclude each other");
    }
    return new Settings.Names(file, keys, unsigned);
  }

  private SortedMap<String, Settings.Kept> budgets() {
    SortedMap<String, Settings.Kept> budgets = new TreeMap<>();
    Section section = top.section("budgets");
    if (section == null) {
      return budgets;
    }
    for (String store : section.names()) {
      Settings.Kept kept =
          section.needed(
              store,
              "",
              text -> {
                String unused = Canonical.name(store, "the store of budgets");
                return Settings.Kept.of(text);
              });
      budgets.put(store, kept);
    }
    return budgets;
  }

  private Settings.Accepted accepted() {
    top.expect("accept", "publish-approvers", "observe-only");
    List<String> kinds = top.list("accept", text -> Section.oneOf(text, "bearer", "sealed"));
    return new Settings.Accepted(
        kinds.contains("bearer"),
        kinds.contains("sealed"),
        top.flag("publish-approvers"),
        top.flag("observe-only"));
  }

  private Settings.Limits limits() {
    top.expect(
        "proof-window",
        "deadline",
        "longest-justification",
        "longest-approval",
        "calls-at-once",
        "calls-waiting");
    AcceptedProofs.Window window = AcceptedProofs.Window.DEFAULT;
    Section section = top.section("proof-window");
    if (section != null) {
      window =
          new AcceptedProofs.Window(
              section.optional("back", window.back(), SettingsReader::windowSide),
              section.optional("ahead", window.ahead(), SettingsReader::windowSide));
      section.end();
    }
    return new Settings.Limits(
        window,
        top.optional("deadline", Duration.ofMillis(500), SettingsReader::deadline),
        top.duration("longest-justification", Duration.ofHours(1)),
        top.duration("longest-approval", Duration.ofHours(24)),
        calls());
  }

  private Settings.@Nullable Calls calls() {
    Integer atOnce = top.optional("calls-at-once", text -> number(text, 1, MOST_CALLS, "calls"));
    Integer waiting = top.optional("calls-waiting", text -> number(text, 0, MOST_CALLS, "calls"));
    if (atOnce == null && waiting != null) {
      throw Setting.wrong(
          top.where("calls-waiting"), "calls wait where calls-at-once bounds how many there are");
    }
    return atOnce == null ? null : new Settings.Calls(atOnce, waiting == null ? 0 : waiting);
  }

  /** Reads a number of things. */
  private static Integer number(String text, int least, int most, String what) {
    int number = text.matches("0|[1-9][0-9]{0,4}") ? Integer.parseInt(text) : -1;
    if (number < least || number > most) {
      throw OperationException.usage(
          "not a number of "
              + what
              + " from "
              + least
              + " to "
              + most
              + ": "
              + Setting.shown(text));
    }
    return number;
  }

  /** The section {@code proofs-alone}; null without it. */
  private Settings.@Nullable ProofsAlone proofsAlone() {
    Section section = top.section("proofs-alone");
    if (section == null) {
      return null;
    }
    section.expect("longest", "calls");
    Duration longest =
        section.needed(
            "longest", "how long it goes on without its replay memory", SettingsReader::upToAnHour);
    int calls =
        section.needed(
            "calls",
            "how many calls go ahead without it",
            text -> number(text, 1, MOST_CALLS, "calls"));
    section.end();
    return new Settings.ProofsAlone(longest, calls);
  }

  /** The section {@code leases}, by the names of stores of budgets. */
  private SortedMap<String, Settings.Lease> leases() {
    SortedMap<String, Settings.Lease> leases = new TreeMap<>();
    Section all = top.section("leases");
    if (all == null) {
      return leases;
    }
    for (String store : all.names()) {
      Section own = all.section(store);
      if (own == null) {
        continue;
      }
      own.expect("parts", "longest");
      int parts =
          own.needed(
              "parts", "how many leases a limit is", text -> number(text, 2, MOST_PARTS, "leases"));
      Duration longest = own.optional("longest", LEASE, SettingsReader::upToAnHour);
      own.end();
      leases.put(store, new Settings.Lease(parts, longest));
    }
    return leases;
  }

  /** Refuses what the stores of a service cannot have. */
  private static void requireFitting(Settings settings) {
    if (settings.proofsAlone() != null && settings.replayMemory().place() == null) {
      throw Setting.wrong(
          settings.place("proofs-alone"),
          "the replay-memory is of this process alone, and always answers");
    }
    for (String store : settings.leases().keySet()) {
      Settings.Kept kept = settings.budgets().get(store);
      if (kept == null) {
        throw Setting.wrong(
            settings.place("leases." + store), "there is no store of budgets of that name");
      }
      if (kept.place() == null) {
        throw Setting.wrong(
            settings.place("leases." + store),
            "the budgets of " + Setting.shown(store) + " are counted in this process anyway");
      }
    }
  }

  private static Duration upToAnHour(String text) {
    Duration time = Times.parseDuration(text);
    if (time.compareTo(SECOND) < 0 || time.compareTo(HOUR) > 0) {
      throw OperationException.usage("not between 1s and 1h: " + Setting.shown(text));
    }
    return time;
  }

  /** The section {@code findings}; the standard rules without it, and null if it is none. */
  private Settings.@Nullable Findings findings() {
    if (!top.has("findings")) {
      return Settings.Findings.STANDARD;
    }
    Section section =
        top.sectionOrNone("findings", "rules, off, ask, held-back and limits, or is none");
    if (section == null) {
      return null;
    }
    String rules = section.optional("rules", SettingsReader::text);
    List<String> off = section.list("off", SettingsReader::text);
    List<String> ask = section.list("ask", SettingsReader::text);
    String heldBack = section.optional("held-back", SettingsReader::text);
    List<String> revoke = section.list("revoke", SettingsReader::text);
    String key = section.optional("revoke-key", SettingsReader::text);
    if (heldBack == null && !(ask.isEmpty() && revoke.isEmpty())) {
      throw Setting.wrong(
          section.where(ask.isEmpty() ? "revoke" : "ask"),
          "this needs held-back, the file of the keys that are held back");
    }
    if (!revoke.isEmpty() && key == null) {
      throw Setting.wrong(
          section.where("revoke"),
          "this needs revoke-key, the file of the key that signs the list");
    }
    SortedMap<String, Long> limits = new TreeMap<>();
    Section all = section.section("limits");
    if (all != null) {
      for (String who : all.names()) {
        Section own = all.section(who);
        if (own == null) {
          continue;
        }
        for (String what : own.names()) {
          limits.put(who + "." + what, own.needed(what, "", SettingsReader::limit));
        }
      }
    }
    section.end();
    return new Settings.Findings(rules, off, ask, revoke, key, heldBack, limits);
  }

  private static Long limit(String text) {
    if (!text.matches("[1-9][0-9]?")) {
      throw OperationException.usage("not a limit from 1 to 64: " + Setting.shown(text));
    }
    return Long.valueOf(text);
  }

  private static Duration windowSide(String text) {
    Duration side = Times.parseDuration(text);
    return new AcceptedProofs.Window(side, side).back();
  }

  private static Duration deadline(String text) {
    Duration deadline = Times.parseDuration(text);
    if (deadline.compareTo(LEAST_DEADLINE) < 0) {
      throw OperationException.usage("a call needs 5 ms at least");
    }
    return deadline;
  }
}
