package dev.taper.benchmarks.report;

import dev.taper.crypto.SignatureBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** Where a run takes place, and with what. */
final class Machine {
  private static final List<String> TELLING =
      List.of(
          "avx",
          "avx2",
          "bmi1",
          "bmi2",
          "adx",
          "sha_ni",
          "aes",
          "vaes",
          "pclmulqdq",
          "avx512f",
          "avx512dq",
          "avx512bw",
          "avx512vl",
          "avx512ifma",
          "asimd",
          "sha2",
          "sha3",
          "sha512",
          "sve");

  private Machine() {}

  /**
   * The lines at the top of a report, by their titles.
   *
   * @param clock the date
   * @param mode how much is measured
   * @param wasm the peer that is not in this JVM
   */
  static Map<String, String> describe(Clock clock, String mode, WasmPeer wasm) {
    Properties versions = versions();
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(
        "date",
        ZonedDateTime.now(clock.withZone(ZoneOffset.UTC))
            .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)));
    lines.put("mode", mode);
    lines.put(
        "machine",
        processor()
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " processors, "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch"));
    lines.put("features", features());
    lines.put(
        "jvm",
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    List<String> backends = new ArrayList<>();
    for (SignatureBackend backend : SignatureBackend.available()) {
      backends.add(backend.name() + " " + versions.getProperty(backend.name()));
    }
    lines.put("backends", String.join(", ", backends) + " (in use: the first)");
    lines.put(
        "peers",
        "biscuit-java "
            + versions.getProperty("biscuit-java")
            + ", nimbus-jose-jwt "
            + versions.getProperty("nimbus-jose-jwt")
            + ", "
            + (wasm.isAvailable()
                ? "biscuit-wasm "
                    + versions.getProperty("biscuit-wasm")
                    + " on Node.js "
                    + wasm.nodeVersion()
                : "no biscuit-wasm: it needs Node.js and its package"));
    lines.put("harness", "JMH " + versions.getProperty("jmh"));
    return lines;
  }

  private static String processor() {
    String model = cpuInfo("model name");
    return model.isEmpty() ? "unknown processor" : model;
  }

  /** What of the processor's features makes a difference to digests, signatures and vectors. */
  private static String features() {
    List<String> some =
        new ArrayList<>(List.of((cpuInfo("flags") + cpuInfo("Features")).split(" ")));
    some.retainAll(TELLING);
    return some.isEmpty() ? "unknown" : String.join(" ", some);
  }

  /** The first value of a name in Linux's description of the processor; empty elsewhere. */
  private static String cpuInfo(String name) {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      try {
        for (String line : Files.readAllLines(info)) {
          if (line.startsWith(name)) {
            return line.substring(line.indexOf(':') + 1).strip();
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return "";
  }

  private static Properties versions() {
    Properties versions = new Properties();
    try (InputStream in = Machine.class.getResourceAsStream("versions.properties")) {
      if (in == null) {
        throw new IllegalStateException("versions.properties is missing");
      }
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions;
  }
}
