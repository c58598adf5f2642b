package dev.taper.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.testing.Needed;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules in one script mean what they meant alone. */
class OneScriptTest {
  private static String of(Map<String, String> modules) {
    return OneScript.of("main.mjs", name -> Objects.requireNonNull(modules.get(name), name));
  }

  @Test
  void modules_ofAllForms_sayTheSameAsOneScript() throws Exception {
    String script =
        of(
            Map.of(
                "main.mjs",
                """
                // The beginning.
                import { double as twice, Counter } from "./parts/numbers.mjs";
                import * as texts from "./texts.mjs";

                const own = 1; // another module has one, too
                const counter = new Counter();
                counter.add(own);
                counter.add(twice(20));
                texts.later(own).then((later) => console.log(texts.shown(counter.sum), later));
                """,
                "parts/numbers.mjs",
                """
                import { own } from "./more/own.mjs";
                export { own } from "./more/own.mjs";
                export const double = (number) => number * own;
                export class Counter {
                  sum = 0;
                  add(number) {
                    this.sum += number;
                  }
                }
                """,
                "parts/more/own.mjs",
                "export const own = 2;\n",
                "texts.mjs",
                """
                import { own } from "./parts/numbers.mjs";
                export function shown(number) {
                  return `${number} by ${own}`;
                }
                export async function later(number) {
                  return number + own;
                }
                """));
    assertThat(script.lines().filter(line -> line.equals("// parts/more/own.mjs"))).hasSize(1);
    assertThat(said(script)).isEqualTo("41 by 2 3\n");
  }

  private static String said(String script) throws Exception {
    Needed.programs("node");
    Process node = new ProcessBuilder("node", "--input-type=module", "-").start();
    node.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
    node.getOutputStream().close();
    String errors = new String(node.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    String out = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(node.exitValue()).as(errors).isZero();
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import x from \"./x.mjs\";",
        "import \"./x.mjs\";",
        "import { x } from \"https://elsewhere.example.com/x.mjs\";",
        "import { x } from \"x.mjs\";",
        "import {",
        "export default 1;",
        "export { own };",
        "export { x as y } from \"./x.mjs\";",
        "export let x = 1;",
        "export * from \"./x.mjs\";"
      })
  void forms_thatAreNotKnown_areRefused(String line) {
    assertThatThrownBy(() -> of(Map.of("main.mjs", line, "x.mjs", "export const x = 1;")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void modules_thatNeedEachOther_areRefused() {
    assertThatThrownBy(
            () ->
                of(
                    Map.of(
                        "main.mjs", "import { x } from \"./x.mjs\";",
                        "x.mjs", "import { y } from \"./main.mjs\";")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs itself");
  }
}
