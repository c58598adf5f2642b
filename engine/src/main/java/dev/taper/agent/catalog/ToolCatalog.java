package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.call.ToolCall;
import dev.taper.crypto.Digests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the tools of one service are: their operations, resources and arguments, and how they are
 * called. It derives what a call means from what was sent; a tool, argument or member that it does
 * not name is refused, because nobody would judge it. Immutable and thread-safe.
 */
public final class ToolCatalog {
  /** The most tools. */
  public static final int MAX_TOOLS = 16_384;

  /** The most origins: every request is compared with all of them. */
  public static final int MAX_ORIGINS = 64;

  private final String audience;
  private final List<Origin> origins;
  private final Map<String, CatalogTool> tools;
  private final Map<String, ResourceTemplate> resources = new TreeMap<>();
  private final Map<String, Set<String>> placed = new TreeMap<>();
  private final Map<String, Set<String>> touched = new TreeMap<>();
  private final HttpRoutes routes = new HttpRoutes();
  private final Map<String, CatalogTool> mcpTools = new TreeMap<>();
  private final Map<String, CatalogTool> mcpMethods = new TreeMap<>();
  private final boolean hasFields;
  private final String json;
  private final String digest;

  private ToolCatalog(Builder b) {
    this.audience = b.audience;
    this.origins = List.copyOf(b.origins);
    this.tools = Collections.unmodifiableMap(new TreeMap<>(b.tools));
    Map<String, CatalogTool> shapes = new HashMap<>();
    for (CatalogTool tool : tools.values()) {
      CatalogCheck.check(tool, origins);
      index(tool, shapes);
    }
    this.hasFields =
        tools.values().stream()
            .flatMap(tool -> tool.arguments().values().stream())
            .anyMatch(argument -> argument.field() != null);
    this.json = CatalogWriter.write(this);
    if (json.length() > CatalogReader.MAX_CHARACTERS) {
      throw CatalogReader.invalid(
          "the catalog", "is larger than " + CatalogReader.MAX_CHARACTERS + " characters");
    }
    this.digest = Digests.sha256Hex(json);
  }

  /** Prepares what calls of a tool are looked up by; two tools must not share it. */
  private void index(CatalogTool tool, Map<String, CatalogTool> shapes) {
    touched.put(tool.name(), Set.copyOf(tool.touched()));
    String template = tool.resource();
    if (template != null) {
      resources.put(tool.name(), ResourceTemplate.parse(template, "tool " + tool));
    }
    CatalogTool.HttpRoute http = tool.http();
    CatalogTool.McpRoute mcp = tool.mcp();
    CatalogTool other = null;
    if (http != null) {
      other = shapes.put(HttpRoutes.shape(http), tool);
      routes.add(tool, http);
      placed.put(tool.name(), placed(tool, http));
    } else if (mcp != null && mcp.name() != null) {
      other = mcpTools.put(mcp.name(), tool);
    } else if (mcp != null) {
      other = mcpMethods.put(mcp.method(), tool);
    }
    if (other != null) {
      throw CatalogReader.invalid("tool " + tool, "is called in the same way as " + other);
    }
  }

  /** The arguments that a request has in one place only, which is not where it names them. */
  private Set<String> placed(CatalogTool tool, CatalogTool.HttpRoute route) {
    Set<String> names = new HashSet<>(route.names());
    for (Origin origin : origins) {
      String label = origin.argument();
      if (label != null) {
        names.add(label);
      }
    }
    tool.arguments().entrySet().stream()
        .filter(argument -> argument.getValue().field() != null)
        .forEach(argument -> names.add(argument.getKey()));
    if (tool.content() != null) {
      names.add(tool.content());
    }
    return Set.copyOf(names);
  }

  /**
   * Starts a catalog.
   *
   * @param audience the service whose tools they are
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if it is not an audience's name
   */
  public static Builder of(String audience) {
    return new Builder(Canonical.audience(audience));
  }

  /**
   * Reads a catalog.
   *
   * @param json as {@link #toJson} writes it; of at most 2^24 characters
   * @throws TaperException {@link ErrorCode#INVALID_CATALOG}, with the place of the error
   */
  public static ToolCatalog parse(String json) {
    return CatalogReader.read(json);
  }

  /**
   * Drafts tools from what a server of the Model Context Protocol says of them: the result of
   * {@code tools/list}. A tool writes, unless its server says that it only reads: a hint is no
   * promise, so a person has to look at the draft before it is used.
   *
   * @param audience the service whose tools they are
   * @param toolsList one JSON object with the member {@code tools}
   * @throws TaperException {@link ErrorCode#INVALID_CATALOG} if it is no such object; {@link
   *     ErrorCode#INVALID_REQUEST} for the audience
   */
  public static ToolCatalog draft(String audience, String toolsList) {
    return McpDraft.draft(of(audience), toolsList);
  }

  /** Collects tools. Not thread-safe. */
  public static final class Builder {
    private final String audience;
    private final List<Origin> origins = new ArrayList<>();
    private final Map<String, CatalogTool> tools = new LinkedHashMap<>();

    private Builder(String audience) {
      this.audience = audience;
    }

    /**
     * Adds an origin under which clients dial the service.
     *
     * @throws TaperException as {@link #origin(Origin)} and {@link Origin}
     */
    public Builder origin(String origin) {
      return origin(new Origin(origin, ""));
    }

    /**
     * Adds an origin under which clients dial the service.
     *
     * @throws TaperException {@link ErrorCode#INVALID_CATALOG} if it was added before, or is one of
     *     too many
     */
    public Builder origin(Origin origin) {
      boolean twice = origins.stream().anyMatch(known -> known.origin().equals(origin.origin()));
      if (twice || origins.size() == MAX_ORIGINS) {
        throw CatalogReader.invalid(
            "origin " + ShownText.of(origin.origin(), 64),
            "is there twice, or one of more than " + MAX_ORIGINS);
      }
      origins.add(origin);
      return this;
    }

    /**
     * Adds a tool.
     *
     * @throws TaperException {@link ErrorCode#INVALID_CATALOG} if there is one of its name, or too
     *     many
     */
    public Builder tool(CatalogTool tool) {
      if (tools.putIfAbsent(tool.name(), tool) != null) {
        throw CatalogReader.invalid("tool " + ShownText.of(tool.name(), 64), "is there twice");
      }
      if (tools.size() > MAX_TOOLS) {
        throw CatalogReader.invalid("the catalog", "has more than " + MAX_TOOLS + " tools");
      }
      return this;
    }

    /**
     * Makes the catalog.
     *
     * @throws TaperException {@link ErrorCode#INVALID_CATALOG} if a tool is not what it must be: a
     *     name of another form, two ways to call it, a path, resource or content that names an
     *     argument which is missing, two tools that are called in the same way
     */
    public ToolCatalog build() {
      return new ToolCatalog(this);
    }
  }

  /** The service whose tools they are. */
  public String audience() {
    return audience;
  }

  /** The origins under which clients dial the service. */
  public List<Origin> origins() {
    return origins;
  }

  /** The tools by their names, in the order of those. */
  public Map<String, CatalogTool> tools() {
    return tools;
  }

  /** The catalog as JSON in canonical form (RFC 8785). */
  public String toJson() {
    return json;
  }

  /** The SHA-256 digest of {@link #toJson} in UTF-8, in hexadecimal. */
  public String digest() {
    return digest;
  }

  /**
   * Derives what a call of a tool means.
   *
   * @param tool its name
   * @param argumentsJson its arguments, one JSON object
   * @throws TaperException {@link ErrorCode#UNKNOWN_TOOL}, {@link ErrorCode#UNKNOWN_ARGUMENT},
   *     {@link ErrorCode#INVALID_ARGUMENT_TYPE}; {@link ErrorCode#INVALID_ARGUMENT_VALUE} for a
   *     value that cannot be stated exactly or cannot stand in the resource; {@link
   *     ErrorCode#AMBIGUOUS_URL}, {@link ErrorCode#AMBIGUOUS_PATH} or {@link
   *     ErrorCode#AMBIGUOUS_RESOURCE}; {@link ErrorCode#INVALID_REQUEST} if it is no such JSON, or
   *     an argument is missing
   */
  public ToolCall call(String tool, String argumentsJson) {
    return call(SentTool.of(tool, argumentsJson));
  }

  /**
   * Derives what a call means from what was sent.
   *
   * @throws TaperException as {@link #call(String, String)}
   */
  public ToolCall call(SentCall sent) {
    if (sent instanceof SentHttp http) {
      return HttpMeaning.of(http, this);
    }
    if (sent instanceof SentMcp mcp) {
      return McpMeaning.of(mcp, this);
    }
    SentTool tool = (SentTool) sent;
    if (tool.statesMeaning()) {
      throw new TaperException(
          ErrorCode.INVALID_REQUEST,
          "the service says itself which operation and resource a call means; send neither");
    }
    CatalogTool found = tools.get(tool.tool());
    if (found == null || found.form() != SentCall.Form.TOOL) {
      throw unknown("the service has no tool " + ShownText.of(tool.tool(), 64));
    }
    return new Meaning(this, found, sent).members(tool.arguments()).call();
  }

  /** True if a header field means something to any of the tools. */
  public boolean hasFields() {
    return hasFields;
  }

  /**
   * The header fields that mean something to the tool that a request calls, in lower case: what a
   * server has to add to the request before it is judged.
   *
   * @param request without fields
   * @throws TaperException {@link ErrorCode#UNKNOWN_TOOL} if no tool is called like that
   */
  public Set<String> fields(SentHttp request) {
    return HttpMeaning.fields(request, this);
  }

  /**
   * Finds the origin that a client dialled, one without an argument before others; null if the
   * service has no such origin.
   */
  public @Nullable Origin origin(String dialled) {
    Origin found = null;
    for (Origin origin : origins) {
      if (origin.origin().equals(dialled)) {
        return origin;
      }
      found = found == null && origin.label(dialled) != null ? origin : found;
    }
    return found;
  }

  /**
   * Names the tools whose definitions are not those that were pinned, or that are not in the
   * catalog: each is refused until it is pinned again.
   *
   * @param toolsList the result of {@code tools/list}, one JSON object
   * @throws TaperException {@link ErrorCode#INVALID_CATALOG} if it is no such object
   */
  public List<String> changed(String toolsList) {
    return McpDraft.changed(this, toolsList);
  }

  HttpRoutes routes() {
    return routes;
  }

  /** The arguments of a tool that a request has in one place only. */
  Set<String> placed(CatalogTool tool) {
    return placed.getOrDefault(tool.name(), Set.of());
  }

  /** The arguments of a tool that say what a call touches. */
  Set<String> touched(CatalogTool tool) {
    return touched.getOrDefault(tool.name(), Set.of());
  }

  @Nullable CatalogTool mcpTool(String name) {
    return mcpTools.get(name);
  }

  @Nullable CatalogTool mcpMethod(String method) {
    return mcpMethods.get(method);
  }

  @Nullable ResourceTemplate resource(CatalogTool tool) {
    return resources.get(tool.name());
  }

  static TaperException unknown(String message) {
    return new TaperException(ErrorCode.UNKNOWN_TOOL, message);
  }

  /** The audience and how many tools there are. */
  @Override
  public String toString() {
    return "ToolCatalog(" + audience + ", " + tools.size() + " tools)";
  }

  /**
   * One origin under which clients dial a service. Immutable and thread-safe.
   *
   * @param origin scheme, host and port in their one spelling; its first label may name an
   *     argument, as in <code>https://{tenant}.example.com</code>
   * @param prefix what a proxy takes away from the start of paths, such as {@code /jira}; or empty
   */
  public record Origin(String origin, String prefix) {
    private static final Pattern NAMED = Pattern.compile("(https?://)\\{([^{}]+)}(\\..+)");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * Checks that a client can dial it.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the prefix does not start with a
     *     slash, or ends with one, or a brace stands elsewhere than around the first label; {@link
     *     ErrorCode#INVALID_REQUEST}, {@link ErrorCode#AMBIGUOUS_URL} or {@link
     *     ErrorCode#AMBIGUOUS_PATH} if it has another spelling
     */
    public Origin {
      if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "a prefix of paths starts with a slash and does not end with one");
      }
      var named = NAMED.matcher(origin);
      boolean matches = named.matches();
      if (origin.indexOf('{') >= 0 && !matches) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "in an origin braces stand around its first label");
      }
      SentHttp.of("GET", matches ? named.group(1) + "x" + named.group(3) : origin, prefix + "/");
      if (prefix.indexOf('?') >= 0) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a prefix of paths has no query");
      }
      HttpRules.path(prefix + "/");
    }

    /** The argument that the first label names; null if it is a label like others. */
    @Nullable String argument() {
      var named = NAMED.matcher(origin);
      return named.matches() ? named.group(2) : null;
    }

    /** The label that a dialled origin has where this one names an argument; null if none fits. */
    @Nullable String label(String dialled) {
      var named = NAMED.matcher(origin);
      if (!named.matches()) {
        return origin.equals(dialled) ? "" : null;
      }
      String start = named.group(1); // without a dot, with which the end begins
      String end = named.group(3);
      if (!dialled.startsWith(start) || !dialled.endsWith(end)) {
        return null;
      }
      String label = dialled.substring(start.length(), dialled.length() - end.length());
      return LABEL.matcher(label).matches() ? label : null;
    }
  }
}
