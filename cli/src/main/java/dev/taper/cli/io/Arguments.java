package dev.taper.cli.io;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The options and parameters of a command, or of a part that commands share. Each is a field that
 * says what it is and has its value after parsing.
 *
 * <p>Annotations would say the same, but to read them takes longer than most commands.
 */
public abstract class Arguments {
  private final List<Argument> own = new ArrayList<>();
  private final List<Arguments> parts = new ArrayList<>();

  /** Has no arguments yet. */
  protected Arguments() {}

  /**
   * Adds an option without a value.
   *
   * @param names its names, such as {@code -f, --force}
   * @param description what it does, line by line
   */
  protected final Flag flag(String names, String... description) {
    return new Flag(added(Argument.flag(names, description)));
  }

  /**
   * Adds an option with a value; what is called on the result says which.
   *
   * @param names its names, such as {@code -o, --out}
   * @param label what stands for its value
   * @param description what it does, line by line
   */
  protected final Argument option(String names, String label, String... description) {
    return added(Argument.option(names, label, description));
  }

  /**
   * Adds a parameter; what is called on the result says of what type.
   *
   * @param index its place, or a range of places, such as {@code 0} or {@code 0..*}
   * @param arity how many there are, such as {@code 0..1}
   * @param label what stands for it
   * @param description what it is, line by line
   */
  protected final Argument parameter(
      String index, String arity, String label, String... description) {
    return added(Argument.parameter(index, arity, label, description));
  }

  /** Adds {@code --out}: where a result goes that is its owner's alone. */
  protected final Value<@Nullable String> outFile() {
    return option(
            "-o, --out",
            "FILE",
            "Write to a file that only its owner can read. Default: standard output.")
        .text();
  }

  /** Adds all arguments of a part. */
  protected final <A extends Arguments> A part(A part) {
    parts.add(part);
    return part;
  }

  /** Those of them that are given, with those of its parts. */
  public final GivenOptions given() {
    GivenOptions given = new GivenOptions();
    own.forEach(given::add);
    parts.forEach(part -> given.add(part.given()));
    return given;
  }

  /** True if one of them is given. */
  public boolean isGiven() {
    return !given().isEmpty();
  }

  private Argument added(Argument argument) {
    own.add(argument);
    return argument;
  }

  /** Adds all of them to a command. */
  final void addTo(CommandSpec spec) {
    own.forEach(argument -> argument.addTo(spec));
    parts.forEach(part -> part.addTo(spec));
  }
}
