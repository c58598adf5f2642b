package dev.taper.cli.catalog;

import dev.taper.agent.call.ArgumentType;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.Json;
import dev.taper.cli.output.JsonCommand;
import dev.taper.cli.output.SafeText;
import java.util.StringJoiner;

/** {@code taper catalog show}. */
final class CatalogShowCommand extends JsonCommand {
  private final CatalogInput input = part(new CatalogInput());

  CatalogShowCommand(Console console) {
    super(
        console,
        "show",
        "Show what a catalog says of each tool: how it is called, and what that means.",
        "With --json: the catalog itself, indented, without what says nothing.");
  }

  @Override
  protected ExitCode run() {
    ToolCatalog catalog = input.read(inputs);
    if (json.given()) {
      Json.copy(console.out(), catalog.toJson());
      return ExitCode.OK;
    }
    line(catalog.audience() + ", catalog " + catalog.digest());
    for (ToolCatalog.Origin origin : catalog.origins()) {
      line("  dialled as " + origin.origin() + origin.prefix());
    }
    catalog.tools().values().forEach(this::print);
    return ExitCode.OK;
  }

  private void print(CatalogTool tool) {
    line(
        tool.name()
            + (tool.operation() == null ? ", no operation" : ", " + tool.operation())
            + (tool.resource() == null ? "" : " on " + tool.resource()));
    CatalogTool.HttpRoute http = tool.http();
    CatalogTool.McpRoute mcp = tool.mcp();
    if (http != null) {
      line("  called by " + http.method() + " " + http.path());
    } else if (mcp != null) {
      line("  called by " + mcp.method() + (mcp.name() == null ? "" : " " + mcp.name()));
    }
    tool.arguments().forEach((name, argument) -> line("  " + name + ": " + words(argument)));
    if (tool.content() != null) {
      line("  the content is " + tool.content());
    }
    if (tool.definition() != null) {
      line("  pinned as " + tool.definition());
    }
  }

  private static String words(CatalogTool.Argument argument) {
    if (argument.dropped()) {
      return "dropped";
    }
    ArgumentType type = argument.type();
    StringJoiner words = new StringJoiner(", ");
    words.add(type.kind().text());
    if (type.reading() != ArgumentType.Reading.PLAIN) {
      words.add("taken for " + type.reading().text());
    }
    if (argument.required()) {
      words.add("required");
    }
    if (type.opaque()) {
      words.add("may be opaque");
    }
    if (type.unit() != null) {
      words.add("in " + type.unit());
    }
    if (argument.list()) {
      words.add("may be repeated");
    }
    if (argument.field() != null) {
      words.add("from the field " + argument.field());
    }
    return words.toString();
  }

  private void line(String text) {
    print(SafeText.line(text));
  }
}
