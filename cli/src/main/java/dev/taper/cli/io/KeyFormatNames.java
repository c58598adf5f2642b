package dev.taper.cli.io;

import dev.taper.operations.key.KeyFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The key formats by name; also the candidates for completion. */
public final class KeyFormatNames extends ArrayList<String> implements ITypeConverter<KeyFormat> {
  private static final long serialVersionUID = 1L;

  public KeyFormatNames() {
    super(List.of("text", "pem", "raw"));
  }

  @Override
  public KeyFormat convert(String value) {
    if (!contains(value)) {
      throw new TypeConversionException("'" + value + "' is not one of " + this);
    }
    return KeyFormat.valueOf(value.toUpperCase(Locale.ROOT));
  }
}
