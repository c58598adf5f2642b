package dev.taper.server.serve.issuer;

import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Grants;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.config.Section;
import dev.taper.operations.config.TaperConfig;
import dev.taper.operations.config.Times;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import dev.taper.policies.Policies;
import dev.taper.server.issuer.EnrolledAgent;
import dev.taper.server.issuer.IssuerParts;
import dev.taper.server.issuer.MappedPeople;
import dev.taper.server.issuer.SeenPeople;
import dev.taper.server.issuer.Template;
import dev.taper.server.oidc.Provider;
import dev.taper.server.oidc.Subject;
import dev.taper.server.process.FileReason;
import dev.taper.server.process.FolderRights;
import dev.taper.server.process.KeySource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer is configured to be, by one strict YAML file; docs/issuer.md has every setting.
 * Relative paths start from the file's folder. Immutable and thread-safe.
 */
public final class IssuerSettings {
  private static final String IN_MEMORY = "memory";
  private static final int MAX_CHARS = 256 * 1024;
  private static final int MAX_VALUES = 16 * 1024;
  private static final int MAX_KEY_ID = Integer.MAX_VALUE;

  private static final String[] SETTINGS = {
    "issuer",
    "key",
    "passphrase-file",
    "passphrase-env",
    "key-id",
    "providers",
    "people",
    "suspended",
    "agents",
    "templates",
    "policies",
    "memory",
    "turns-per-minute"
  };

  private static final String[] MEMORIES = {"proofs", "subjects", "people"};

  /** Where relative paths start. */
  final Path folder;

  private final String issuer;

  /** Where the root key is. */
  final KeySource key;

  final OptionalInt keyId;
  final List<TrustedName> providers = new ArrayList<>();
  final MappedPeople people;
  private final List<EnrolledAgent> agents = new ArrayList<>();
  final List<Template> templates = new ArrayList<>();
  final PolicySet policies;

  /** Where used proofs are remembered; null for this process's memory. */
  final @Nullable Place proofs;

  /** Where used subject tokens are remembered; null for this process's memory. */
  final @Nullable Place subjects;

  final int turnsPerMinute;

  /** A provider, and what it calls this issuer. */
  record TrustedName(Provider provider, String audience) {}

  private IssuerSettings(Path folder, Section file) {
    this.folder = folder;
    var unused = file.only(SETTINGS);
    this.issuer = file.needed("issuer", "the URL that agents dial", IssuerSettings::origin);
    this.key =
        new KeySource(
            file.needed("key", "the root key, a file or keeper:NAME", this::keyName),
            file.optional("passphrase-file", this::path),
            file.optional("passphrase-env", name -> name),
            false);
    Integer id = file.optional("key-id", text -> number(text, 0, MAX_KEY_ID));
    this.keyId = id == null ? OptionalInt.empty() : OptionalInt.of(id);
    Map<String, MappedPeople.Rule> rules = new HashMap<>();
    for (Section section : file.sections("providers")) {
      provider(
          section.only("issuer", "keys", "algorithms", "audience", "delegator", "roles", "claims"),
          rules);
    }
    if (providers.isEmpty()) {
      throw file.wrong("providers are missing: who says who people are", null);
    }
    each(file, "agents", this::agent);
    each(file, "templates", this::template);
    List<PolicySet.Part> parts = file.list("policies", this::policy);
    if (parts.isEmpty() || templates.isEmpty()) {
      throw file.wrong("policies and templates are missing: who may have what", null);
    }
    this.policies = PolicySet.of(parts);
    Section memory = file.section("memory");
    this.proofs = memory == null ? null : place(memory.only(MEMORIES), "proofs");
    this.subjects = memory == null ? null : place(memory, "subjects");
    Path seen = memory == null ? null : memory.optional("people", this::path);
    this.people = people(file, rules, seen);
    if (proofs != null && proofs.equals(subjects)) {
      throw file.wrong("memory: proofs and subjects are kept in two places, not one", null);
    }
    this.turnsPerMinute =
        file.optional(
            "turns-per-minute", IssuerParts.DEFAULT_TURNS, text -> number(text, 1, 1_000_000));
  }

  /**
   * Reads a file.
   *
   * @throws OperationException {@code invalid_config} with what is wrong, {@code config_exposed} if
   *     somebody else can change it or a policy's file, {@code io} if one cannot be read
   */
  public static IssuerSettings load(Path file) {
    String text = text(file);
    Path folder = file.toAbsolutePath().getParent();
    return parse(String.valueOf(file.getFileName()), text, folder == null ? Path.of("") : folder);
  }

  /**
   * Reads a file's text.
   *
   * @param label its name in messages
   * @param folder where relative paths start
   * @throws OperationException {@code invalid_config} with what is wrong
   */
  public static IssuerSettings parse(String label, String text, Path folder) {
    Section file = Section.read(label, text, MAX_CHARS, MAX_VALUES);
    try {
      return new IssuerSettings(folder, file);
    } catch (TaperException e) {
      throw file.wrong(String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(Path file) {
    TaperConfig.requireOwn(file);
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw FileReason.unreadable(file, e);
    }
  }

  private static String origin(String text) {
    if (text.endsWith("/")) {
      throw OperationException.usage(
          "agents dial an issuer such as https://issuer.example.com, with nothing behind it: leave"
              + " the / at its end out");
    }
    var unused = SentHttp.of("POST", text, "/"); // in one spelling
    var safe = Provider.of(text);
    return safe.issuer();
  }

  private String keyName(String text) {
    return KeySource.keeperName(text) == null ? path(text).toString() : text;
  }

  private Path path(String text) {
    return folder.resolve(text);
  }

  private static Integer number(String text, int least, int most) {
    int number = Integer.parseInt(text);
    if (number < least || number > most) {
      throw new IllegalArgumentException("a number between " + least + " and " + most);
    }
    return number;
  }

  /** A place; null for this process's memory, which is what holds without one. */
  private static @Nullable Place place(Section memory, String name) {
    String text = memory.optional(name, value -> value);
    return text == null || text.equals(IN_MEMORY) ? null : Place.written(text);
  }

  private void provider(Section section, Map<String, MappedPeople.Rule> rules) {
    Provider provider = section.needed("issuer", "as in the tokens' iss", Provider::of);
    URI keys = section.optional("keys", URI::create);
    if (keys != null) {
      provider = provider.keys(keys);
    }
    Set<String> algorithms = new LinkedHashSet<>(section.list("algorithms", text -> text));
    if (!algorithms.isEmpty()) {
      provider = provider.algorithms(algorithms);
    }
    providers.add(new TrustedName(provider, section.optional("audience", issuer, text -> text)));
    rules.put(
        provider.issuer(),
        new MappedPeople.Rule(
            section.optional("delegator", text -> text),
            section.optional("roles", text -> text),
            section.list("claims", text -> text)));
  }

  private static MappedPeople people(
      Section file, Map<String, MappedPeople.Rule> rules, @Nullable Path seen) {
    List<MappedPeople.Row> rows = new ArrayList<>();
    for (Section each : file.sections("people")) {
      Section section = each.only("provider", "subject", "delegator", "roles");
      String provider = section.needed("provider", "whose subject it is", text -> text);
      if (!rules.containsKey(provider)) {
        throw section.wrong("the provider is none of those above", null);
      }
      rows.add(
          new MappedPeople.Row(
              new Subject(provider, section.needed("subject", "the sub", text -> text)),
              section.needed("delegator", "the name in tokens", IssuerSettings::delegator),
              new LinkedHashSet<>(section.list("roles", text -> text))));
    }
    return new MappedPeople(
        rows,
        rules,
        file.list("suspended", text -> text),
        seen == null ? SeenPeople.inMemory() : SeenPeople.inFolder(own(seen)));
  }

  /** A folder that is there, and nobody else's to change. */
  private static Path own(Path folder) {
    try {
      String exposed = FolderRights.exposed(folder);
      if (exposed != null) {
        throw new OperationException(
            OperationException.Kind.USAGE, "config_exposed", exposed, null);
      }
      return folder;
    } catch (IOException e) {
      throw FileReason.unreadable(folder, e);
    }
  }

  private static String delegator(String text) {
    return Canonical.name(text, "the delegator");
  }

  /** Reads groups by their names. */
  private static void each(Section file, String name, BiConsumer<String, Section> reader) {
    Section groups = file.section(name);
    if (groups != null) {
      for (String one : groups.names()) {
        Section group = groups.section(one);
        if (group != null) {
          reader.accept(one, group);
        }
      }
    }
  }

  private void agent(String name, Section agent) {
    List<PublicKey> keys =
        agent
            .only("key", "clients")
            .neededList("key", "a public key, or its file", this::publicKey);
    Set<EnrolledAgent.Client> clients = new LinkedHashSet<>(agent.list("clients", this::client));
    for (PublicKey each : keys) {
      agents.add(new EnrolledAgent(name, each, clients));
    }
  }

  /** A client, with its provider before it; where there is one provider alone, it is that one's. */
  private EnrolledAgent.Client client(String text) {
    int space = text.indexOf(' ');
    String issuer = text.substring(0, Math.max(0, space));
    List<String> issuers = providers.stream().map(one -> one.provider().issuer()).toList();
    if (space < 0 && issuers.size() == 1) {
      return new EnrolledAgent.Client(issuers.get(0), text);
    }
    if (!issuers.contains(issuer)) {
      throw new IllegalArgumentException(
          "a client is one provider's: write that provider's issuer, a space, and the client");
    }
    return new EnrolledAgent.Client(issuer, text.substring(space + 1));
  }

  private PublicKey publicKey(String text) {
    if (text.startsWith("ed25519/") || text.startsWith("secp256r1/")) {
      return PublicKey.parse(text);
    }
    Path file = path(text);
    return KeyFile.publicKey(text(file).getBytes(StandardCharsets.UTF_8), KeyFormat.AUTO, null);
  }

  private void template(String name, Section template) {
    var unused =
        template.only(
            "grants", "expires", "depth", "audience", "budgets", "renewable-for", "approvers");
    List<String> grants = template.neededList("grants", "what it lets agents do", text -> text);
    try {
      templates.add(
          new Template(
              name,
              Grants.parse(String.join(" or ", grants)),
              template.needed("expires", "how long a token lasts", Times::parseDuration),
              template.optional("depth", 0, text -> number(text, 0, 64)),
              template.list("audience", text -> text),
              template.list("budgets", IssuerSettings::budget),
              template.optional("renewable-for", Times::parseDuration),
              template.list("approvers", text -> text)));
    } catch (TaperException e) {
      throw template.wrong(String.valueOf(e.getMessage()), e);
    }
  }

  /** A budget with an id: with a new one for each token it would bound nothing. */
  private static Budget budget(String text) {
    Budget budget = Budget.parse(text);
    if (!budget.equals(Budget.parse(text))) {
      throw new IllegalArgumentException("the budget needs an id of its own: … as NAME");
    }
    return budget;
  }

  private PolicySet.Part policy(String name) {
    if (Policies.names().contains(name)) {
      return Policies.part(name);
    }
    return new PolicySet.Part(name, Datalog.authorizer(text(path(name))));
  }

  /** The issuer's name: the URL that agents dial. */
  public String issuer() {
    return issuer;
  }

  /** The agents that the file enrols. */
  public List<EnrolledAgent> agents() {
    return List.copyOf(agents);
  }
}
