package dev.taper.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceTemplateTest {
  private static ToolCatalog catalog(String template) {
    return ToolCatalog.parse(
        Catalogs.tool(
            "\"resource\":\""
                + template
                + "\",\"arguments\":{\"a\":{\"type\":\"any\"},\"b\":{\"type\":\"any\"},"
                + "\"t\":{\"type\":\"string\",\"is\":\"text\"}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r/{a}             | {"a":"x"}                  | r/x
          r/{a}             | {"a":5}                    | r/5
          r/{a}             | {"a":5.0}                  | r/5
          r/{a}             | {"a":-5}                   | r/-5
          r/{a}             | {"a":"x y"}                | r/x y
          r/{a}             | {"a":"é"}                  | r/é
          r/{a}             | {"a":"{b}","b":"x"}        | r/{b}
          r/{a}.json        | {"a":"x"}                  | r/x.json
          r/{a}/{b}         | {"a":"x","b":"y"}          | r/x/y
          r/{a}:{b}         | {"a":"x","b":"y"}          | r/x:y
          {a}               | {"a":"x"}                  | x
          {+a}              | {"a":"https://acme.com/x"} | https://acme.com/x
          {+a}              | {"a":"/data/x"}            | /data/x
          file://{+a}       | {"a":"/data/x"}            | file:///data/x
          r/{+a}            | {"a":"x/y"}                | r/x/y
          {+a}/{b}          | {"a":"/data","b":"x"}      | /data/x
          r                 | {}                         | r
          """)
  void call_argumentsOfTheTemplate_nameTheResource(
      String template, String arguments, String resource) {
    assertThat(catalog(template).call("t", arguments).resource()).isEqualTo(resource);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r/{a}       | {}                    | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":""}              | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":null}            | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":true}            | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":1.5}             | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":1e30}            | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":["x"]}           | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"x/y"}           | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"/x"}            | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"x:y"}           | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"x;y"}           | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"x?y"}           | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"x#y"}           | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"x%2Fy"}         | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"x\\\\y"}        | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":"x@y"}           | INVALID_ARGUMENT_VALUE
          r/{t}       | {"t":"cafe\\u0301"}   | INVALID_ARGUMENT_VALUE
          r/{a}       | {"a":".."}            | AMBIGUOUS_RESOURCE
          r/{a}       | {"a":"."}             | AMBIGUOUS_RESOURCE
          r/{a}       | {"a":" "}             | AMBIGUOUS_RESOURCE
          r/{a}       | {"a":"x "}            | AMBIGUOUS_RESOURCE
          r/{a}/x     | {"a":" "}             | AMBIGUOUS_RESOURCE
          r/.{a}/x    | {"a":"."}             | AMBIGUOUS_RESOURCE
          r/{a}       | {"a":"\\u2044"}       | AMBIGUOUS_RESOURCE
          r/{a}       | {"a":"\\uff0e\\uff0e"} | AMBIGUOUS_RESOURCE
          r/{a}       | {"a":"\\u202e"}       | AMBIGUOUS_RESOURCE
          r/e{t}      | {"t":"\\u0301"}       | AMBIGUOUS_RESOURCE
          r/{+a}      | {"a":"/x"}            | AMBIGUOUS_RESOURCE
          r/{+a}      | {"a":"x/../y"}        | AMBIGUOUS_RESOURCE
          r/{+a}      | {"a":"x//y"}          | AMBIGUOUS_RESOURCE
          r/{+a}      | {"a":"x/"}            | OK
          {+a}        | {"a":"HTTPS://acme.com/"} | AMBIGUOUS_RESOURCE
          {+a}        | {"a":"https://acme.com/../x"} | AMBIGUOUS_URL
          {+a}        | {"a":"/data/../x"}    | AMBIGUOUS_PATH
          {+a}        | {}                    | INVALID_ARGUMENT_VALUE
          {+a}        | {"a":""}              | INVALID_ARGUMENT_VALUE
          """)
  void call_otherArguments_areRefused(String template, String arguments, String code) {
    if (code.equals("OK")) {
      assertThat(catalog(template).call("t", arguments).resource()).isEqualTo("r/x/");
    } else {
      Refused.with(ErrorCode.valueOf(code), () -> catalog(template).call("t", arguments));
    }
  }

  /** Two calls must never name one resource by cutting it elsewhere. */
  @ParameterizedTest
  @ValueSource(strings = {"{a}{b}", "r/{a}-{b}", "r/{a}.{b}", "{+a}{b}", "{+a}/{+b}", "{a}{+b}"})
  void parse_twoArgumentsInOneSegment_isRefused(String template) {
    Refused.with(ErrorCode.INVALID_CATALOG, () -> catalog(template));
    assertThatThrownBy(() -> catalog(template))
        .hasMessage("tool t.resource names two arguments with no separator between them");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "r/ ",
        "a//b",
        "../x",
        "r/%2F",
        "r/%zz",
        "HTTP://x",
        "http:x",
        "r\\u202e",
        "/./{a}"
      })
  void parse_nameOfNoResource_isRefused(String template) {
    Refused.with(ErrorCode.INVALID_CATALOG, () -> catalog(template));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "}", "{}", "{+}", "r/{a", "r/a}", "r/{a}}", "r/{{a}}", "r/{a}{"})
  void parse_braces_areClosedAndNamed(String template) {
    Refused.with(ErrorCode.INVALID_CATALOG, () -> catalog(template));
  }

  @Test
  void call_templateArgument_isNamed() {
    assertThatThrownBy(() -> catalog("r/{a}").call("t", "{\"a\":\"x/y\"}"))
        .hasMessage("argument \"a\" names one part of the resource, and holds a separator");
    assertThatThrownBy(() -> catalog("r/{a}").call("t", "{}"))
        .hasMessage(
            "argument \"a\" names the resource, and is missing or neither a string nor an integer");
  }
}
