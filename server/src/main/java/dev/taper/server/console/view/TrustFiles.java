package dev.taper.server.console.view;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.taper.TaperException;
import dev.taper.agent.NamesFile;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.operations.Workplace;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import dev.taper.server.process.FileReason;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
  private final Supplier<List<Service>> services;
  private final Clock clock;
  private @Nullable NamesFile latest; // guarded by this

  /**
   * A service whose calls are approved here.
   *
   * @param audience its name
   * @param catalog the digest of its catalog, in hexadecimal
   * @param tools the tools of which the catalog says what an argument is to a person
   */
  public record Service(String audience, String catalog, List<CatalogTool> tools) {
    /** A service by its catalog. */
    public static Service of(ToolCatalog catalog) {
      return new Service(
          catalog.audience(),
          catalog.digest(),
          catalog.tools().values().stream().filter(CatalogTool::hasRoles).toList());
    }
  }

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
   * @param services the services of this machine's configurations
   */
  public TrustFiles(
      RootFiles rootKeys,
      @Nullable Path names,
      List<PublicKey> namesKeys,
      Supplier<List<Service>> services,
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
      byte[] bytes = bytes(file);
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
    String text = new String(bytes(names), StandardCharsets.UTF_8);
    NamesFile read;
    try {
      read = NamesFile.parseSigned(text, namesKeys.toArray(new PublicKey[0]));
      latest = latest == null ? read : read.notOlderThan(latest);
    } catch (TaperException e) {
      throw FileReason.named(names, e);
    }
    return latest;
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(NamesFile.MAX_BYTES + 1);
      if (bytes.length > NamesFile.MAX_BYTES) {
        throw OperationException.usage(file + " is longer than " + NamesFile.MAX_BYTES + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw FileReason.unreadable(file, e);
    }
  }

  @Override
  public @Nullable HttpAnswer answer(ViewRequest request) throws RefusedException {
    if (!request.is("GET", "trust")) {
      return null;
    }
    request.requireNothingElse();
    List<Root> roots = roots();
    NamesFile who = names();
    return ViewJson.answer(
        json -> {
          ViewJson.objects(
              json,
              "root_keys",
              roots,
              (members, root) -> {
                members.writeStringField("key", root.key().toString());
                if (root.id() != null) {
                  members.writeNumberField("id", root.id());
                }
                ViewJson.moment(members, "until", root.until());
              });
          if (who != null) {
            ViewJson.object(json, "names", members -> write(members, who));
          }
          ViewJson.objects(
              json,
              "services",
              services.get(),
              (members, service) -> {
                members.writeStringField("audience", service.audience());
                members.writeStringField("catalog", service.catalog());
                ViewJson.object(members, "tools", tools -> write(tools, service.tools()));
              });
        });
  }

  /** What arguments are to a person, by which the page orders them. */
  private static void write(JsonGenerator json, List<CatalogTool> tools) throws IOException {
    for (CatalogTool tool : tools) {
      json.writeObjectFieldStart(tool.name());
      for (Map.Entry<String, CatalogTool.Argument> argument : tool.arguments().entrySet()) {
        CatalogTool.Role role = argument.getValue().role();
        json.writeObjectFieldStart(argument.getKey());
        ViewJson.text(json, "role", role == null ? null : role.text());
        ViewJson.text(json, "unit", argument.getValue().type().unit());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, NamesFile names) throws IOException {
    if (names.signer() != null) {
      json.writeStringField("signed_by", names.signer().toString());
    }
    if (names.number().isPresent()) {
      json.writeNumberField("number", names.number().getAsLong());
    }
    SortedMap<String, List<String>> groups = new TreeMap<>();
    names
        .groups()
        .forEach(
            (group, all) ->
                all.forEach(
                    member -> groups.computeIfAbsent(member, one -> new ArrayList<>()).add(group)));
    write(json, "issuers", names.issuers(), null);
    write(json, "agents", names.agents(), null);
    write(json, "approvers", names.approvers(), groups);
  }

  private static void write(
      JsonGenerator json,
      String section,
      SortedMap<String, Set<PublicKey>> named,
      @Nullable Map<String, List<String>> groups)
      throws IOException {
    json.writeArrayFieldStart(section);
    for (Map.Entry<String, Set<PublicKey>> one : named.entrySet()) {
      for (PublicKey key : one.getValue()) {
        json.writeStartObject();
        json.writeStringField("name", one.getKey());
        json.writeStringField("key", key.toString());
        if (groups != null) {
          ViewJson.texts(json, "groups", groups.getOrDefault(one.getKey(), List.of()));
        }
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }
}
