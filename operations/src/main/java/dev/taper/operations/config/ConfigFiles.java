package dev.taper.operations.config;

import dev.taper.Causes;
import dev.taper.ErrorCode;
import dev.taper.Nearest;
import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.names.NamesFile;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Pem;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.datalog.parser.ParseException;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.findings.AbuseRules;
import dev.taper.operations.findings.Finding;
import dev.taper.operations.key.KeyFile;
import dev.taper.operations.key.KeyFormat;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files that a configuration names. Messages name the file, and quote nothing of it that
 * could be a secret. Immutable and thread-safe.
 *
 * @param guard who may change the files
 * @param looking true if the files are only looked at, perhaps by another user than the service's
 */
record ConfigFiles(
    Settings settings,
    Workplace workplace,
    TaperConfig.@Nullable Library library,
    FileGuard guard,
    boolean looking) {
  private static final int MAX_BYTES = 1 << 26;
  private static final int MAX_SECRET = 1 << 16;

  /**
   * Refuses a file that decides something, and that somebody else could change: whoever can decides
   * as much as the configuration. Called for each file whenever its contents are taken.
   *
   * @param setting whose value it is
   * @param file its name as written
   * @throws TaperException {@link ErrorCode#FILE_EXPOSED}
   */
  private void requireOwn(String setting, String file) {
    requireOwn(setting, file, false);
  }

  /** Refuses a file that only the service's user needs, as {@link #requireOwn(String, String)}. */
  private void requireServicesOwn(String setting, String file) {
    requireOwn(setting, file, looking);
  }

  private void requireOwn(String setting, String file, boolean isItsOwnersToo) {
    String exposure;
    try {
      Path path = path(file);
      exposure = (isItsOwnersToo ? guard.trustingOwnerOf(path) : guard).exposure(path);
    } catch (IOException e) {
      throw OperationException.io(
          settings.place(setting)
              + ": cannot find out who can change "
              + Setting.shown(file)
              + ": "
              + Causes.reason(e),
          e);
    }
    if (exposure != null) {
      throw new TaperException(
          ErrorCode.FILE_EXPOSED,
          settings.place(setting) + ": " + Setting.shown(file) + ": " + exposure);
    }
  }

  /** Refuses a place on this machine to which somebody else than the service could write. */
  void requireOwn(String setting, Place place) {
    if (place instanceof Place.File file) {
      requireServicesOwn(setting, file.name());
    } else if (place instanceof Place.Sql sql && sql.file() != null) {
      requireServicesOwn(setting, sql.file());
    }
  }

  Path path(String file) {
    return workplace.resolve(file);
  }

  /** Root keys from a file's text: a key set in JSON, or one public key. */
  RootKeys rootKeys(String file, String text) {
    requireOwn("root-keys", file);
    return named(
        file,
        () ->
            text.stripLeading().startsWith("[")
                ? RootKeySet.read(text, workplace.clock())
                : RootKeys.of(publicKey(text.getBytes(StandardCharsets.UTF_8))));
  }

  /** The root keys that are trusted now. */
  RootKeys rootKeys() {
    String file = settings.rootKeys().file();
    List<PublicKey> keys = settings.rootKeys().keys();
    return file == null ? id -> keys : rootKeys(file, text(file));
  }

  /** Public keys, each as its text or from a file. */
  private List<PublicKey> publicKeys(String setting, List<String> written) {
    List<PublicKey> keys = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      String key = written.get(i);
      if (KeyFile.isPublicText(key)) {
        keys.add(PublicKey.parse(key));
      } else {
        byte[] bytes = bytes(path(key), key);
        requireOwn(settings.item(setting, i), key);
        keys.add(named(key, () -> publicKey(bytes)));
      }
    }
    return keys;
  }

  /** The keys that may sign the revocation list. */
  List<PublicKey> issuers(Settings.Lists lists) {
    return publicKeys("revocations.keys", lists.keys());
  }

  private static PublicKey publicKey(byte[] bytes) {
    return KeyFile.publicKey(bytes, KeyFormat.AUTO, null);
  }

  /** The key that signs the audit log; the caller destroys it. */
  PrivateKey auditKey(Settings.Audit audit) {
    Path file = path(audit.key());
    requireServicesOwn("audit.key", audit.key());
    Settings.Passphrase passphrase = audit.passphrase();
    if (passphrase != null) {
      byte[] pem = secret(file, audit.keyExposed());
      if (!Pem.isEncrypted(new String(pem, StandardCharsets.UTF_8))) {
        throw OperationException.usage(
            file + " is not an encrypted key: leave its passphrase out, or encrypt it");
      }
      return KeyFile.privateKey(
          pem, KeyFormat.PEM, null, () -> passphrase(passphrase, audit.keyExposed()));
    }
    return audit.keyExposed() ? PrivateKey.loadThoughOthersCanRead(file) : PrivateKey.load(file);
  }

  /** The first line of a file, or the whole variable. */
  private char[] passphrase(Settings.Passphrase passphrase, boolean exposed) {
    String text;
    if (passphrase.isVariable()) {
      text = Objects.requireNonNullElse(System.getenv(passphrase.name()), "");
    } else {
      requireServicesOwn("audit.passphrase-file", passphrase.name());
      byte[] bytes = secret(path(passphrase.name()), exposed);
      text = new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("");
      Arrays.fill(bytes, (byte) 0);
    }
    if (text.isEmpty()) {
      throw OperationException.usage(
          "there is no passphrase in "
              + (passphrase.isVariable() ? "the environment variable " : "the file ")
              + Setting.shown(passphrase.name()));
    }
    return text.toCharArray();
  }

  private static byte[] secret(Path file, boolean exposed) {
    try {
      return exposed
          ? SecretFile.readThoughOthersCan(file, MAX_SECRET)
          : SecretFile.read(file, MAX_SECRET);
    } catch (TaperException e) {
      throw new TaperException(e.code(), file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw OperationException.io("cannot read " + file + ": " + Causes.reason(e), e);
    }
  }

  /** Names from the file's text. */
  NamesFile names(Settings.Names names, String text) {
    requireOwn(settings.isGiven("names.file") ? "names.file" : "names", names.file());
    List<PublicKey> keys = publicKeys("names.keys", names.keys());
    return named(
        names.file(),
        () ->
            keys.isEmpty()
                ? NamesFile.parse(text)
                : NamesFile.parseSigned(text, keys.toArray(new PublicKey[0])));
  }

  /** The catalog from its file's text, with the origins of the configuration if it has any. */
  ToolCatalog catalog(String file, String text) {
    requireOwn("catalog", file);
    return named(
        file,
        () -> {
          ToolCatalog read = ToolCatalog.parse(text);
          return settings.origins().isEmpty() ? read : dialledHere(read);
        });
  }

  private ToolCatalog dialledHere(ToolCatalog read) {
    if (!read.origins().isEmpty()) {
      throw Setting.wrong(
          "origins", "the catalog has origins too: leave them out there, or in the configuration");
    }
    ToolCatalog.Builder builder = ToolCatalog.of(read.audience());
    settings.origins().forEach(builder::origin);
    read.tools().values().forEach(builder::tool);
    return builder.build();
  }

  /** A policy of the library; null if the name is none of it. */
  PolicySet.@Nullable Part ofLibrary(String name) {
    return library != null && library.names().contains(name) ? library.part(name) : null;
  }

  /** A policy from a file's text. */
  PolicySet.Part policy(String file, String text) {
    return policy(settings.item("policies", settings.policies().indexOf(file)), file, text);
  }

  private PolicySet.Part policy(String setting, String file, String text) {
    requireOwn(setting, file);
    try {
      return new PolicySet.Part(Place.shown(file), Datalog.authorizer(text));
    } catch (ParseException e) {
      // Not its message, which shows the line: a file in another's place can hold a secret.
      throw new TaperException(
          e.code(),
          Place.shown(file) + ": line " + e.line() + ", column " + e.column() + " is no policy",
          e);
    } catch (TaperException e) {
      throw inFile(file, e);
    }
  }

  /** The parts of all policies, in order. */
  List<PolicySet.Part> policies() {
    List<PolicySet.Part> parts = new ArrayList<>();
    for (String name : settings.policies()) {
      PolicySet.Part known = ofLibrary(name);
      parts.add(known == null ? policy(name, policyText(name)) : known);
    }
    return parts;
  }

  /** What is noticed in decisions; null if nothing is, or the library has no rules about it. */
  @Nullable AbuseRules abuseRules() {
    Settings.Findings findings = settings.findings();
    if (findings == null) {
      return null;
    }
    String name = findings.rules() == null ? AbuseRules.STANDARD : findings.rules();
    PolicySet.Part part = ofLibrary(name);
    if (part == null && findings.rules() == null) {
      if (!findings.equals(Settings.Findings.STANDARD)) {
        throw Setting.wrong(
            settings.place("findings"), "the library has no rules about abuse; name their file");
      }
      return null;
    }
    AbuseRules rules =
        AbuseRules.of(
            (part == null ? policy("findings.rules", name, policyText(name)) : part).code());
    for (String rule : findings.off()) {
      rules = changed("off", rules, all -> all.without(rule));
    }
    for (String rule : findings.ask()) {
      rules = changed("ask", rules, all -> all.response(rule, Finding.Response.ASK));
    }
    for (String rule : findings.revoke()) {
      rules = changed("revoke", rules, all -> all.response(rule, Finding.Response.REVOKE));
    }
    for (Map.Entry<String, Long> limit : findings.limits().entrySet()) {
      String[] parts = limit.getKey().split("\\.", 2);
      rules =
          changed(
              "limits." + limit.getKey(),
              rules,
              all -> all.limit(parts[0], parts[1], limit.getValue()));
    }
    return rules;
  }

  private AbuseRules changed(String setting, AbuseRules rules, UnaryOperator<AbuseRules> change) {
    try {
      return change.apply(rules);
    } catch (TaperException e) {
      throw Setting.wrong(settings.place("findings." + setting), String.valueOf(e.getMessage()), e);
    }
  }

  private String policyText(String name) {
    String nearest = library == null ? null : Nearest.of(name, library.names());
    if (nearest != null && !Files.exists(path(name))) {
      throw OperationException.usage(
          "there is no file "
              + Setting.shown(name)
              + ", and no policy of that name in the library; did you mean "
              + nearest
              + "?");
    }
    return text(name);
  }

  /** A file's text. */
  String text(String file) {
    return text(path(file), file);
  }

  /**
   * A file's text, in UTF-8.
   *
   * @throws OperationException {@code io}
   */
  static String text(Path path, String shown) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes(path, shown)))
          .toString();
    } catch (CharacterCodingException e) {
      throw unreadable(shown, "it is not UTF-8", e);
    }
  }

  private static byte[] bytes(Path path, String shown) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw unreadable(shown, "it is longer than " + MAX_BYTES + " bytes", null);
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw unreadable(shown, "there is no such file", e);
    } catch (AccessDeniedException e) {
      throw unreadable(shown, "permission denied", e);
    } catch (IOException e) {
      throw unreadable(shown, Causes.reason(e), e);
    }
  }

  private static OperationException unreadable(String file, String why, @Nullable Throwable cause) {
    return OperationException.io("cannot read " + Setting.shown(file) + ": " + why, cause);
  }

  private static <T> T named(String file, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (TaperException e) {
      throw inFile(file, e);
    }
  }

  private static TaperException inFile(String file, TaperException e) {
    return new TaperException(e.code(), Setting.shown(file) + ": " + e.getMessage(), e);
  }
}
