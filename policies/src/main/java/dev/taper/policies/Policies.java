package dev.taper.policies;

import dev.taper.ErrorCode;
import dev.taper.Nearest;
import dev.taper.TaperException;
import dev.taper.authorizer.PolicySet;
import dev.taper.datalog.Policy;
import dev.taper.datalog.parser.Datalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
   * Parses and compiles policy sets into one, in the order of their names. Most of them only
   * restrict; {@code default} as the last one allows what they leave. Decisions name the one that
   * decided.
   *
   * @param names any of {@link #names()}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a name is unknown, or the policies
   *     together can never allow anything
   */
  public static PolicySet load(String... names) {
    List<PolicySet.Part> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(part(name));
    }
    if (parts.stream().noneMatch(Policies::allows)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the policies " + List.of(names) + " only restrict; add \"default\" behind them");
    }
    return PolicySet.of(parts);
  }

  /**
   * Parses a policy set, to be combined with others by {@link PolicySet#of(List)}.
   *
   * @param name one of {@link #names()}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of that name
   */
  public static PolicySet.Part part(String name) {
    return new PolicySet.Part(name, Datalog.authorizer(source(name)));
  }

  private static boolean allows(PolicySet.Part part) {
    return part.code().policies().stream().anyMatch(p -> p.kind() == Policy.Kind.ALLOW);
  }

  /**
   * The text of a policy set, with its header.
   *
   * @param name one of {@link #names()}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if there is none of that name
   */
  public static String source(String name) {
    if (!names().contains(name)) {
      String nearest = Nearest.of(name, names());
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "there is no policy set named \""
              + name
              + "\"; "
              + (nearest == null ? "" : "did you mean \"" + nearest + "\"? ")
              + "there are: "
              + String.join(", ", names()));
    }
    return read(name + ".datalog");
  }

  private static String read(String file) {
    try (InputStream in = Objects.requireNonNull(Policies.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
