package dev.taper.server.connect;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A tool of ours that a model sees beside those of the server. Used from any thread. */
interface ModelTool {
  /** How all of their names begin; no other tool's does. */
  String PREFIX = "taper_";

  /** Its name. */
  String name();

  /** What a model is told of it, as an element of {@code tools/list}. */
  Map<String, Object> definition();

  /**
   * Does what the model asks.
   *
   * @param arguments as they came
   * @param isAwaited whether anybody still waits for the answer
   * @throws MistakeException if they make no sense
   * @throws InterruptedException if it waits, and the process stops
   */
  ToolAnswer call(@Nullable Object arguments, BooleanSupplier isAwaited)
      throws MistakeException, InterruptedException;
}
