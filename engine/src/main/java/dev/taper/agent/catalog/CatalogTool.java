package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.Given;
import dev.taper.TaperException;
import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One tool of a service: what it does, to what, with which arguments, and how it is called.
 * Immutable and thread-safe; every method that sets something returns a changed copy.
 */
public final class CatalogTool {
  private final Parts parts; // nobody changes them
  private final SortedMap<String, Argument> arguments;

  private CatalogTool(Parts parts) {
    this.parts = parts;
    this.arguments = Collections.unmodifiableSortedMap(parts.arguments);
  }

  /** What is stated about a tool. */
  private static final class Parts {
    private final String name;
    private final SortedMap<String, Argument> arguments = new TreeMap<>();
    private @Nullable String operation;
    private @Nullable String resource;
    private @Nullable HttpRoute http;
    private @Nullable McpRoute mcp;
    private @Nullable String content;
    private @Nullable String definition;

    Parts(String name) {
      this.name = name;
    }
  }

  /** A copy in which something is changed. */
  private CatalogTool with(Consumer<Parts> change) {
    Parts copy = new Parts(parts.name);
    copy.arguments.putAll(parts.arguments);
    copy.operation = parts.operation;
    copy.resource = parts.resource;
    copy.http = parts.http;
    copy.mcp = parts.mcp;
    copy.content = parts.content;
    copy.definition = parts.definition;
    change.accept(copy);
    return new CatalogTool(copy);
  }

  /** Starts with a name. A catalog that takes the tool checks all of it. */
  public static CatalogTool of(String name) {
    return new CatalogTool(new Parts(name));
  }

  /** States what a call of it does, such as {@code read}. */
  public CatalogTool operation(@Nullable String newOperation) {
    return with(copy -> copy.operation = newOperation);
  }

  /** States to what, such as {@code jira:project/{project}}. */
  public CatalogTool resource(@Nullable String template) {
    return with(copy -> copy.resource = template);
  }

  /** Adds or replaces an argument. */
  public CatalogTool argument(String argumentName, Argument argument) {
    return with(copy -> copy.arguments.put(argumentName, argument));
  }

  /** Adds or replaces arguments. */
  CatalogTool arguments(Map<String, Argument> more) {
    return with(copy -> copy.arguments.putAll(more));
  }

  /** Calls it over HTTP, and in no other way. */
  public CatalogTool http(@Nullable HttpRoute route) {
    return with(copy -> copy.http = route);
  }

  /** Calls it over the Model Context Protocol, and in no other way. */
  public CatalogTool mcp(@Nullable McpRoute route) {
    return with(copy -> copy.mcp = route);
  }

  /** Takes the content of a request, whatever its form, for one argument. */
  public CatalogTool content(@Nullable String argumentName) {
    return with(copy -> copy.content = argumentName);
  }

  /** Pins the definition that a server of the Model Context Protocol gives of it. */
  public CatalogTool definition(@Nullable String digest) {
    return with(copy -> copy.definition = digest);
  }

  /** The name. */
  public String name() {
    return parts.name;
  }

  /** What a call of it does; null if nothing is said. */
  public @Nullable String operation() {
    return parts.operation;
  }

  /** The template of the resource; null if nothing is said. */
  public @Nullable String resource() {
    return parts.resource;
  }

  /** The arguments by their names. */
  public Map<String, Argument> arguments() {
    return arguments;
  }

  /** How it is called over HTTP; null if it is not. */
  public @Nullable HttpRoute http() {
    return parts.http;
  }

  /** How it is called over the Model Context Protocol; null if it is not. */
  public @Nullable McpRoute mcp() {
    return parts.mcp;
  }

  /** The argument that takes the whole content; null if none does. */
  public @Nullable String content() {
    return parts.content;
  }

  /** The SHA-256 digest of its definition as it was pinned, in hexadecimal; null if it was not. */
  public @Nullable String definition() {
    return parts.definition;
  }

  /**
   * The arguments that say whom or what a call touches, such as recipients, accounts, paths: those
   * of {@link Role#TOUCHED}. If none has it, all that have no role; so where a catalog says nothing
   * of roles, a call touches all of its arguments.
   */
  public Set<String> touched() {
    Set<String> touched = of(Role.TOUCHED);
    return touched.isEmpty() ? of((Role) null) : touched;
  }

  /** True if the catalog says of any argument what it is to a person. */
  public boolean hasRoles() {
    return arguments.values().stream().anyMatch(argument -> argument.role() != null);
  }

  private Set<String> of(@Nullable Role role) {
    Set<String> names = new TreeSet<>();
    arguments.forEach(
        (argument, of) -> {
          if (of.role() == role && !of.dropped()) {
            names.add(argument);
          }
        });
    return Collections.unmodifiableSet(names);
  }

  /** The one form in which it is called. */
  public SentCall.Form form() {
    return parts.http != null
        ? SentCall.Form.HTTP
        : parts.mcp != null ? SentCall.Form.MCP : SentCall.Form.TOOL;
  }

  /** The name. */
  @Override
  public String toString() {
    return parts.name;
  }

  /**
   * What an argument is to a person who decides about a call. It decides nothing itself: it says in
   * which order arguments are shown, and which calls are alike.
   */
  public enum Role {
    /** Whom or what the call touches: a recipient, an account, a repository, a path, a domain. */
    TOUCHED,
    /** How much, in the unit of its type if that has one. */
    AMOUNT,
    /** Text that may be long, such as a comment. */
    TEXT;

    /** Its name in a catalog. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One argument of a tool, as a catalog has it. Immutable and thread-safe.
   *
   * @param type what its values are
   * @param required whether a call without it is refused
   * @param list whether it may be repeated in a query or form, and is an array then
   * @param dropped whether it never reaches the tool: it is no part of what the call means
   * @param field the header field that it is sent in, in lower case; null if it is sent elsewhere
   * @param role what it is to a person who decides about a call; null if nothing is said
   */
  public record Argument(
      ArgumentType type,
      boolean required,
      boolean list,
      boolean dropped,
      @Nullable String field,
      @Nullable Role role) {
    /**
     * Checks that the parts fit each other.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a list is no array or is sent in
     *     a field, something dropped is required or has a role, an amount is no number, a text is a
     *     number or a boolean, or a field changes the method; {@link ErrorCode#INVALID_REQUEST} if
     *     there can be no such field
     */
    public Argument {
      Given.that(type, "the type of an argument");
      if (list && type.kind() != ArgumentType.Kind.ARRAY) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a list is an array");
      }
      if (dropped && required) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "what is dropped cannot be required as well");
      }
      if (role != null) {
        checkRole(role, type, dropped);
      }
      if (field != null) {
        if (list) {
          throw new TaperException(
              ErrorCode.INVALID_ARGUMENT,
              "a list is sent in a query, form or JSON, not in a field");
        }
        field = SentHttp.fieldName(field);
        if (HttpRules.overridesMethod(field)) {
          throw new TaperException(
              ErrorCode.INVALID_ARGUMENT,
              "no argument is sent in " + field + ", which changes the method");
        }
      }
    }

    /** An argument that may be left out. */
    public static Argument optional(ArgumentType type) {
      return new Argument(type, false, false, false, null, null);
    }

    /** An argument without which a call is refused. */
    public static Argument required(ArgumentType type) {
      return new Argument(type, true, false, false, null, null);
    }

    /** A member that callers send and that never reaches the tool. */
    public static Argument ofDropped() {
      return new Argument(ArgumentType.ANY, false, false, true, null, null);
    }

    /** Sends it in a header field. */
    public Argument inField(String name) {
      return new Argument(type, required, list, dropped, name, role);
    }

    /** Says what it is to a person who decides about a call. */
    public Argument as(@Nullable Role newRole) {
      return new Argument(type, required, list, dropped, field, newRole);
    }

    /** Lets it be repeated in a query or form. */
    public Argument repeatable() {
      return new Argument(type, required, true, dropped, field, role);
    }

    private static void checkRole(Role role, ArgumentType type, boolean dropped) {
      if (dropped) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "what is dropped has no role: leave out the role");
      }
      ArgumentType.Kind kind = type.kind();
      boolean isNumber = kind == ArgumentType.Kind.INTEGER || kind == ArgumentType.Kind.NUMBER;
      if (role == Role.AMOUNT && !isNumber) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "an amount is an integer or a number: give it that type");
      }
      if (role == Role.TEXT && (isNumber || kind == ArgumentType.Kind.BOOLEAN)) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "a number or a boolean is no text: leave out the role");
      }
    }
  }

  /**
   * The method and path by which a tool is called over HTTP. Immutable and thread-safe.
   *
   * @param method in capital letters
   * @param path such as {@code /projects/{project}/issues}: a segment is literal, as it is sent, or
   *     names an argument
   */
  public record HttpRoute(String method, String path) {
    private static final String ORIGIN = "https://service.example";

    /**
     * Checks that a request can take it.
     *
     * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a brace stands elsewhere than
     *     around a whole segment, or there is a query; {@link ErrorCode#INVALID_REQUEST} or {@link
     *     ErrorCode#AMBIGUOUS_PATH} if no request has such a method or path
     */
    public HttpRoute {
      StringBuilder literal = new StringBuilder();
      for (String segment : segments(path)) {
        boolean named = isNamed(segment);
        String inner = named ? segment.substring(1, segment.length() - 1) : segment;
        if (inner.indexOf('{') >= 0 || inner.indexOf('}') >= 0 || (named && inner.isEmpty())) {
          throw new TaperException(
              ErrorCode.INVALID_ARGUMENT,
              "in a route braces stand around the name of a whole segment");
        }
        literal.append('/').append(named ? "x" : segment);
      }
      String target = path.startsWith("/") ? literal.toString() : path;
      SentHttp.of(method, ORIGIN, target);
      if (target.indexOf('?') >= 0) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a route has no query");
      }
      HttpRules.path(target);
    }

    /** The segments of the path. */
    List<String> segments() {
      return segments(path);
    }

    /** The arguments that the path names. */
    List<String> names() {
      List<String> names = new ArrayList<>();
      for (String segment : segments()) {
        if (isNamed(segment)) {
          names.add(name(segment));
        }
      }
      return names;
    }

    /** The segments of a path. */
    static List<String> segments(String path) {
      return List.of((path.isEmpty() ? path : path.substring(1)).split("/", -1));
    }

    /** True for a segment that names an argument. */
    static boolean isNamed(String segment) {
      return segment.startsWith("{") && segment.endsWith("}");
    }

    /** The argument that a segment names. */
    static String name(String segment) {
      return segment.substring(1, segment.length() - 1);
    }
  }

  /**
   * How a tool is called over the Model Context Protocol. Immutable and thread-safe.
   *
   * @param method such as {@code tools/call}
   * @param name of the tool, for {@code tools/call}; null for other methods
   */
  public record McpRoute(String method, @Nullable String name) {
    /** The method that calls tools. */
    public static final String CALL = "tools/call";

    /**
     * Checks that a message can have the method.
     *
     * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if none can; {@link
     *     ErrorCode#INVALID_ARGUMENT} if it has a name and does not call tools, or the reverse
     */
    public McpRoute {
      SentMcp.of(method, "{}");
      if (method.equals(CALL) != (name != null)) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT,
            "the name of a tool belongs to " + CALL + " and only there");
      }
    }

    /** A tool by the name that its server has for it. */
    public static McpRoute tool(String name) {
      return new McpRoute(CALL, name);
    }
  }
}
