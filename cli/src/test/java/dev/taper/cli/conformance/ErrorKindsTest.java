package dev.taper.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.ErrorCode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An error of ours and the one that a test case expects are the same if their kinds are. */
class ErrorKindsTest {
  private static String expected(String json) throws IOException {
    return ErrorKinds.of(new ObjectMapper().readTree(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "INVALID_SIGNATURE | {\"Format\":{\"Signature\":{\"InvalidSignature\":\"x\"}}}",
        "MALFORMED_SIGNATURE | {\"Format\":{\"SignatureDeserializationError\":\"x\"}}",
        "UNSUPPORTED_VERSION | {\"Format\":{\"Version\":{\"actual\":9}}}",
        "SYMBOL_TABLE_OVERLAP | {\"Format\":\"SymbolTableOverlap\"}",
        "PUBLIC_KEY_TABLE_OVERLAP | {\"Format\":\"PublicKeyTableOverlap\"}",
        "MALFORMED_TOKEN | {\"Format\":{\"DeserializationError\":\"x\"}}",
        "INVALID_KEY | {\"Format\":{\"InvalidKeySize\":3}}",
        "MALFORMED_TOKEN | {\"Base64\":{\"InvalidLength\":3}}",
        "SYNTAX | {\"Language\":{\"ParseError\":{}}}",
        "PARAMETER | {\"Language\":{\"Parameters\":{}}}",
        "OVERFLOW | {\"Execution\":\"Overflow\"}",
        "DIVISION_BY_ZERO | {\"Execution\":\"DivideByZero\"}",
        "INVALID_TYPE | {\"Execution\":\"InvalidType\"}",
        "UNKNOWN_VARIABLE | {\"Execution\":{\"UnknownVariable\":1}}",
        "SHADOWED_VARIABLE | {\"Execution\":\"ShadowedVariable\"}",
        "UNDEFINED_EXTERN | {\"Execution\":{\"UndefinedExtern\":\"f\"}}",
        "EXTERN_FAILED | {\"Execution\":{\"ExternEvalError\":\"f\"}}",
        "TOO_MANY_FACTS | {\"RunLimit\":\"TooManyFacts\"}",
        "TOO_MANY_ITERATIONS | {\"RunLimit\":\"TooManyIterations\"}",
        "TOO_MUCH_WORK | {\"RunLimit\":\"Timeout\"}",
        "TIMEOUT | {\"RunLimit\":\"Timeout\"}"
      })
  void of_bothSides_areTheSameKind(ErrorCode ours, String theirs) throws IOException {
    assertThat(expected(theirs)).isEqualTo(ErrorKinds.of(ours));
  }

  @Test
  void of_whatNobodyKnows_isNoKindOfOurs() throws IOException {
    for (String error :
        new String[] {
          "{\"Other\":{}}", "7", "\"\"", "{}", "{\"a\":1,\"b\":2}", "{\"Execution\":\"New\"}"
        }) {
      for (ErrorCode code : ErrorCode.values()) {
        assertThat(expected(error)).as(error).isNotEqualTo(ErrorKinds.of(code));
      }
    }
    assertThat(ErrorKinds.of(ErrorCode.INVALID_ARGUMENT)).isEqualTo("unexpected: invalid_argument");
    assertThat(ErrorKinds.of(ErrorCode.INVALID_BLOCK_RULE)).isEqualTo("logic: block rule");
  }
}
