package dev.taper.agent.call;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of a tool: the tool, what it does (operation), to what (resource), and its arguments. A
 * service's catalog derives it from what was {@linkplain #sent sent}, and the service's handler
 * reads its arguments here, as they were judged. Without a catalog, the caller states all of it.
 *
 * <p>A tool call that exists has one reading. Whatever has two is refused when it is made: names
 * that look like others, resources and paths with dot segments or escaped separators, URLs whose
 * host is open to interpretation, text that is not in normalization form C. Nothing is repaired.
 *
 * <p>A string argument that is a URL ({@code scheme://…}) or an absolute path ({@code /…}) is held
 * to the rules of those, because a tool may take it for one. Arguments that are prose or source
 * code can be declared to be free text; they give no URL or path facts.
 *
 * <p>Immutable and thread-safe; every method that adds something returns a changed copy.
 */
public final class ToolCall {
  /** The most arguments. */
  public static final int MAX_ARGUMENTS = CallArguments.MAX;

  /** The largest tool call, in bytes of its JSON. */
  public static final int MAX_BYTES = StrictJson.MAX_BYTES;

  private static final String BEFORE_ARGUMENTS = "{\"args\":";

  private final String tool;
  private final @Nullable String operation;
  private final @Nullable String resource;
  private final CallArguments arguments;
  private final String json;

  /** Where the arguments end in the JSON, which begins with them. */
  private final int argumentsEnd;

  private final @Nullable Derivation derivation;

  /**
   * Where a call comes from that a catalog made.
   *
   * @param sent what went over the wire
   * @param catalog the digest of the catalog, in hexadecimal
   * @param touched the names of the arguments that say whom or what a call of the tool touches
   */
  record Derivation(SentCall sent, String catalog, Set<String> touched) {}

  private ToolCall(
      String tool, @Nullable String operation, @Nullable String resource, CallArguments arguments) {
    this(tool, operation, resource, arguments, null);
  }

  ToolCall(
      String tool,
      @Nullable String operation,
      @Nullable String resource,
      CallArguments arguments,
      @Nullable Derivation derivation) {
    this.tool = tool;
    this.operation = operation;
    this.resource = resource;
    this.arguments = arguments;
    StringBuilder out = new StringBuilder(BEFORE_ARGUMENTS);
    arguments.write(out);
    this.argumentsEnd = out.length();
    this.json = written(out);
    this.derivation = derivation;
    StrictJson.checkSize(json);
  }

  /**
   * Starts a call with a tool and nothing else.
   *
   * @param tool dotted segments of ASCII letters, digits, {@code _} and {@code -}, such as {@code
   *     jira.search}; at most 1 KiB
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such a name
   */
  public static ToolCall of(String tool) {
    return new ToolCall(Canonical.tool(tool), null, null, CallArguments.NONE);
  }

  /**
   * Reads a tool call: {@code {"tool": …, "operation": …, "resource": …, "args": {…}}}, where only
   * the tool is mandatory.
   *
   * @param json at most 64 KiB, 16 levels deep, without repeated or unknown members
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such JSON, and as the
   *     methods that set the parts
   */
  public static ToolCall parse(String json) {
    return parse(json, Set.of());
  }

  /**
   * Reads a tool call that has arguments of free text.
   *
   * @param json as for {@link #parse(String)}
   * @param freeText the names of arguments that the tool takes neither for a URL nor for a path;
   *     names of absent arguments have no effect
   * @throws TaperException as {@link #parse(String)}
   */
  public static ToolCall parse(String json, Set<String> freeText) {
    Set<String> text = Set.copyOf(freeText);
    return StrictJson.request(json, parser -> read(parser, text));
  }

  private static ToolCall read(JsonParser json, Set<String> freeText) throws IOException {
    StrictJson.expect(json.currentToken(), JsonToken.START_OBJECT, "the request");
    String tool = null;
    String operation = null;
    String resource = null;
    CallArguments arguments = CallArguments.NONE;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      switch (member) {
        case "tool" -> tool = Canonical.tool(string(json, "the tool"));
        case "operation" -> operation = Canonical.operation(string(json, "the operation"));
        case "resource" -> resource = Canonical.resource(string(json, "the resource"));
        case "args" -> arguments = readArguments(json, freeText);
        default ->
            throw new TaperException(
                ErrorCode.INVALID_REQUEST,
                "a request has the members tool, operation, resource and args, and no others");
      }
    }
    if (tool == null) {
      throw new TaperException(ErrorCode.INVALID_REQUEST, "the request names no tool");
    }
    return new ToolCall(tool, operation, resource, arguments);
  }

  private static String string(JsonParser json, String subject) throws IOException {
    StrictJson.expect(json.currentToken(), JsonToken.VALUE_STRING, subject);
    return CanonicalJson.wellFormed(json.getText());
  }

  private static CallArguments readArguments(JsonParser json, Set<String> freeText)
      throws IOException {
    StrictJson.expect(json.currentToken(), JsonToken.START_OBJECT, "the member args");
    CallArguments.Builder arguments = new CallArguments.Builder();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = CallArgument.checkName(json.currentName());
      json.nextToken();
      ArgumentType type = freeText.contains(name) ? ArgumentType.ANY_TEXT : ArgumentType.ANY;
      arguments.add(CallArgument.read(json, name, type));
    }
    return arguments.build();
  }

  /**
   * Names the operation, such as {@code read}.
   *
   * @param name as a tool's name
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not such a name
   */
  public ToolCall operation(String name) {
    return new ToolCall(tool, Canonical.operation(name), resource, arguments);
  }

  /**
   * Names the resource, such as {@code jira:project/ACME/Q3/12}.
   *
   * @param name see {@link Canonical#resource}
   * @throws TaperException {@link ErrorCode#AMBIGUOUS_RESOURCE} if it has no single reading
   */
  public ToolCall on(String name) {
    return new ToolCall(tool, operation, Canonical.resource(name), arguments);
  }

  /**
   * Adds an integer argument.
   *
   * @param name visible text in normalization form C, at most 256 bytes, not used before
   * @param value any integer; beyond 2^53 some readers of JSON round it, so a caller that is one of
   *     them signs something else
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the name or one argument too many
   */
  public ToolCall arg(String name, long value) {
    return arg(name, BigDecimal.valueOf(value));
  }

  /**
   * Adds a numeric argument.
   *
   * @param name see {@link #arg(String, long)}
   * @param value of at most 64 characters, with an exponent of at most 999
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT_VALUE} for the value, {@link
   *     ErrorCode#INVALID_REQUEST} for the name or one argument too many
   */
  public ToolCall arg(String name, BigDecimal value) {
    String checked = CallArgument.checkName(name);
    CanonicalNumber number = CanonicalNumber.of(value, () -> CallArgument.subject(checked));
    return with(CallArgument.number(checked, number, ArgumentType.ANY));
  }

  /**
   * Adds a numeric argument with the fewest digits that read back as a double, as JavaScript and
   * JSON libraries print it.
   *
   * @param name see {@link #arg(String, long)}
   * @param value a finite number
   * @throws TaperException as {@link #arg(String, BigDecimal)}
   */
  public ToolCall arg(String name, double value) {
    String checked = CallArgument.checkName(name);
    CanonicalNumber number = CanonicalNumber.of(value, () -> CallArgument.subject(checked));
    return with(CallArgument.number(checked, number, ArgumentType.ANY));
  }

  /**
   * Adds a string argument, held to the rules of URLs or paths if it looks like one.
   *
   * @param name see {@link #arg(String, long)}
   * @param value in normalization form C, without NUL and unpaired surrogates
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT_VALUE}, {@link
   *     ErrorCode#AMBIGUOUS_URL} or {@link ErrorCode#AMBIGUOUS_PATH} for the value, {@link
   *     ErrorCode#INVALID_REQUEST} for the name or one argument too many
   */
  public ToolCall arg(String name, String value) {
    return with(CallArgument.string(CallArgument.checkName(name), value, ArgumentType.ANY));
  }

  /**
   * Adds a boolean argument.
   *
   * @param name see {@link #arg(String, long)}
   * @param value true or false
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} for the name or one argument too many
   */
  public ToolCall arg(String name, boolean value) {
    return with(
        CallArgument.other(CallArgument.checkName(name), new Term.Bool(value), ArgumentType.ANY));
  }

  /**
   * Adds an argument whose value is given as JSON: an array, an object, null, or any of the other
   * types.
   *
   * @param name see {@link #arg(String, long)}
   * @param json one JSON value, at most 14 levels deep
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not JSON, and as the methods
   *     for the other types
   */
  public ToolCall argJson(String name, String json) {
    String checked = CallArgument.checkName(name);
    return with(
        StrictJson.value(json, parser -> CallArgument.read(parser, checked, ArgumentType.ANY)));
  }

  /**
   * Adds an argument of free text: a string that the tool takes neither for a URL nor for a path,
   * and that therefore gives no facts about them.
   *
   * @param name see {@link #arg(String, long)}
   * @param value see {@link #arg(String, String)}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT_VALUE} for the value, {@link
   *     ErrorCode#INVALID_REQUEST} for the name or one argument too many
   */
  public ToolCall text(String name, String value) {
    return with(CallArgument.string(CallArgument.checkName(name), value, ArgumentType.ANY_TEXT));
  }

  private ToolCall with(CallArgument argument) {
    return new ToolCall(tool, operation, resource, arguments.with(argument));
  }

  /** The tool. */
  public String tool() {
    return tool;
  }

  /** The operation, or null if none is named. */
  public @Nullable String operation() {
    return operation;
  }

  /** The resource, or null if none is named. */
  public @Nullable String resource() {
    return resource;
  }

  /** The arguments, as they were judged. */
  public CallArguments arguments() {
    return arguments;
  }

  /**
   * What went over the wire, as the holder's proof covers it. For a call that no catalog made, that
   * is what it states itself.
   */
  public SentCall sent() {
    if (derivation != null) {
      return derivation.sent();
    }
    return new SentTool(tool, operation, resource, argumentsJson());
  }

  /**
   * The digest of the catalog that says what the call means, in hexadecimal; null if the caller
   * says it.
   */
  public @Nullable String catalogDigest() {
    return derivation == null ? null : derivation.catalog();
  }

  /**
   * The facts that this call gives: {@code tool}, {@code operation}, {@code resource}, {@code
   * arg_names}, then for each argument in the order of names {@code arg}, {@code arg_decimal},
   * {@code arg_url}, {@code arg_host_class}, {@code arg_ip}, {@code arg_path}, {@code
   * arg_each_host}, as far as they apply.
   */
  public CallFacts facts() {
    List<Fact> facts = new ArrayList<>();
    facts.add(Fact.of(ReservedPredicates.TOOL, new Term.Str(tool)));
    if (operation != null) {
      facts.add(Fact.of(ReservedPredicates.OPERATION, new Term.Str(operation)));
    }
    if (resource != null) {
      facts.add(Fact.of(ReservedPredicates.RESOURCE, new Term.Str(resource)));
    }
    arguments.addFacts(facts);
    return new CallFacts(facts);
  }

  /**
   * The call as JSON in the canonical form of RFC 8785. {@code args} is always there; {@code
   * operation} and {@code resource} are left out if not named. {@link #parse(String)} reads it
   * back.
   */
  public String toJson() {
    return json;
  }

  /** The digest of what the call means, the SHA-256 of {@link #toJson()} in UTF-8: 32 bytes. */
  public byte[] digest() {
    return Digests.sha256(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The SHA-256 digest of the arguments alone, as one JSON object in the canonical form of RFC 8785
   * in UTF-8: 32 bytes.
   */
  public byte[] argumentsDigest() {
    return Digests.sha256(argumentsJson().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A digest of what calls that are alike have in common: the tool with its operation, the
   * resource, and the arguments that say whom or what they touch, as the catalog declares them;
   * without a catalog, all arguments. 32 bytes.
   */
  public byte[] likeness() {
    StringBuilder meaning = new StringBuilder();
    for (String part : new @Nullable String[] {tool, operation, resource}) {
      CanonicalJson.writeString(part == null ? "" : part, meaning);
    }
    for (String argument : arguments.names()) {
      if (derivation == null || derivation.touched().contains(argument)) {
        CanonicalJson.writeString(argument, meaning);
        meaning.append(':').append(arguments.json(argument));
      }
    }
    return Digests.sha256(meaning.toString().getBytes(StandardCharsets.UTF_8));
  }

  private String argumentsJson() {
    return json.substring(BEFORE_ARGUMENTS.length(), argumentsEnd);
  }

  /** Completes the JSON, after its arguments. */
  private String written(StringBuilder out) {
    if (operation != null) {
      out.append(",\"operation\":");
      CanonicalJson.writeString(operation, out);
    }
    if (resource != null) {
      out.append(",\"resource\":");
      CanonicalJson.writeString(resource, out);
    }
    out.append(",\"tool\":");
    CanonicalJson.writeString(tool, out);
    return out.append('}').toString();
  }

  /** True for the same meaning, with the same said of its arguments; however it was sent. */
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ToolCall other
        && json.equals(other.json)
        && arguments.equals(other.arguments);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /**
   * The tool, operation and resource, for logs; no arguments and no query of the resource, which
   * may be confidential.
   */
  @Override
  public String toString() {
    return tool
        + (operation == null ? "" : " " + operation)
        + (resource == null ? "" : " on " + withoutQuery(resource));
  }

  /** What stands before the first {@code ?} or {@code #}, with an ellipsis if there is more. */
  private static String withoutQuery(String resource) {
    for (int i = 0; i < resource.length(); i++) {
      if (resource.charAt(i) == '?' || resource.charAt(i) == '#') {
        return resource.substring(0, i + 1) + "…";
      }
    }
    return resource;
  }
}
