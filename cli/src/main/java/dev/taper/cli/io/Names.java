package dev.taper.cli.io;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The values of an option by name; also the candidates for completion. */
public abstract class Names<E> extends ArrayList<String> implements ITypeConverter<E> {
  private static final long serialVersionUID = 1L;

  private final transient List<E> values;

  /** Names each value. */
  protected Names(List<E> values, Function<E, String> name) {
    super(values.stream().map(name).toList());
    this.values = values;
  }

  @Override
  public final E convert(String value) {
    int index = indexOf(value);
    if (index < 0) {
      throw new TypeConversionException("'" + value + "' is not one of " + this);
    }
    return values.get(index);
  }
}
