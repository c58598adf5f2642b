package dev.taper.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** The runtime that {@code dist/pack} makes has the modules of the JDK that our classes ask for. */
class RuntimeModulesTest {
  private static final Pattern PACKED = Pattern.compile("(?m)^modules=(?:\\$modules,)?(.*)$");
  private static final Pattern ASKED = Pattern.compile("-> (jdk?[.a-z]+|java[.a-z]+)(?=\\s|$)");

  private final Set<String> asked = new TreeSet<>();

  /** What a descriptor names, or else what the classes use. */
  private void look(Path classes) {
    List<ModuleDescriptor> described =
        ModuleFinder.of(classes).findAll().stream()
            .map(ModuleReference::descriptor)
            .filter(descriptor -> !descriptor.isAutomatic())
            .toList();
    if (!described.isEmpty()) {
      described.stream()
          .flatMap(descriptor -> descriptor.requires().stream())
          .filter(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
          .map(Requires::name)
          .filter(name -> name.startsWith("java.") || name.startsWith("jdk."))
          .forEach(asked::add);
      return;
    }
    StringWriter out = new StringWriter();
    PrintWriter printed = new PrintWriter(out);
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    assertThat(jdeps.run(printed, printed, "-s", classes.toString())).as(out.toString()).isZero();
    ASKED.matcher(out.toString()).results().forEach(found -> asked.add(found.group(1)));
  }

  /** Our classes: in folders after a quick build, and in jars after a whole one. */
  private static boolean isOurs(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return entry.endsWith(Path.of("target", "classes"))
        || (name.startsWith("taper-") && name.endsWith(".jar") && !name.contains("tests"));
  }

  @Test
  void modules_thatOurClassesAskFor_arePacked() throws Exception {
    Set<String> packed = new TreeSet<>();
    PACKED
        .matcher(Files.readString(Path.of("..", "dist", "pack")))
        .results()
        .forEach(line -> packed.addAll(List.of(line.group(1).split(",", -1))));

    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .filter(RuntimeModulesTest::isOurs)
        .forEach(this::look);

    assertThat(asked).contains("java.base", "java.sql", "jdk.net");
    assertThat(packed).containsAll(asked);
  }
}
