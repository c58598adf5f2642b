package dev.taper.server.guard;

import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import dev.taper.server.mcp.UpstreamOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code taper mcp catalog}. */
@Command(
    name = "catalog",
    description = {
      "Drafts the catalog of a server of MCP from what it says of itself, and pins it again.",
      "A draft is a proposal: a tool that does not say that it only reads is one that writes. Look"
          + " at it, and say which resources its tools work on."
    },
    mixinStandardHelpOptions = true)
public final class CatalogCommand implements Callable<Integer> {
  @Option(
      names = "--audience",
      paramLabel = "SERVICE",
      description = "The service of a new catalog, such as svc:files.")
  private @Nullable String audience;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where the draft is written; there must be no such file. Default: printed.")
  private @Nullable Path out;

  @Option(
      names = "--check",
      paramLabel = "CATALOG",
      description = "Only say what the server defines otherwise than this catalog; exit 1 then.")
  private @Nullable Path check;

  @Option(
      names = "--pin",
      paramLabel = "CATALOG",
      description =
          "Pin all tools of this catalog as the server defines them now, and add those that it has"
              + " not; what somebody wrote there stays.")
  private @Nullable Path pin;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "How long the server may take for an answer; default: ${DEFAULT-VALUE}.")
  private String timeout = "";

  @Mixin private UpstreamOptions upstream = new UpstreamOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter printed = Objects.requireNonNull(spec).commandLine().getOut();
    CatalogWork work = new CatalogWork(upstream, Times.parseDuration(timeout), printed);
    if (check != null && pin == null && out == null && audience == null) {
      return work.check(check) ? 0 : 1;
    }
    if (pin != null && check == null && out == null && audience == null) {
      work.pin(pin);
      return 0;
    }
    if (audience == null || check != null || pin != null) {
      throw OperationException.usage(
          "give --audience for a new catalog, or else --check or --pin with one that is there");
    }
    work.draft(audience, out);
    return 0;
  }
}
