package dev.taper.cli.token;

import dev.taper.agent.grant.Condition;
import dev.taper.cli.io.CliException;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Editor;
import dev.taper.cli.io.GivenOptions;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.ParameterOptions;
import dev.taper.cli.io.Source;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.config.Times;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a new block says. */
final class BlockOptions {
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
   * Refuses a text that is given twice.
   *
   * @param option how the file is given, for messages
   * @param file the file with its Datalog, or null
   * @throws CliException if it is
   */
  void check(String option, @Nullable String file) {
    if (text != null && file != null) {
      throw CliException.usage("--block and " + option + " exclude each other");
    }
  }

  /**
   * The block: its Datalog, from an editor if need be, its expiry and its context.
   *
   * @param file the file with its Datalog, or null
   */
  Block read(Console console, Inputs inputs, @Nullable String file) {
    Source source = source(file);
    String datalog =
        source == null
            ? new Editor(console).edit("the block's Datalog")
            : inputs.text(source, InputKind.DATALOG);
    Block.Builder builder = Datalog.block(datalog, params.values()).toBuilder();
    if (ttl != null) {
      builder.check(Condition.expires(Times.end(console.clock(), ttl)).check());
    }
    return builder.context(context).build();
  }

  /** Which of these options are used. */
  GivenOptions given() {
    return new GivenOptions()
        .add("--block", text != null)
        .add("--ttl", ttl != null)
        .add("--context", context != null)
        .add("--param", params.isGiven());
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
