package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a module shows to others, held against its file {@code api.txt}: no change of it goes
 * unseen. After an intended change, {@code mvn test -pl MODULE -am -Dtest=ApiTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dtaper.api=write} writes the file anew.
 */
public abstract class ApiContract {
  private static final Path FILE = Path.of("api.txt");
  private static final Pattern EXPORT = Pattern.compile("(?m)^ *exports ([\\w.]+)(?: +to [^;]+)?;");
  private static final Pattern OURS = Pattern.compile("dev\\.taper(?:\\.[a-z]\\w*)*(?=\\.[A-Z])");
  private static final Set<String> INNER =
      Set.of("dev.taper.wire", "dev.taper.datalog.engine", "dev.taper.datalog.regex");

  private int types;
  private int nested;

  /** A class of the module's main code. */
  protected abstract Class<?> anchor();

  @Test
  void api_isWhatTheFileSays() throws IOException, URISyntaxException {
    String api = api();
    if ("write".equals(System.getProperty("taper.api"))) {
      Files.writeString(FILE, api);
    }
    assertThat(Files.readString(FILE).lines()).containsExactlyElementsOf(api.lines().toList());
  }

  @Test
  void api_namesNoInnerRoom() throws IOException, URISyntaxException {
    assertThat(exported()).doesNotContainAnyElementsOf(INNER);
    assertThat(api().lines())
        .noneMatch(
            line -> {
              Matcher name = OURS.matcher(line);
              while (name.find()) {
                if (INNER.contains(name.group())) {
                  return true;
                }
              }
              return false;
            });
  }

  /** The packages that others may use: those that its descriptor exports. */
  protected Set<String> exported() throws IOException {
    Matcher export = EXPORT.matcher(Files.readString(Path.of("src/main/java/module-info.java")));
    Set<String> packages = new TreeSet<>();
    while (export.find()) {
      packages.add(export.group(1)); // to some modules only is exported, too
    }
    return packages;
  }

  private String api() throws IOException, URISyntaxException {
    types = 0;
    nested = 0;
    StringBuilder text = new StringBuilder();
    Path classes = Path.of(anchor().getProtectionDomain().getCodeSource().getLocation().toURI());
    for (String room : exported()) {
      text.append("\npackage ").append(room).append('\n');
      try (Stream<Path> files = Files.list(classes.resolve(room.replace('.', '/')))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".class") && !name.contains("$"))
            .filter(name -> !name.equals("package-info.class"))
            .sorted()
            .map(name -> load(room + "." + name.substring(0, name.length() - 6)))
            .filter(type -> Modifier.isPublic(type.getModifiers()))
            .forEach(
                type -> {
                  types++;
                  print(type, "  ", text);
                });
      }
    }
    String head =
        "# What this module shows to others. Written by ApiTest; see CONTRIBUTING.md.\n"
            + "# Nullness is not shown. "
            + types
            + " public types, and "
            + nested
            + " nested in them.\n";
    return head + text;
  }

  private Class<?> load(String name) {
    try {
      return Class.forName(name, false, anchor().getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private void print(Class<?> type, String indent, StringBuilder text) {
    text.append(indent).append(header(type)).append('\n');
    String inside = indent + "  ";
    members(type).forEach(member -> text.append(inside).append(member).append('\n'));
    Arrays.stream(type.getDeclaredClasses())
        .filter(inner -> shown(inner.getModifiers()))
        .sorted(Comparator.comparing(Class::getName))
        .forEach(
            inner -> {
              nested++;
              print(inner, inside, text);
            });
  }

  private static String header(Class<?> type) {
    StringBuilder header = new StringBuilder(plain(type.toGenericString()));
    Class<?> above = type.getSuperclass();
    boolean implied = type.isRecord() || type.isEnum() || above == Object.class;
    if (above != null && !implied && Modifier.isPublic(above.getModifiers())) {
      header.append(" extends ").append(plain(type.getGenericSuperclass().getTypeName()));
    }
    if (type.getGenericInterfaces().length > 0) {
      header.append(
          Arrays.stream(type.getGenericInterfaces())
              .map(one -> plain(one.getTypeName()))
              .sorted()
              .collect(Collectors.joining(", ", " implements ", "")));
    }
    return header.toString();
  }

  private static Set<String> members(Class<?> type) {
    Set<String> members = new TreeSet<>();
    List<Member> all = new ArrayList<>();
    all.addAll(Arrays.asList(type.getDeclaredFields()));
    all.addAll(Arrays.asList(type.getDeclaredConstructors()));
    all.addAll(Arrays.asList(type.getDeclaredMethods()));
    Class<?> above = type.getSuperclass(); // what a hidden class hands on is shown as well
    while (above != null && !Modifier.isPublic(above.getModifiers())) {
      all.addAll(Arrays.asList(above.getDeclaredMethods()));
      above = above.getSuperclass();
    }
    for (Member member : all) {
      boolean bridge = member instanceof Method method && method.isBridge();
      if (shown(member.getModifiers()) && !member.isSynthetic() && !bridge) {
        members.add(line(member));
      }
    }
    return members;
  }

  private static boolean shown(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String line(Member member) {
    String owner = member.getDeclaringClass().getTypeName();
    String text =
        member instanceof Method method
            ? method.toGenericString()
            : member instanceof Field field
                ? field.toGenericString()
                : ((Constructor<?>) member).toGenericString();
    text = text.replace("synchronized ", "").replace("volatile ", "");
    String name = member instanceof Constructor<?> ? owner : owner + "." + member.getName();
    String shortName =
        member instanceof Constructor<?>
            ? owner.substring(Math.max(owner.lastIndexOf('.'), owner.lastIndexOf('$')) + 1)
            : member.getName();
    int at = text.indexOf(name + "(");
    at = at < 0 ? text.lastIndexOf(name) : at;
    return plain(text.substring(0, at) + shortName + text.substring(at + name.length()))
        + constant(member);
  }

  /** The value of a constant, which consumers compile in. */
  private static String constant(Member member) {
    if (!(member instanceof Field field)
        || !Modifier.isStatic(field.getModifiers())
        || !(field.getType().isPrimitive() || field.getType() == String.class)) {
      return "";
    }
    try {
      ((AccessibleObject) field).setAccessible(true);
      Object value = field.get(null);
      return " = " + (value instanceof String s ? '"' + s.replace("\n", "\\n") + '"' : value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String plain(String text) {
    return text.replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "")
        .replace('$', '.')
        .replaceAll(" +", " ");
  }
}
