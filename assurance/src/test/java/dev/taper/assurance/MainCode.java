package dev.taper.assurance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The classes that are shipped, found by what stands in their sources. */
final class MainCode {
  private static final Path ROOT = Path.of("..");
  private static final Set<String> NOT_SHIPPED =
      Set.of("assurance", "benchmarks", "examples", "testvectors");

  private MainCode() {}

  /** The classes that have this in their source, in order. */
  static Set<String> with(Pattern wanted) throws IOException {
    Set<String> found = new TreeSet<>();
    for (Path module : modules()) {
      Path main = module.resolve("src/main/java");
      if (!Files.isDirectory(main) || NOT_SHIPPED.contains(String.valueOf(module.getFileName()))) {
        continue;
      }
      for (Path file : sources(main)) {
        if (wanted.matcher(Files.readString(file)).find()) {
          String name = main.relativize(file).toString();
          found.add(name.substring(0, name.length() - ".java".length()).replace('/', '.'));
        }
      }
    }
    return found;
  }

  /** The sources of all tests, by the simple names of their classes. */
  static SortedMap<String, Path> tests() throws IOException {
    SortedMap<String, Path> tests = new TreeMap<>();
    for (Path module : modules()) {
      Path folder = module.resolve("src/test/java");
      if (Files.isDirectory(folder)) {
        for (Path file : sources(folder)) {
          tests.put(String.valueOf(file.getFileName()).replace(".java", ""), file);
        }
      }
    }
    return tests;
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> outer = Files.list(ROOT);
        Stream<Path> inner = Files.list(ROOT.resolve("integrations"))) {
      return Stream.concat(outer, inner).toList();
    }
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(one -> one.toString().endsWith(".java")).toList();
    }
  }

  /** A list of classes, and what is said of each. */
  static SortedMap<String, String> listed(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(MainCode.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .collect(
              Collectors.toMap(
                  parts -> parts[0],
                  parts -> parts[1],
                  (first, second) -> {
                    throw new IllegalStateException("twice: " + first + ", " + second);
                  },
                  TreeMap::new));
    }
  }
}
