package dev.taper.cli.io;

import dev.taper.crypto.Algorithm;
import java.util.List;

/** The algorithms by their names in key texts. */
public final class AlgorithmNames extends Names<Algorithm> {
  private static final long serialVersionUID = 1L;

  AlgorithmNames() {
    super(List.of(Algorithm.values()), Algorithm::text);
  }
}
