package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import dev.taper.operations.key.KeyFormat;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.TypeConversionException;

/**
 * The values of an option by name; also the candidates for completion.
 *
 * @param <E> the type of the values
 */
public final class Names<E> implements Iterable<String> {
  /** The algorithms by their names in key texts. */
  public static final Names<Algorithm> ALGORITHMS =
      new Names<>(List.of(Algorithm.values()), Algorithm::text);

  /** The key formats that can be named. */
  public static final Names<KeyFormat> KEY_FORMATS =
      new Names<>(
          List.of(KeyFormat.TEXT, KeyFormat.PEM, KeyFormat.RAW),
          format -> format.name().toLowerCase(Locale.ROOT));

  private final List<String> names = new ArrayList<>();
  private final List<E> values;

  /** Names each value. */
  public Names(List<E> values, Function<E, String> name) {
    this.values = values;
    for (E value : values) {
      names.add(name.apply(value));
    }
  }

  /**
   * The value of a name.
   *
   * @throws TypeConversionException if there is none
   */
  E value(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new TypeConversionException("'" + name + "' is not one of " + names);
    }
    return values.get(index);
  }

  E first() {
    return values.get(0);
  }

  @Override
  public Iterator<String> iterator() {
    return names.iterator();
  }
}
