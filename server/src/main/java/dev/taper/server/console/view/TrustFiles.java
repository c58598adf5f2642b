package dev.taper.server.console.view;

import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.names.NamesFile;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.Workplace;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import dev.taper.server.process.FileReason;
import dev.taper.trust.RootKeySet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code trust}: whom the person at this machine believes, by files of this machine alone. They are
 * read again for each question; names never become older. Thread-safe.
 */
public final class TrustFiles implements View {
  /** The most keys that may have signed one ask. */
  private static final int MAX_CANDIDATES = 16;

  private final RootFiles rootKeys;
  private final @Nullable Path names;
  private final List<PublicKey> namesKeys;
  private final Supplier<List<ToolCatalog>> services;
  private final Clock clock;
  private @Nullable NamesFile latest; // guarded by this

  /**
   * A root key.
   *
   * @param id its id; null if it has none
   * @param until when it ends; null for never
   */
  public record Root(PublicKey key, @Nullable Long id, @Nullable Instant until) {}

  /**
   * Who may have minted a token.
   *
   * @param files key sets or public keys
   * @param keys public keys that are in no file
   */
  public record RootFiles(List<Path> files, List<PublicKey> keys) {
    /** Nobody. */
    public static final RootFiles NONE = new RootFiles(List.of(), List.of());

    /** Keeps copies. */
    public RootFiles {
      files = List.copyOf(files);
      keys = List.copyOf(keys);
    }

    /**
     * Those of an option.
     *
     * @param written files, or the texts of keys
     * @param here where relative paths start
     * @throws dev.taper.operations.OperationException {@code usage} for what can be neither
     * @throws TaperException for a text that is no key
     */
    public static RootFiles written(List<String> written, Workplace here) {
      List<Path> files = new ArrayList<>();
      List<PublicKey> keys = new ArrayList<>();
      for (String one : written) {
        if (KeyFile.isPublicText(one)) {
          keys.add(PublicKey.parse(one).validate());
        } else {
          files.add(here.resolve(one));
        }
      }
      return new RootFiles(files, keys);
    }
  }

  /**
   * Trusts what these files say.
   *
   * @param rootKeys who may have minted a token
   * @param names who is who; null if nobody has a name
   * @param namesKeys who has to have signed the names
   * @param services the catalogs of the services whose calls are approved here
   */
  public TrustFiles(
      RootFiles rootKeys,
      @Nullable Path names,
      List<PublicKey> namesKeys,
      Supplier<List<ToolCatalog>> services,
      Clock clock) {
    this.rootKeys = rootKeys;
    this.names = names;
    this.namesKeys = List.copyOf(namesKeys);
    this.services = services;
    this.clock = clock;
  }

  /**
   * The root keys that have not ended.
   *
   * @throws dev.taper.operations.OperationException {@code io} if a file cannot be read
   * @throws TaperException if one makes no sense
   */
  public List<Root> roots() {
    List<Root> roots = new ArrayList<>();
    rootKeys.keys().forEach(key -> roots.add(new Root(key, null, null)));
    for (Path file : rootKeys.files()) {
      byte[] bytes = FileReason.bounded(file, NamesFile.MAX_BYTES);
      String text = new String(bytes, StandardCharsets.UTF_8);
      try {
        if (text.stripLeading().startsWith("[")) {
          for (RootKeySet.RootKey key : RootKeySet.read(text, clock).keys()) {
            if (!key.isExpiredAt(clock.instant())) {
              roots.add(new Root(key.publicKey(), key.keyId(), key.expiresAt()));
            }
          }
        } else {
          roots.add(new Root(KeyFile.publicKey(bytes, KeyFormat.AUTO, null), null, null));
        }
      } catch (TaperException e) {
        throw FileReason.named(file, e);
      }
    }
    return roots;
  }

  /** The keys that may have signed a token's first block. */
  public RootKeys rootKeys() {
    List<Root> roots = roots();
    return id -> candidates(roots, id);
  }

  /** Asks come from services that proved who they are: no stranger makes several signatures. */
  private static List<PublicKey> candidates(List<Root> roots, OptionalInt id) {
    List<PublicKey> keys = new ArrayList<>();
    for (Root root : roots) {
      Long own = root.id();
      boolean fits = id.isEmpty() || own == null || own == Integer.toUnsignedLong(id.getAsInt());
      if (fits && keys.size() < MAX_CANDIDATES) {
        keys.add(root.key());
      }
    }
    return keys;
  }

  /**
   * Who is who; null if no file says it.
   *
   * @throws TaperException if the file is not signed by whom it should, or older than one before
   */
  public synchronized @Nullable NamesFile names() {
    if (names == null) {
      return null;
    }
    byte[] bytes = FileReason.bounded(names, NamesFile.MAX_BYTES);
    String text = new String(bytes, StandardCharsets.UTF_8);
    NamesFile read;
    try {
      read = NamesFile.parseSigned(text, namesKeys.toArray(new PublicKey[0]));
      latest = latest == null ? read : read.notOlderThan(latest);
    } catch (TaperException e) {
      throw FileReason.named(names, e);
    }
    return latest;
  }

  @Override
  public @Nullable JsonFields answer(ViewRequest request) throws RefusedException {
    if (!request.is("GET", "trust")) {
      return null;
    }
    request.requireNothingElse();
    NamesFile who = names();
    return new JsonFields()
        .rows("root_keys", roots(), TrustFiles::fields)
        .putIfPresent("names", who == null ? null : fields(who))
        .rows("services", services.get(), TrustFiles::fields);
  }

  private static JsonFields fields(Root root) {
    return new JsonFields()
        .put("key", root.key())
        .putIfPresent("id", root.id())
        .putIfPresent("until", View.millis(root.until()));
  }

  /** With what arguments are to a person, by which the page orders them. */
  private static JsonFields fields(ToolCatalog catalog) {
    JsonFields tools = new JsonFields();
    for (CatalogTool tool : catalog.tools().values()) {
      if (tool.hasRoles()) {
        JsonFields arguments = new JsonFields();
        tool.arguments().forEach((name, argument) -> arguments.put(name, fields(argument)));
        tools.put(tool.name(), arguments);
      }
    }
    return new JsonFields()
        .put("audience", catalog.audience())
        .put("catalog", catalog.digest())
        .put("tools", tools);
  }

  private static JsonFields fields(CatalogTool.Argument argument) {
    CatalogTool.Role role = argument.role();
    return new JsonFields()
        .putIfPresent("role", role == null ? null : role.text())
        .putIfPresent("unit", argument.type().unit());
  }

  private static JsonFields fields(NamesFile names) {
    SortedMap<String, List<String>> groups = new TreeMap<>();
    names
        .groups()
        .forEach(
            (group, all) ->
                all.forEach(
                    member -> groups.computeIfAbsent(member, one -> new ArrayList<>()).add(group)));
    return new JsonFields()
        .putIfPresent("signed_by", names.signer())
        .putIfPresent("number", names.number().isPresent() ? names.number().getAsLong() : null)
        .put("issuers", keys(names.issuers(), null))
        .put("agents", keys(names.agents(), null))
        .put("approvers", keys(names.approvers(), groups));
  }

  private static List<JsonFields> keys(
      SortedMap<String, Set<PublicKey>> named, @Nullable Map<String, List<String>> groups) {
    List<JsonFields> keys = new ArrayList<>();
    named.forEach(
        (name, its) -> {
          List<String> own = groups == null ? null : groups.getOrDefault(name, List.of());
          for (PublicKey key : its) {
            keys.add(
                new JsonFields().put("name", name).put("key", key).putIfPresent("groups", own));
          }
        });
    return keys;
  }
}
