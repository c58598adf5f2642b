package dev.taper.testvectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A set of tokens made with one root key, and the decisions about them. Immutable and thread-safe.
 */
public final class Vectors {
  private static final String BISCUIT_JAVA = "biscuit-java";
  private static final String INDEX = "samples.json";

  private final String folder;
  private final String rootPrivateKey;
  private final String rootPublicKey;
  private final List<Vector> all;

  Vectors(String folder, String rootPrivateKey, String rootPublicKey, List<Vector> all) {
    this.folder = folder;
    this.rootPrivateKey = rootPrivateKey;
    this.rootPublicKey = rootPublicKey;
    this.all = List.copyOf(all);
  }

  /** Returns the tokens that biscuit-java 4.0.1 made, with its decisions. */
  public static Vectors biscuitJava() {
    try (InputStream in = open(BISCUIT_JAVA, INDEX)) {
      return new VectorsReader(BISCUIT_JAVA).read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The key that signed every token, such as {@code ed25519/acdd…}. */
  public String rootPublicKey() {
    return rootPublicKey;
  }

  /**
   * The secret half of the root key, such as {@code ed25519-private/1e7b…}. It is published, so
   * nothing else may ever trust this key.
   */
  public String rootPrivateKey() {
    return rootPrivateKey;
  }

  /** All tokens, in a fixed order. */
  public List<Vector> all() {
    return all;
  }

  /**
   * Returns the entry for a file.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Vector get(String filename) {
    for (Vector vector : all) {
      if (vector.filename().equals(filename)) {
        return vector;
      }
    }
    throw new IllegalArgumentException("no token named " + filename);
  }

  /**
   * Returns the bytes of a token.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  public byte[] token(String filename) {
    try (InputStream in = open(folder, get(filename).filename())) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String folder, String filename) throws IOException {
    InputStream in = Vectors.class.getResourceAsStream(folder + "/" + filename);
    if (in == null) {
      throw new IOException("not in the jar: " + folder + "/" + filename);
    }
    return in;
  }
}
