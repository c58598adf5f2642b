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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Asks a server what it offers, and writes or checks catalogs by that. For one thread. */
final class CatalogWork {
  private static final int SHOWN = 200; // columns

  private final UpstreamOptions options;
  private final Duration timeout;
  private final PrintWriter out;

  CatalogWork(UpstreamOptions options, Duration timeout, PrintWriter out) {
    this.options = options;
    this.timeout = timeout;
    this.out = out;
  }

  private ServerListing server() throws InterruptedException {
    ScheduledExecutorService timers = DaemonThreads.timer("timers");
    try (Upstream upstream = options.open()) {
      return ServerListing.of(upstream, timeout, timers);
    } finally {
      timers.shutdownNow();
    }
  }

  /**
   * Drafts a catalog.
   *
   * @param file where it is written; null to print it
   */
  void draft(String audience, @Nullable Path file) throws InterruptedException {
    ToolCatalog draft = CatalogDraft.of(audience, server());
    String json = pretty(draft.toJson());
    if (file == null) {
      out.print(json);
      out.flush();
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
    out.println(
        "drafted " + draft.tools().size() + " tools for " + draft.audience() + ": look at " + file);
  }

  /** Says what is other than a catalog says; true if nothing is. */
  boolean check(Path file) throws InterruptedException {
    ToolCatalog catalog = read(file);
    List<Difference> differences =
        CatalogDraft.differences(catalog, CatalogDraft.of(catalog.audience(), server()));
    differences.forEach(this::print);
    out.println(catalog.tools().size() + " tools, " + differences.size() + " findings");
    return differences.isEmpty();
  }

  /** Pins a catalog's tools as the server defines them now, and says which. */
  void pin(Path file) throws InterruptedException {
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
    out.println(pinned.tools().size() + " tools, " + count + " pinned");
  }

  private void print(Difference difference) {
    String detail = difference.detail().isEmpty() ? "" : ": " + difference.detail();
    out.println(ShownText.of(difference.change() + " " + difference.name() + detail, SHOWN));
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
