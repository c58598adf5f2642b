package dev.taper.cli.io;

import dev.taper.operations.config.ProfileChoice;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** One option or parameter; its type is said last. */
public final class Argument {
  private final Form form;
  private Class<?> type = boolean.class;
  private @Nullable Class<?> element;
  private @Nullable Names<?> known;
  private @Nullable String otherwise;
  private int arity;
  private boolean required;
  private @Nullable ArgSpec parsed;

  private Argument(Form form) {
    this.form = form;
  }

  static Argument flag(String names, String... description) {
    return option(names, "", description);
  }

  static Argument option(String names, String label, String... description) {
    return new Argument(new Option(names, label, List.of(description)));
  }

  static Argument parameter(String index, String arity, String label, String... description) {
    return new Argument(new Parameter(index, arity, label, List.of(description)));
  }

  /** A text, or null. */
  public Value<@Nullable String> text() {
    return optional(String.class);
  }

  /** A text with a default. */
  public Value<String> text(String fallback) {
    otherwise = fallback;
    return typed(String.class, fallback);
  }

  /** A text that must be given; empty before parsing. */
  public Value<String> requiredText() {
    return required(String.class, "");
  }

  /** A value of a type whose texts picocli knows, or null. */
  public <T> Value<@Nullable T> optional(Class<T> of) {
    type = of;
    return new Value<>(this, null);
  }

  /** A value of a type whose texts picocli knows, with a default. */
  public <T> Value<T> typed(Class<T> of, T fallback) {
    type = of;
    return new Value<>(this, fallback);
  }

  /** A value that must be given, of a type whose texts picocli knows; another before parsing. */
  public <T> Value<T> required(Class<T> of, T unparsed) {
    required = true;
    return typed(of, unparsed);
  }

  /** Texts that add up. */
  public Value<List<String>> texts() {
    return list(String.class);
  }

  /** Several texts behind one name, which are given together. */
  public Value<List<String>> together(int count) {
    arity = count;
    return list(String.class);
  }

  /** Values that add up. */
  public <T> Value<List<T>> list(Class<T> of) {
    type = List.class;
    element = of;
    return new Value<>(this, List.of());
  }

  /** One of several by name, or null. */
  public <E> Value<@Nullable E> oneOf(Names<E> names) {
    type = Object.class;
    known = names;
    return new Value<>(this, null);
  }

  /** One of several by name, with a default. */
  public <E> Value<E> oneOf(Names<E> names, E fallback) {
    type = Object.class;
    known = names;
    return new Value<>(this, fallback);
  }

  /** One of several by name, which must be given; the first one before parsing. */
  public <E> Value<E> requiredOneOf(Names<E> names) {
    required = true;
    return oneOf(names, names.first());
  }

  void addTo(CommandSpec command) {
    parsed = form.addTo(command, this);
  }

  @Nullable Object value() {
    if (parsed == null) {
      return null;
    }
    Object value = parsed.getValue();
    return element == String.class && value instanceof List<?> list && !isWritten()
        ? list.stream()
            .flatMap(text -> Stream.of(text.toString().split(ProfileChoice.Defaults.BETWEEN, -1)))
            .toList()
        : value;
  }

  /** True if it has a value other than its default; of a flag, if it is set. */
  boolean isGiven() {
    Object value = value();
    return value != null
        && !value.equals(otherwise)
        && !value.equals(false)
        && !(value instanceof List<?> list && list.isEmpty());
  }

  /** How messages call it: an option by its longest name, a parameter by its label. */
  String name() {
    return parsed instanceof OptionSpec option
        ? option.longestName()
        : parsed == null ? "" : parsed.paramLabel();
  }

  /** True if it stands on the command line itself. */
  boolean isWritten() {
    if (parsed == null) {
      return false;
    }
    ParseResult result = parsed.command().commandLine().getParseResult();
    if (result == null) {
      return false;
    }
    return parsed instanceof OptionSpec option
        ? result.hasMatchedOption(option)
        : parsed instanceof PositionalParamSpec position && result.hasMatchedPositional(position);
  }

  /** Not a lambda: the launcher's archive has no room for those of interfaces as old as this. */
  private record Named(Names<?> names) implements ITypeConverter<Object> {
    @Override
    public Object convert(String name) {
      return names.value(name);
    }
  }

  /** How it is written. */
  private interface Form {
    ArgSpec addTo(CommandSpec command, Argument argument);
  }

  private record Option(String names, String label, List<String> description) implements Form {
    @Override
    public ArgSpec addTo(CommandSpec command, Argument argument) {
      int comma = names.indexOf(", ");
      OptionSpec.Builder option =
          comma < 0
              ? OptionSpec.builder(names)
              : OptionSpec.builder(names.substring(0, comma), names.substring(comma + 2));
      option
          .paramLabel(label)
          .description(description.toArray(new String[0]))
          .required(argument.required);
      option.type(argument.type).defaultValue(argument.otherwise);
      if (argument.arity > 0) {
        option.arity(Integer.toString(argument.arity)).hideParamSyntax(true);
      }
      if (argument.element != null) {
        option.auxiliaryTypes(argument.element);
      }
      if (argument.known != null) {
        option.completionCandidates(argument.known).converters(new Named(argument.known));
      }
      OptionSpec built = option.build();
      command.addOption(built);
      return built;
    }
  }

  private record Parameter(String index, String arity, String label, List<String> description)
      implements Form {
    @Override
    public ArgSpec addTo(CommandSpec command, Argument argument) {
      PositionalParamSpec.Builder parameter = PositionalParamSpec.builder();
      parameter
          .index(index)
          .arity(arity)
          .paramLabel(label)
          .description(description.toArray(new String[0]));
      // A label in brackets says itself how often.
      parameter.hideParamSyntax(label.startsWith("[")).required(!arity.startsWith("0"));
      parameter.type(argument.type);
      if (argument.element != null) {
        parameter.auxiliaryTypes(argument.element);
      }
      if (argument.known != null) {
        parameter.completionCandidates(argument.known).converters(new Named(argument.known));
      }
      PositionalParamSpec built = parameter.build();
      command.addPositional(built);
      return built;
    }
  }
}
