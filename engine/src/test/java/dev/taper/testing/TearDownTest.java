package dev.taper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TearDownTest {
  private static final Path ROOT = Path.of("..");

  @TempDir Path folder;

  private final List<String> closed = new ArrayList<>();

  private AutoCloseable named(String name) {
    return () -> closed.add(name);
  }

  @Test
  void close_halfMade_closesWhatIsThereInOrder() throws Exception {
    String nothing = null;

    TearDown.close(named("client"), null, TearDown.of(nothing, closed::add), named("server"));

    assertThat(closed).containsExactly("client", "server");
  }

  @Test
  void close_someFail_closesTheOthersAndThrowsTheFirst() {
    AutoCloseable failing =
        () -> {
          throw new IOException("client");
        };
    AutoCloseable asserting =
        () -> {
          throw new AssertionError("left over");
        };

    assertThatThrownBy(() -> TearDown.close(failing, asserting, named("server")))
        .isInstanceOf(IOException.class)
        .hasSuppressedException(new AssertionError("left over"));
    assertThat(closed).containsExactly("server");
  }

  /** The rule, in the tests of all modules. */
  @Test
  void tearDowns_ofAllModules_bearASetUpThatMadeNothing() throws IOException {
    TestClasses classes = TestClasses.of(ROOT);

    assertThat(classes.withTearDown()).hasSizeGreaterThan(80);
    assertThat(classes.careless()).isEmpty();
  }

  private List<String> careless(String tearDown) throws IOException {
    Path tests = Files.createDirectories(folder.resolve("module/src/test/java"));
    Files.writeString(
        tests.resolve("Base.java"), "abstract class Base { protected Server inherited; }");
    Files.writeString(
        tests.resolve("SomeTest.java"),
        """
        class SomeTest extends Base {
          private Server server;
          private final Server made = new Server();
          private Server server() { return java.util.Objects.requireNonNull(server); }
          @AfterEach
          void stop() throws Exception {
            %s
          }
        }
        """
            .formatted(tearDown));
    return TestClasses.of(folder).careless();
  }

  @Test
  void careless_uncheckedFields_areFound() throws IOException {
    for (String tearDown :
        Stream.of(
                "server.close();",
                "this.server.close();",
                "server().close();",
                "inherited.close();",
                "made.stop(server);",
                "if (server != null) { server.close(); }",
                "TearDown.close(() -> server.close());",
                "TearDown.close(made); server.close();")
            .toList()) {
      assertThat(careless(tearDown)).as(tearDown).isNotEmpty();
    }
    assertThat(careless("server.close();").get(0)).contains("SomeTest.stop: server");
  }

  @Test
  void careless_checkedOrFinalFields_areNot() throws IOException {
    for (String tearDown :
        List.of(
            "made.close();",
            "TearDown.close(server, inherited);",
            "TearDown.close(TearDown.of(server, one -> one.stop(0)), made);")) {
      assertThat(careless(tearDown)).as(tearDown).isEmpty();
    }
  }
}
