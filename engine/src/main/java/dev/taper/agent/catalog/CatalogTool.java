package dev.taper.agent.catalog;

import dev.taper.agent.call.ProofForm;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One tool of a service: what it does, to what, with which arguments, and how it is called.
 * Immutable and thread-safe; every method that sets something returns a changed copy.
 */
public final class CatalogTool {
  private final String name;
  private final @Nullable String operation;
  private final @Nullable String resource;
  private final SortedMap<String, CatalogArgument> arguments;
  private final @Nullable HttpRoute http;
  private final @Nullable McpRoute mcp;
  private final @Nullable String content;
  private final @Nullable String definition;

  private CatalogTool(Draft draft) {
    this.name = draft.name;
    this.operation = draft.operation;
    this.resource = draft.resource;
    this.arguments = Collections.unmodifiableSortedMap(new TreeMap<>(draft.arguments));
    this.http = draft.http;
    this.mcp = draft.mcp;
    this.content = draft.content;
    this.definition = draft.definition;
  }

  /** The parts, while they are put together. */
  private static final class Draft {
    private final String name;
    private @Nullable String operation;
    private @Nullable String resource;
    private final SortedMap<String, CatalogArgument> arguments;
    private @Nullable HttpRoute http;
    private @Nullable McpRoute mcp;
    private @Nullable String content;
    private @Nullable String definition;

    Draft(String name) {
      this.name = name;
      this.arguments = new TreeMap<>();
    }

    Draft(CatalogTool from) {
      this.name = from.name;
      this.operation = from.operation;
      this.resource = from.resource;
      this.arguments = new TreeMap<>(from.arguments);
      this.http = from.http;
      this.mcp = from.mcp;
      this.content = from.content;
      this.definition = from.definition;
    }
  }

  /** Starts with a name. A catalog that takes the tool checks all of it. */
  public static CatalogTool of(String name) {
    return new CatalogTool(new Draft(name));
  }

  /** States what a call of it does, such as {@code read}. */
  public CatalogTool operation(@Nullable String newOperation) {
    Draft draft = new Draft(this);
    draft.operation = newOperation;
    return new CatalogTool(draft);
  }

  /** States to what, such as {@code jira:project/{project}}. */
  public CatalogTool resource(@Nullable String template) {
    Draft draft = new Draft(this);
    draft.resource = template;
    return new CatalogTool(draft);
  }

  /** Adds or replaces an argument. */
  public CatalogTool argument(String argumentName, CatalogArgument argument) {
    Draft draft = new Draft(this);
    draft.arguments.put(argumentName, argument);
    return new CatalogTool(draft);
  }

  /** Adds or replaces arguments. */
  CatalogTool arguments(Map<String, CatalogArgument> more) {
    Draft draft = new Draft(this);
    draft.arguments.putAll(more);
    return new CatalogTool(draft);
  }

  /** Calls it over HTTP, and in no other way. */
  public CatalogTool http(@Nullable HttpRoute route) {
    Draft draft = new Draft(this);
    draft.http = route;
    return new CatalogTool(draft);
  }

  /** Calls it over the Model Context Protocol, and in no other way. */
  public CatalogTool mcp(@Nullable McpRoute route) {
    Draft draft = new Draft(this);
    draft.mcp = route;
    return new CatalogTool(draft);
  }

  /** Takes the content of a request, whatever its form, for one argument. */
  public CatalogTool content(@Nullable String argumentName) {
    Draft draft = new Draft(this);
    draft.content = argumentName;
    return new CatalogTool(draft);
  }

  /** Pins the definition that a server of the Model Context Protocol gives of it. */
  public CatalogTool definition(@Nullable String digest) {
    Draft draft = new Draft(this);
    draft.definition = digest;
    return new CatalogTool(draft);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** What a call of it does; null if nothing is said. */
  public @Nullable String operation() {
    return operation;
  }

  /** The template of the resource; null if nothing is said. */
  public @Nullable String resource() {
    return resource;
  }

  /** The arguments by their names. */
  public Map<String, CatalogArgument> arguments() {
    return arguments;
  }

  /** How it is called over HTTP; null if it is not. */
  public @Nullable HttpRoute http() {
    return http;
  }

  /** How it is called over the Model Context Protocol; null if it is not. */
  public @Nullable McpRoute mcp() {
    return mcp;
  }

  /** The argument that takes the whole content; null if none does. */
  public @Nullable String content() {
    return content;
  }

  /** The SHA-256 digest of its definition as it was pinned, in hexadecimal; null if it was not. */
  public @Nullable String definition() {
    return definition;
  }

  /** The one form in which it is called. */
  public ProofForm form() {
    return http != null ? ProofForm.HTTP : mcp != null ? ProofForm.MCP : ProofForm.TOOL;
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
