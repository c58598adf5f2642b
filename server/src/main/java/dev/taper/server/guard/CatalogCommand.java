package dev.taper.server.guard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.taper.DaemonThreads;
import dev.taper.SafeJson;
import dev.taper.ShownText;
import dev.taper.WholeFile;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.Times;
import dev.taper.server.guard.CatalogDraft.Change;
import dev.taper.server.guard.CatalogDraft.Difference;
import dev.taper.server.mcp.Upstream;
import dev.taper.server.mcp.UpstreamOptions;
import dev.taper.server.process.FileReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
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
  private static final int SHOWN = 200; // columns

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
    if (check != null && pin == null && out == null && audience == null) {
      return check(check) ? 0 : 1;
    }
    if (pin != null && check == null && out == null && audience == null) {
      pin(pin);
      return 0;
    }
    if (audience == null || check != null || pin != null) {
      throw OperationException.usage(
          "give --audience for a new catalog, or else --check or --pin with one that is there");
    }
    draft(audience, out);
    return 0;
  }

  private ServerListing server() throws InterruptedException {
    ScheduledExecutorService timers = DaemonThreads.timer("timers");
    try (Upstream server = upstream.open()) {
      return ServerListing.of(server, Times.parseDuration(timeout), timers);
    } finally {
      timers.shutdownNow();
    }
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  /**
   * Drafts a catalog.
   *
   * @param file where it is written; null to print it
   */
  private void draft(String audience, @Nullable Path file) throws InterruptedException {
    ToolCatalog draft = CatalogDraft.of(audience, server());
    String json = pretty(draft.toJson());
    if (file == null) {
      out().print(json);
      out().flush();
      return;
    }
    try {
      WholeFile.create(file, json.getBytes(StandardCharsets.UTF_8));
    } catch (FileAlreadyExistsException e) {
      throw OperationException.usage(
          "there is a " + file + " already: --pin pins it as the server is now");
    } catch (IOException e) {
      throw OperationException.io("cannot write " + file, e);
    }
    out()
        .println(
            "drafted "
                + draft.tools().size()
                + " tools for "
                + draft.audience()
                + ": look at "
                + file);
  }

  /** Says what is other than a catalog says; true if nothing is. */
  private boolean check(Path file) throws InterruptedException {
    ToolCatalog catalog = read(file);
    List<Difference> differences =
        CatalogDraft.differences(catalog, CatalogDraft.of(catalog.audience(), server()));
    differences.forEach(this::print);
    out().println(catalog.tools().size() + " tools, " + differences.size() + " findings");
    return differences.isEmpty();
  }

  /** Pins a catalog's tools as the server defines them now, and says which. */
  private void pin(Path file) throws InterruptedException {
    ToolCatalog catalog = read(file);
    ToolCatalog draft = CatalogDraft.of(catalog.audience(), server());
    List<Difference> differences = CatalogDraft.differences(catalog, draft);
    differences.forEach(this::print);
    ToolCatalog pinned = CatalogDraft.pinned(catalog, draft);
    try {
      WholeFile.replace(file, pretty(pinned.toJson()).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw OperationException.io("cannot write " + file, e);
    }
    long count = differences.stream().filter(d -> d.change() != Change.GONE).count();
    out().println(pinned.tools().size() + " tools, " + count + " pinned");
  }

  private void print(Difference difference) {
    String detail = difference.detail().isEmpty() ? "" : ": " + difference.detail();
    out().println(ShownText.of(difference.change() + " " + difference.name() + detail, SHOWN));
  }

  private static ToolCatalog read(Path file) {
    try {
      return ToolCatalog.parse(Files.readString(file));
    } catch (IOException e) {
      throw FileReason.unreadable(file, e);
    }
  }

  private static String pretty(String json) {
    StringWriter text = new StringWriter();
    try (JsonParser parser = SafeJson.factory().createParser(json);
        JsonGenerator generator = SafeJson.factory().createGenerator(text)) {
      generator.setPrettyPrinter(new DefaultPrettyPrinter());
      while (parser.nextToken() != null) {
        generator.copyCurrentEventExact(parser);
      }
      generator.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ToolCatalog unused = ToolCatalog.parse(text.toString()); // what is written can be read again
    return text.toString();
  }
}
