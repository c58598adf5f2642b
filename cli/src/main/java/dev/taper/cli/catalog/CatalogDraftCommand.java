package dev.taper.cli.catalog;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.ExitCode;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Json;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import dev.taper.cli.output.JsonCommand;
import org.jspecify.annotations.Nullable;

/** {@code taper catalog draft}. */
final class CatalogDraftCommand extends JsonCommand {
  private final Value<String> audience =
      option("--audience", "SERVICE", "The service whose tools they are, such as svc:files.")
          .requiredText();

  private final Value<String> from =
      option(
              "--from",
              "FILE",
              "What an MCP server answers to tools/list: a file with the JSON object that has the"
                  + " member tools, or -.")
          .requiredText();

  private final Value<@Nullable String> file =
      option("-o, --out", "FILE", "Write to a file. Default: standard output.").text();

  CatalogDraftCommand(Console console) {
    super(
        console,
        "draft",
        "Draft a catalog from what an MCP server says of its tools.",
        "A tool that does not say that it only reads is drafted as one that writes: a hint is no"
            + " promise. Read the draft before you use it, and add resources. The definition of each"
            + " tool is pinned.");
  }

  @Override
  protected ExitCode run() {
    String list = inputs.text(Source.ofFile(from.get()), InputKind.TOOLS_LIST);
    ToolCatalog draft = ToolCatalog.draft(audience.get(), list);
    outputs.document(file.get(), Json.indented(draft.toJson()), false, json.given());
    return ExitCode.OK;
  }
}
