package dev.taper.server.mcp;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.operations.OperationException;
import dev.taper.server.process.FileReason;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Header fields with a server's credentials, each from a file that only its owner can read. The
 * files are looked at again after a while, so that credentials can change. Thread-safe.
 */
final class HeaderFiles implements Supplier<Map<String, String>> {
  private static final Logger LOG = LoggerFactory.getLogger(HeaderFiles.class);
  private static final int MAX_BYTES = 16 * 1024;
  private static final long AGAIN_NANOS = 5_000_000_000L;
  private static final Set<String> TAKEN =
      Set.of("host", "accept", "content-type", "content-length", "last-event-id");

  private record Field(String name, Path file) {}

  private final List<Field> fields = new ArrayList<>();
  private volatile Map<String, String> read;
  private volatile long readAt;

  /**
   * Reads all of them.
   *
   * @param given such as {@code Authorization=@token.txt}
   * @throws OperationException {@code usage} if one is not of this form, {@code io} if its file
   *     cannot be read
   * @throws TaperException {@link ErrorCode#SECRET_EXPOSED} if others can read it
   */
  HeaderFiles(List<String> given) {
    for (String text : given) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? "" : text.substring(0, equals);
      if (equals < 1 || !text.startsWith("=@", equals)) {
        throw OperationException.usage(
            "a header is written NAME=@FILE, so that no list of processes shows its value");
      }
      String lower = name.toLowerCase(Locale.ROOT);
      if (TAKEN.contains(lower) || lower.startsWith("mcp-")) {
        throw OperationException.usage("the header " + name + " is the protocol's own");
      }
      fields.add(new Field(name, Path.of(text.substring(equals + 2))));
    }
    this.read = read();
    this.readAt = System.nanoTime();
  }

  private Map<String, String> read() {
    Map<String, String> values = new LinkedHashMap<>();
    for (Field field : fields) {
      try {
        String value =
            new String(FileReason.secret(field.file(), MAX_BYTES), StandardCharsets.UTF_8).strip();
        HttpRequest.newBuilder(URI.create("http://localhost/")).header(field.name(), value);
        values.put(field.name(), value);
      } catch (IllegalArgumentException e) {
        // Its message may quote the value.
        throw OperationException.usage(field.name() + " or what its file has is no header");
      }
    }
    return Map.copyOf(values);
  }

  @Override
  public Map<String, String> get() {
    if (!fields.isEmpty() && System.nanoTime() - readAt > AGAIN_NANOS) {
      readAt = System.nanoTime();
      try {
        read = read();
      } catch (OperationException | TaperException e) {
        LOG.warn("the credentials for the server stay as they were: {}", e.getMessage());
      }
    }
    return read;
  }
}
