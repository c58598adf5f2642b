package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import dev.taper.testing.Refused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PathValueTest {
  static String[] accepted() {
    return new String[] {
      "/",
      "/data",
      "/data/",
      "/data/reports/2026.csv",
      "/data/.config",
      "/data/..x",
      "/data/a b",
      "/data/caf\u00e9",
      "/data/a%20b",
      "/data/x?y#z;w",
      "/C:/x",
    };
  }

  static String[] refused() {
    return new String[] {
      "/data/../etc/passwd",
      "/..",
      "/.",
      "/data/./x",
      "/data/..",
      "/data/..;/x",
      "/data/.. /x",
      "//data",
      "/data//x",
      "//",
      "/data\\..\\x",
      "/data/%2e%2e/etc",
      "/data/%2E./etc",
      "/data%2Fetc",
      "/data/%252e",
      "/data/100%",
      "/data/%C0%AE%C0%AE/etc",
      "/data/\uff0e\uff0e/etc",
      "/data\u2215etc",
      "/data/x\n",
      "/data/x ",
      "/data/\u200b",
      "/data/\u202etxt.exe",
    };
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void arg_path_givesItsFact(String path) {
    assertThat(Canonical.path(path)).isEqualTo(path);
    assertThat(ToolCall.of("t").arg("p", path).facts().named("arg_path"))
        .containsExactly(Fact.of("arg_path", new Term.Str("p"), new Term.Str(path)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void arg_ambiguousPath_isRefused(String path) {
    Refused.with(ErrorCode.AMBIGUOUS_PATH, () -> Canonical.path(path));
    Refused.with(ErrorCode.AMBIGUOUS_PATH, () -> ToolCall.of("t").arg("p", path));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void text_ambiguousPath_isNoPath(String path) {
    assertThat(ToolCall.of("t").text("p", path).facts().named("arg_path")).isEmpty();
  }
}
