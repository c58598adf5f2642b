package dev.taper.server.issuer.enrol;

import dev.taper.FailureLog;
import dev.taper.TaperException;
import dev.taper.agent.names.NamesFile;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.operations.OperationException;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.FileReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a signed file of names at {@code /.well-known/taper-agents}, byte by byte as its signer
 * left it: this process has no key that could sign one. It is a hint: whoever reads it takes it
 * only from a key that the reader's own operator trusts for names, and never an older one. A file
 * that is not signed, makes no sense or is older than the last is not published. Thread-safe.
 */
public final class PublishedNames implements Endpoint {
  /** Where it is published. */
  public static final String PATH = "/.well-known/taper-agents";

  private static final long LOOK = 1000; // milliseconds

  private final Path file;
  private final Clock clock;
  private final FailureLog failures;
  private volatile long looked;
  private volatile @Nullable Published published;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Published(NamesFile names, byte[] bytes) {}

  private PublishedNames(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    this.failures = FailureLog.of(PublishedNames.class, "publishing " + file, clock);
  }

  /**
   * Publishes a file.
   *
   * @throws OperationException {@code io} if it cannot be read, {@code usage} if it is not signed
   * @throws TaperException if it is no file of names
   */
  public static PublishedNames of(Path file, Clock clock) {
    PublishedNames names = new PublishedNames(file, clock);
    names.published = names.read(null);
    names.looked = clock.millis();
    return names;
  }

  private Published read(@Nullable Published before) {
    byte[] bytes = FileReason.bounded(file, NamesFile.MAX_BYTES);
    NamesFile names = NamesFile.parse(new String(bytes, StandardCharsets.UTF_8));
    if (!names.isSigned()) {
      throw OperationException.usage(
          file + " is not signed, and whoever reads it could not tell: 'taper names sign' does");
    }
    return new Published(before == null ? names : names.notOlderThan(before.names()), bytes);
  }

  private @Nullable Published current() {
    long now = clock.millis();
    if (Math.abs(now - looked) >= LOOK) {
      looked = now;
      try {
        published = read(published);
      } catch (OperationException | TaperException e) {
        failures.failed(e);
      }
    }
    return published;
  }

  @Override
  public String role() {
    return "names";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    if (!request.target().equals(PATH) || !request.method().equals("GET")) {
      return null;
    }
    Published now = current();
    if (now == null) {
      return null;
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Content-Type", "application/json");
    fields.put("Cache-Control", "no-cache");
    fields.put("X-Content-Type-Options", "nosniff");
    return new HttpAnswer(200, fields, now.bytes());
  }
}
