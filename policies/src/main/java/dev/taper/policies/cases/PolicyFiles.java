package dev.taper.policies.cases;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds policies and the cases beside them, {@code NAME.datalog} and {@code NAME.cases.yaml}, in
 * folders.
 */
public final class PolicyFiles {
  static final String POLICY = ".datalog";
  static final String CASES = ".cases.yaml";

  private final SortedSet<Path> policies = new TreeSet<>();
  private final SortedSet<Path> cases = new TreeSet<>();

  private PolicyFiles() {}

  /**
   * Finds files. In folders it leaves out those whose name starts with a dot, and {@code target},
   * to which a build copies files.
   *
   * @param places folders, policies or files of cases
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if a file is neither, or what has
   *     such a name in a folder is a pipe or a device
   * @throws UncheckedIOException if a folder cannot be read
   */
  public static PolicyFiles find(Collection<Path> places) {
    PolicyFiles files = new PolicyFiles();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        files.walk(place);
      } else if (!files.add(place)) {
        throw new TaperException(
            ErrorCode.INVALID_ARGUMENT, "neither *" + POLICY + " nor *" + CASES + ": " + place);
      } else {
        files.addCounterpart(place);
      }
    }
    return files;
  }

  private void walk(Path folder) {
    try {
      Path root = folder.toRealPath(); // a link to a folder is walked like the folder
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              String name = String.valueOf(dir.getFileName());
              boolean skipped = name.equals("target") || name.startsWith(".");
              return skipped && !dir.equals(root)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (add(file) && Files.exists(file) && !Files.isRegularFile(file)) {
                throw new TaperException(
                    ErrorCode.INVALID_ARGUMENT, file + " is not a regular file");
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean add(Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(POLICY)) {
      policies.add(file);
      return true;
    }
    if (name.endsWith(CASES)) {
      cases.add(file);
      return true;
    }
    return false;
  }

  private void addCounterpart(Path file) {
    Path other = policies.contains(file) ? casesOf(file) : policyOf(file);
    if (Files.isRegularFile(other)) {
      add(other);
    }
  }

  /** All policies, in order. */
  public List<Path> policies() {
    return List.copyOf(policies);
  }

  /** The policies that have cases. */
  List<Path> tested() {
    return policies.stream().filter(policy -> cases.contains(casesOf(policy))).toList();
  }

  /** Policies without cases, then cases without a policy. */
  List<Path> orphans() {
    List<Path> orphans = new ArrayList<>();
    policies.stream().filter(policy -> !cases.contains(casesOf(policy))).forEach(orphans::add);
    cases.stream().filter(file -> !policies.contains(policyOf(file))).forEach(orphans::add);
    return orphans;
  }

  static String name(Path policy) {
    String file = String.valueOf(policy.getFileName());
    return file.substring(0, file.length() - POLICY.length());
  }

  static Path casesOf(Path policy) {
    return policy.resolveSibling(name(policy) + CASES);
  }

  private static Path policyOf(Path cases) {
    String file = String.valueOf(cases.getFileName());
    return cases.resolveSibling(file.substring(0, file.length() - CASES.length()) + POLICY);
  }
}
