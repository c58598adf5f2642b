package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The algorithms by their names in key texts; also the candidates for completion. */
public final class AlgorithmNames extends ArrayList<String> implements ITypeConverter<Algorithm> {
  private static final long serialVersionUID = 1L;

  public AlgorithmNames() {
    super(List.of(Algorithm.ED25519.text(), Algorithm.SECP256R1.text()));
  }

  @Override
  public Algorithm convert(String value) {
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.text().equals(value)) {
        return algorithm;
      }
    }
    throw new TypeConversionException("'" + value + "' is not one of " + this);
  }
}
