package dev.taper.cli.token;

import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Source;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a new block shall say. */
public final class BlockOptions {
  @Option(
      names = {"-b", "--block"},
      paramLabel = "DATALOG",
      description = "The block's Datalog. Without any, $VISUAL or $EDITOR is opened.")
  private @Nullable String text;

  @Option(
      names = "--ttl",
      paramLabel = "TTL",
      description =
          "Add an expiry: a duration (15m, 1h, 1d) or a date, such as 2030-01-31T12:00:00Z.")
  private @Nullable String ttl;

  @Option(
      names = "--context",
      paramLabel = "TEXT",
      description = "Free text attached to the block.")
  private @Nullable String context;

  @Mixin private final ParameterOptions params = new ParameterOptions();

  /**
   * What the block shall say.
   *
   * @param option how the file is given, for messages
   * @param file the file with its Datalog, or null
   * @throws CliException if the text is given twice
   */
  public BlockInput input(String option, @Nullable String file) {
    if (text != null && file != null) {
      throw CliException.usage("--block and " + option + " exclude each other");
    }
    return new BlockInput(source(file), params.params(), ttl, context);
  }

  /** True if any of these options is used. */
  public boolean isGiven() {
    return text != null || ttl != null || context != null || !params.params().isEmpty();
  }

  private @Nullable Source source(@Nullable String file) {
    if (text != null) {
      return new Source.Text(text);
    }
    if (file != null) {
      return Source.ofFile(file);
    }
    // An expiry alone is a complete block.
    return ttl == null ? null : new Source.Text("");
  }
}
