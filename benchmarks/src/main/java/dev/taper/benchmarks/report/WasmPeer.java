package dev.taper.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.benchmarks.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The official implementation compiled to WebAssembly, in a Node.js process of its own: it does the
 * work of {@code ColdTokenBenchmark} on its tokens, with the authorizer's text read once, and times
 * it after as much warm-up. What it allocates is not known.
 */
final class WasmPeer {
  static final String BENCHMARK = "biscuit-wasm";

  private static final int TIMEOUT_MINUTES = 5;

  private final @Nullable Path script;

  /**
   * The peer.
   *
   * @param script the script to run; null if it cannot be run here
   */
  WasmPeer(@Nullable Path script) {
    this.script = script;
  }

  boolean isAvailable() {
    return script != null;
  }

  /** The version of Node.js, such as {@code v20.20.2}. */
  String nodeVersion() {
    return run(List.of("node", "--version")).strip();
  }

  /**
   * Measures.
   *
   * @throws IllegalStateException if the process fails, or does not say what it should
   */
  Measurement measure(Cell cell, int warmUps, int iterations, int millis) {
    if (script == null) {
      throw new IllegalStateException("there is no Node.js");
    }
    int blocks = Integer.parseInt(cell.parameters().getOrDefault("blocks", ""));
    Base64.Encoder base64 = Base64.getUrlEncoder();
    String authorizer = Workload.authorizer();
    return new Measurement(
        numbers(
            run(
                List.of(
                    "node",
                    "--no-warnings",
                    "--experimental-wasm-modules",
                    script.toString(),
                    HexFormat.of().formatHex(Workload.rootKey()),
                    base64.encodeToString(Workload.token(blocks)),
                    base64.encodeToString(authorizer.getBytes(StandardCharsets.UTF_8)),
                    String.valueOf(Workload.EXPECTED_POLICY),
                    String.valueOf(warmUps),
                    String.valueOf(iterations),
                    String.valueOf(millis)))),
        List.of());
  }

  private static String run(List<String> command) {
    try {
      Path output = Files.createTempFile("taper-wasm", ".json");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new IllegalStateException(command.get(0) + " did not end");
        }
        if (process.exitValue() != 0) {
          throw new IllegalStateException(command.get(0) + " failed");
        }
        return Files.readString(output);
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Reads an array of numbers, and nothing else. */
  static List<Double> numbers(String json) {
    List<Double> numbers = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IllegalStateException("not an array of numbers: " + json);
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        numbers.add(parser.getDoubleValue());
      }
    } catch (IOException e) {
      throw new IllegalStateException("not an array of numbers: " + json, e);
    }
    if (numbers.isEmpty()) {
      throw new IllegalStateException("no numbers");
    }
    return numbers;
  }
}
