package dev.taper.testing;

import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The rules of the house that hold in every module: which rooms know which, how long a file and a
 * method may be, which words do not come back. docs/architecture.md says why.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // the classes are read once
public abstract class HouseContract {
  /** Rooms of the engine that no other module enters. */
  private static final Set<String> INNER =
      Set.of("dev.taper.wire", "dev.taper.datalog.engine", "dev.taper.datalog.regex");

  /**
   * Words that had another name for a thing that has one; the glossary has the one that stayed. No
   * type's name contains one.
   */
  private static final List<String> RETIRED =
      List.of(
          "Dormancy",
          "Dormant",
          "Evidence",
          "Grounds",
          "Invocation",
          "Manner",
          "Outcome",
          "Presentation",
          "Ruling",
          "Verdict",
          "WhyNot");

  private static final int MAX_METHOD_LINES = 60;

  /** Products of field elements are written out: that is why they are fast. */
  private static final Set<String> LONG_METHODS = Set.of("Ed25519Field.multiply");

  private @Nullable JavaClasses classes;

  /** A class of the module's main code. */
  protected abstract Class<?> anchor();

  /** For each package of the module, the packages of the module that it may know. */
  protected abstract Map<String, Set<String>> rooms();

  @Test
  void packages_knowOnlyWhatTheyMay() throws URISyntaxException {
    Map<String, Set<String>> rooms = rooms();
    Set<String> wrong = new TreeSet<>();
    for (JavaClass type : classes()) {
      String from = type.getPackageName();
      if (from.isEmpty()) {
        continue; // the module descriptor
      }
      assertThat(rooms).as("rooms").containsKey(from);
      Set<String> allowed = rooms.getOrDefault(from, Set.of());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String to = dependency.getTargetClass().getBaseComponentType().getPackageName();
        boolean own = rooms.containsKey(to);
        if (own && !to.equals(from) && !allowed.contains(to)) {
          wrong.add(dependency.getDescription());
        }
        if (!rooms.containsKey("dev.taper.wire") && INNER.contains(to)) {
          wrong.add("an inner room: " + dependency.getDescription());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void packages_haveNoCycle() throws URISyntaxException {
    slices()
        .matching("dev.taper.(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(classes());
  }

  /** Time comes from a clock that is passed in. */
  @Test
  void time_comesFromAClock() throws URISyntaxException {
    if (!measures()) {
      noClasses()
          .should(callMethod(Instant.class, "now").as("call Instant.now()"))
          .orShould(
              callMethod(System.class, "currentTimeMillis").as("call System.currentTimeMillis()"))
          .check(classes());
    }
  }

  /** True for a module that measures, and so needs to know what time it is. */
  protected boolean measures() {
    return false;
  }

  /** The classes of the module, without those of its tests. */
  protected final JavaClasses classes() throws URISyntaxException {
    JavaClasses read = classes;
    if (read == null) {
      Path path = Path.of(anchor().getProtectionDomain().getCodeSource().getLocation().toURI());
      read = new ClassFileImporter().importPath(path);
      classes = read;
    }
    return read;
  }

  @Test
  void methodsAndNames_areAsAgreed() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  problem -> {},
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(sources()));
      Names names = new Names(Trees.instance(task).getSourcePositions());
      for (CompilationUnitTree unit : task.parse()) {
        names.scan(unit, unit);
      }
      assertThat(names.longMethods).isEmpty();
      assertThat(names.retired).isEmpty();
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static final class Names extends TreeScanner<Void, CompilationUnitTree> {
    final Set<String> longMethods = new TreeSet<>();
    final Set<String> retired = new TreeSet<>();
    private final SourcePositions positions;
    private String type = "";

    Names(SourcePositions positions) {
      this.positions = positions;
    }

    @Override
    public Void visitClass(ClassTree tree, CompilationUnitTree unit) {
      String name = tree.getSimpleName().toString();
      RETIRED.stream().filter(name::contains).forEach(word -> retired.add(name));
      String outer = type;
      type = name;
      super.visitClass(tree, unit);
      type = outer;
      return null;
    }

    @Override
    public Void visitMethod(MethodTree tree, CompilationUnitTree unit) {
      LineMap lines = unit.getLineMap();
      long first = lines.getLineNumber(positions.getStartPosition(unit, tree));
      long last = lines.getLineNumber(Math.max(0, positions.getEndPosition(unit, tree)));
      String name = type + "." + tree.getName();
      boolean main = unit.getSourceFile().getName().contains("src/main/");
      if (main && last - first >= MAX_METHOD_LINES && !LONG_METHODS.contains(name)) {
        longMethods.add(name + ": " + (last - first + 1) + " lines");
      }
      return super.visitMethod(tree, unit);
    }
  }
}
