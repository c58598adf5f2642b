package dev.taper.benchmarks;

import dev.taper.integrations.http.JsonScan;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What one pass over JSON takes that nobody vouches for yet, for each KiB: how a guard finds a
 * token before it reads a message. The document has {@value #KIBIBYTES} KiB of one kind, of which
 * {@code UnauthenticatedCostTest} counts the heap: {@code objects}, {@code digits}, {@code
 * exponents}, {@code names} with escapes, {@code text} and {@code space}. The bound of one input is
 * 0.2 ms for each KiB, so 0.2 ms divided by the score is how many KiB of pass that is.
 *
 * <pre>{@code
 * java -jar benchmarks/target/benchmarks.jar ScanBenchmark
 * }</pre>
 */
public class ScanBenchmark extends TimedBenchmark {
  static final int KIBIBYTES = 240;

  private static final JsonScan.Name[] KNOWN = {
    new JsonScan.Name("method", 1), new JsonScan.Name("_meta", 2)
  };

  /** What the document is made of. */
  @Param({"objects", "digits", "exponents", "names", "text", "space"})
  public String kind = "";

  private byte[] document = {};

  /** Makes the document. */
  @Setup
  public void fill() {
    String part =
        switch (kind) {
          case "objects" -> "{},";
          case "digits" -> "0,";
          case "exponents" -> "1e308,";
          case "names" -> "{\"\\u005fmeta\":0},";
          case "text" -> "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",";
          case "space" -> " ";
          default -> throw new IllegalArgumentException(kind);
        };
    String many = part.repeat(KIBIBYTES * 1024 / part.length());
    document = ("{\"params\":[" + many + "0],\"method\":\"m\"}").getBytes(StandardCharsets.UTF_8);
  }

  /** One pass over the whole document. */
  @Benchmark
  @OperationsPerInvocation(KIBIBYTES)
  public int pass() {
    JsonScan scan = new JsonScan(document);
    int members = 0;
    for (boolean isMore = scan.enterObject(); isMore; isMore = scan.isMore()) {
      members += scan.name(KNOWN);
      scan.skip();
    }
    scan.end();
    return members + scan.values();
  }
}
