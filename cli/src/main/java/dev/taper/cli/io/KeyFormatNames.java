package dev.taper.cli.io;

import dev.taper.operations.key.KeyFormat;
import java.util.List;
import java.util.Locale;

/** The key formats by name. */
public final class KeyFormatNames extends Names<KeyFormat> {
  private static final long serialVersionUID = 1L;

  KeyFormatNames() {
    super(
        List.of(KeyFormat.TEXT, KeyFormat.PEM, KeyFormat.RAW),
        format -> format.name().toLowerCase(Locale.ROOT));
  }
}
