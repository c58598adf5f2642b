package dev.taper.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The classes of all tests, as the compiler parses them. */
final class TestClasses {
  private static final Set<String> AFTER = Set.of("AfterEach", "AfterAll");
  private static final Set<String> SAFE = Set.of("TearDown.close", "TearDown.of");

  /** A class within the classes around it. */
  private record Known(ClassTree tree, @Nullable Known outer) {}

  private final List<Known> all = new ArrayList<>();
  private final Map<String, List<Known>> named = new HashMap<>();

  private TestClasses() {}

  /** Parses the tests of all modules in a folder. */
  static TestClasses of(Path root) throws IOException {
    TestClasses classes = new TestClasses();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> files = Files.walk(root, 20);
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      List<Path> sources = files.filter(TestClasses::isTest).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(sources));
      task.parse().forEach(unit -> unit.getTypeDecls().forEach(type -> classes.add(type, null)));
    }
    return classes;
  }

  private static boolean isTest(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.endsWith(".java") && path.contains("/src/test/java/") && !path.contains("/target/");
  }

  private void add(Tree tree, @Nullable Known outer) {
    if (tree instanceof ClassTree type) {
      Known known = new Known(type, outer);
      all.add(known);
      named.computeIfAbsent(type.getSimpleName().toString(), name -> new ArrayList<>()).add(known);
      type.getMembers().forEach(member -> add(member, known));
    }
  }

  /** The names of the classes with a method that JUnit calls after tests. */
  List<String> withTearDown() {
    return all.stream()
        .filter(known -> methods(known).anyMatch(TestClasses::isTearDown))
        .map(known -> known.tree().getSimpleName().toString())
        .toList();
  }

  /**
   * The methods after tests that use a field of which a set-up may have made nothing, but not as an
   * argument of {@link TearDown}.
   */
  List<String> careless() {
    List<String> found = new ArrayList<>();
    for (Known known : all) {
      Scope scope = scope(known);
      methods(known)
          .filter(TestClasses::isTearDown)
          .forEach(
              method -> {
                for (String field : new Careless(scope).of(method)) {
                  found.add(known.tree().getSimpleName() + "." + method.getName() + ": " + field);
                }
              });
    }
    return found;
  }

  /**
   * What a method of a class may name.
   *
   * @param unsure the fields that are not set where they are declared
   * @param methods the methods, by their name
   */
  private record Scope(Set<String> unsure, Map<String, List<MethodTree>> methods) {}

  /** All of a class, of those it extends, and of those around it. */
  private Scope scope(Known known) {
    Scope scope = new Scope(new HashSet<>(), new HashMap<>());
    Set<Known> seen = new HashSet<>();
    Deque<Known> left = new ArrayDeque<>(List.of(known));
    while (!left.isEmpty()) {
      Known each = left.remove();
      if (seen.add(each)) {
        for (Tree member : each.tree().getMembers()) {
          if (member instanceof VariableTree field && isUnsure(field)) {
            scope.unsure().add(field.getName().toString());
          } else if (member instanceof MethodTree method) {
            String name = method.getName().toString();
            scope.methods().computeIfAbsent(name, unused -> new ArrayList<>()).add(method);
          }
        }
        if (each.outer() != null) {
          left.add(each.outer());
        }
        if (each.tree().getExtendsClause() != null) {
          String parent = each.tree().getExtendsClause().toString().replaceAll("<.*|.*\\.", "");
          left.addAll(named.getOrDefault(parent, List.of()));
        }
      }
    }
    return scope;
  }

  private static boolean isUnsure(VariableTree field) {
    return field.getInitializer() == null
        && !field.getModifiers().getFlags().contains(Modifier.FINAL)
        && !has(field.getModifiers(), Set.of("TempDir"));
  }

  private static Stream<MethodTree> methods(Known known) {
    return known.tree().getMembers().stream()
        .filter(MethodTree.class::isInstance)
        .map(MethodTree.class::cast);
  }

  private static boolean isTearDown(MethodTree method) {
    return has(method.getModifiers(), AFTER);
  }

  private static boolean has(ModifiersTree modifiers, Set<String> annotations) {
    return modifiers.getAnnotations().stream()
        .anyMatch(each -> annotations.contains(each.getAnnotationType().toString()));
  }

  /** Looks for such fields in a method and in those that it calls. */
  private static final class Careless extends TreeScanner<Void, Void> {
    private final Scope scope;
    private final Set<MethodTree> seen = new HashSet<>();
    private final Set<String> found = new HashSet<>();

    Careless(Scope scope) {
      this.scope = scope;
    }

    Set<String> of(MethodTree method) {
      look(method);
      return found;
    }

    private void look(MethodTree method) {
      if (seen.add(method)) {
        scan(method.getBody(), null);
      }
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
      String called = call.getMethodSelect().toString();
      if (!SAFE.contains(called)) {
        scope.methods().getOrDefault(called, List.of()).forEach(this::look);
        return super.visitMethodInvocation(call, null);
      }
      for (ExpressionTree argument : call.getArguments()) {
        if (!(argument instanceof IdentifierTree)) {
          scan(argument, null);
        }
      }
      return null;
    }

    @Override
    public Void visitLambdaExpression(LambdaExpressionTree lambda, Void unused) {
      return scan(lambda.getBody(), null); // its parameters are no fields
    }

    @Override
    public Void visitIdentifier(IdentifierTree name, Void unused) {
      add(name.getName().toString());
      return null;
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree select, Void unused) {
      if (select.getExpression().toString().equals("this")) {
        add(select.getIdentifier().toString());
      }
      return super.visitMemberSelect(select, null);
    }

    private void add(String name) {
      if (scope.unsure().contains(name)) {
        found.add(name);
      }
    }
  }
}
