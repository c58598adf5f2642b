package dev.taper.policies;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.parser.Datalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The library of ready policy sets. Each is a Datalog file whose header says what it is for, which
 * facts it needs and what it refuses. All methods are thread-safe; a policy set should be loaded
 * once and reused.
 */
public final class Policies {
  private Policies() {}

  /** The names of all policy sets, in alphabetical order. */
  public static List<String> names() {
    return read("index").lines().toList();
  }

  /**
   * Parses and compiles a policy set.
   *
   * @param name one of {@link #names()}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of that name
   */
  public static PolicySet load(String name) {
    return PolicySet.of(Datalog.authorizer(source(name)));
  }

  /**
   * The text of a policy set, with its header.
   *
   * @param name one of {@link #names()}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of that name
   */
  public static String source(String name) {
    if (!names().contains(name)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "there is no policy set named \""
              + name
              + "\"; there are: "
              + String.join(", ", names()));
    }
    return read(name + ".datalog");
  }

  private static String read(String file) {
    try (InputStream in = Policies.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("missing from the jar: " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
