package dev.taper.policies.cases;

import dev.taper.ErrorCode;
import dev.taper.Nearest;
import dev.taper.TaperException;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.datalog.Dates;
import dev.taper.datalog.parser.Datalog;
import dev.taper.token.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of cases: YAML 1.2 of plain values. The values beside {@code cases} hold for all
 * cases that do not say otherwise. Every unknown name is an error.
 */
final class CaseReader {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smhd])");
  private static final Instant DEFAULT_TIME = Instant.parse("2030-01-01T12:00:00Z");
  private static final List<String> SHARED =
      List.of("policies", "facts", "token", "time", "audience", "directory", "request");
  private static final List<String> OWN = List.of("name", "expect", "code", "by");
  private static final List<String> TOKEN =
      List.of("delegator", "task", "authority", "hops", "mode");
  private static final List<String> STORED = List.of("file", "root", "key");
  private static final List<String> HOP =
      List.of("holder", "grants", "expires", "audience", "max-depth");

  private final String policy;
  private final Path file;

  private CaseReader(String policy, Path file) {
    this.policy = policy;
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param policy the policy that it belongs to
   * @param file its path; the files that it names are relative to it
   * @param text its text
   * @throws TaperException {@link ErrorCode#INVALID_POLICY_CASE}
   */
  static List<PolicyCase> read(String policy, Path file, String text) {
    return new CaseReader(policy, file).read(text);
  }

  private List<PolicyCase> read(String text) {
    Object document = PlainYaml.read(file.toString(), text);
    YamlMap shared = YamlMap.of(document, file.toString()).only(SHARED, List.of("cases"));
    List<Object> cases = shared.list("cases");
    if (cases.isEmpty()) {
      throw YamlMap.wrong(file.toString(), "there are no cases");
    }
    List<PolicyCase> read = new ArrayList<>(cases.size());
    for (Object one : cases) {
      String place = file + ", case " + (read.size() + 1);
      YamlMap own = YamlMap.of(one, place);
      own.only(SHARED, OWN);
      read.add(policyCase(own.text("name", null), shared, own.over(shared)));
    }
    return read;
  }

  private PolicyCase policyCase(String name, YamlMap shared, YamlMap yaml) {
    try {
      Instant issued = instant(shared.text("time", DEFAULT_TIME.toString()));
      return new PolicyCase(
          name,
          policies(yaml),
          Datalog.authorizer(yaml.text("facts", "")),
          token(yaml.map("token")),
          issued,
          instant(yaml.text("time", issued.toString())),
          yaml.text("audience", "svc:test"),
          ToolCall.parse(JsonText.of(yaml.map("request").values())),
          Set.copyOf(yaml.texts("directory", List.of())),
          expected(yaml));
    } catch (TaperException | DateTimeException e) {
      if (e instanceof TaperException known && known.code() == ErrorCode.INVALID_POLICY_CASE) {
        throw known;
      }
      throw new TaperException(
          ErrorCode.INVALID_POLICY_CASE, yaml.place() + ": " + e.getMessage(), e);
    }
  }

  /** The names of policies that lie beside the cases, or are the library's. */
  private List<String> policies(YamlMap yaml) {
    List<String> names = yaml.texts("policies", List.of(policy, "default"));
    for (String name : names) {
      if (!isPlain(name)) {
        throw YamlMap.wrong(yaml.place(), "no name of a policy: " + name);
      }
    }
    return names;
  }

  private static boolean isPlain(String name) {
    try {
      Path path = Path.of(name);
      return path.equals(path.getFileName());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static PolicyCase.Expected expected(YamlMap yaml) {
    String expect = yaml.text("expect", null);
    if (!expect.equals("allow") && !expect.equals("deny")) {
      throw YamlMap.wrong(yaml.place(), "expect is allow or deny");
    }
    boolean allowed = expect.equals("allow");
    if (allowed == yaml.has("code")) {
      throw YamlMap.wrong(yaml.place(), "a denial has a code, and nothing else has one");
    }
    return new PolicyCase.Expected(
        allowed,
        allowed ? null : yaml.text("code", null),
        yaml.has("by") ? yaml.text("by", null) : null);
  }

  private CaseToken token(YamlMap yaml) {
    return yaml.has("file")
        ? stored(yaml.only(STORED, List.of()))
        : described(yaml.only(TOKEN, List.of("file")));
  }

  private StoredToken stored(YamlMap yaml) {
    return new StoredToken(
        AgentToken.decode(beside(yaml, "file")),
        PublicKey.parse(beside(yaml, "root")),
        yaml.has("key") ? PrivateKey.parse(beside(yaml, "key")) : null);
  }

  /** Reads a file that lies beside the cases, or in a folder below. */
  private String beside(YamlMap yaml, String key) {
    String name = yaml.text(key, null);
    try {
      Path folder = file.toAbsolutePath().resolveSibling("").toRealPath();
      Path named = folder.resolve(name).toRealPath();
      if (!named.startsWith(folder)) {
        throw YamlMap.wrong(yaml.place(), "not beside the cases, nor in a folder below: " + name);
      }
      return Files.readString(named).strip();
    } catch (IOException | InvalidPathException e) {
      throw new TaperException(
          ErrorCode.INVALID_POLICY_CASE, yaml.place() + ": cannot read " + name, e);
    }
  }

  private static TokenSpec described(YamlMap yaml) {
    List<TokenSpec.HopSpec> hops = new ArrayList<>();
    for (Object hop : yaml.list("hops")) {
      hops.add(hop(YamlMap.of(hop, yaml.place() + ", hop " + hops.size()).only(HOP, List.of())));
    }
    if (hops.isEmpty()) {
      hops.add(new TokenSpec.HopSpec("agent:planner", List.of("*"), null, List.of(), null));
    }
    return new TokenSpec(
        yaml.text("delegator", "user:alice@acme.com"),
        yaml.text("task", "T-1"),
        Datalog.block(yaml.text("authority", "")),
        hops,
        mode(yaml));
  }

  private static Token.Kind mode(YamlMap yaml) {
    String mode = yaml.text("mode", Token.Kind.HELD.text());
    for (Token.Kind known : Token.Kind.values()) {
      if (known.text().equals(mode)) {
        return known;
      }
    }
    throw YamlMap.wrong(yaml.place(), "mode is held, bearer or sealed");
  }

  private static TokenSpec.HopSpec hop(YamlMap yaml) {
    return new TokenSpec.HopSpec(
        yaml.text("holder", null),
        yaml.texts("grants", List.of()),
        yaml.has("expires") ? duration(yaml.text("expires", null)) : null,
        yaml.texts("audience", List.of()),
        yaml.number("max-depth"));
  }

  private static Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw new DateTimeException("no time such as 30s, 10m, 1h or 2d: " + text);
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** A moment of the years that dates have: no milliseconds count what is further away. */
  private static Instant instant(String text) {
    Instant instant = Instant.parse(text.toUpperCase(Locale.ROOT));
    Instant unused = Dates.end(instant);
    return instant;
  }

  /** A mapping of YAML, read strictly. */
  private record YamlMap(Map<String, Object> values, String place) {
    static YamlMap of(@Nullable Object value, String place) {
      if (!(value instanceof Map<?, ?> map)) {
        throw wrong(place, "expected names with values");
      }
      Map<String, Object> values = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (!(entry.getKey() instanceof String key)) {
          throw wrong(place, entry.getKey() + " is no name");
        }
        values.put(key, entry.getValue());
      }
      return new YamlMap(values, place);
    }

    static TaperException wrong(String place, String what) {
      return new TaperException(ErrorCode.INVALID_POLICY_CASE, place + ": " + what);
    }

    YamlMap only(List<String> some, List<String> others) {
      for (String key : values.keySet()) {
        if (!some.contains(key) && !others.contains(key)) {
          List<String> known = new ArrayList<>(some);
          known.addAll(others);
          throw wrong(place, "there is no \"" + key + "\"" + Nearest.hint(key, known));
        }
      }
      return this;
    }

    YamlMap over(YamlMap defaults) {
      Map<String, Object> all = new LinkedHashMap<>(defaults.values);
      all.putAll(values);
      return new YamlMap(all, place);
    }

    boolean has(String key) {
      return values.containsKey(key);
    }

    /** Returns a text, or the default; without a default the text is mandatory. */
    String text(String key, @Nullable String otherwise) {
      Object value = values.get(key);
      if (value == null && otherwise != null && !has(key)) {
        return otherwise;
      }
      if (value instanceof String text) {
        return text;
      }
      throw wrong(place, key + " has to be a text");
    }

    @Nullable Integer number(String key) {
      Object value = values.get(key);
      if (value instanceof Integer || !has(key)) {
        return (Integer) value;
      }
      throw wrong(place, key + " has to be a number");
    }

    YamlMap map(String key) {
      return has(key)
          ? of(values.get(key), place + ", " + key)
          : new YamlMap(Map.of(), place + ", " + key);
    }

    List<Object> list(String key) {
      if (!has(key)) {
        return List.of();
      }
      if (values.get(key) instanceof List<?> list && !list.contains(null)) {
        return List.copyOf(list);
      }
      throw wrong(place, key + " has to be a list");
    }

    List<String> texts(String key, List<String> otherwise) {
      if (!has(key)) {
        return otherwise;
      }
      List<String> texts = new ArrayList<>();
      for (Object value : list(key)) {
        if (!(value instanceof String text)) {
          throw wrong(place, key + " has to be a list of texts");
        }
        texts.add(text);
      }
      return texts;
    }
  }
}
