package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.decision.DenialCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRefusalTest {
  @Test
  void of_whatTheServiceLacks_saysNoDetail() {
    HttpRefusal lacks = HttpRefusal.of(DenialCode.REPLAY_CACHE_FULL, "it is full");
    assertThat(lacks).hasToString("503 replay_cache_full");
    assertThat(lacks.detail()).isNull();
    assertThat(lacks.fields())
        .containsEntry("Retry-After", "5")
        .doesNotContainKey("WWW-Authenticate");
  }

  @Test
  void of_whatTheCallerLacks_saysTheDetail() {
    HttpRefusal lacks = HttpRefusal.of(DenialCode.PROOF_REQUIRED, "there is none");
    assertThat(lacks).hasToString("401 proof_required");
    assertThat(lacks.detail()).isEqualTo("there is none");
    assertThat(lacks.fields())
        .containsEntry("WWW-Authenticate", "Taper error=\"proof_required\"")
        .doesNotContainKey("Retry-After");
  }

  /** A handler's own problem has no such field: guards take it out. */
  @Test
  void fields_ofARefusal_haveItsCode() {
    assertThat(HttpRefusal.of(403, "out_of_scope", "no").fields())
        .containsEntry("Taper-Refusal", "out_of_scope");
  }

  @Test
  void toJson_withAndWithoutADetail_isAProblem() {
    assertThat(HttpRefusal.of(404, "unknown_ask", null).toJson())
        .isEqualTo(
            "{\"status\":404,\"code\":\"unknown_ask\",\"detail\":\"there is nothing of this name"
                + " here\"}");
    for (int status : new int[] {400, 401, 403, 409, 413, 429, 431, 503, 418}) {
      assertThat(HttpRefusal.of(status, "x", null).toJson()).contains("\"detail\":\"");
    }
    assertThat(HttpRefusal.of(400, "invalid_request", "a \"b\"").toJson())
        .isEqualTo("{\"status\":400,\"code\":\"invalid_request\",\"detail\":\"a \\\"b\\\"\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "MALFORMED_APPROVAL, 401, malformed_approval, false",
    "INVALID_REQUEST,    400, invalid_request,    true",
    "OVERLOADED,         503, overloaded,         false",
    "DATABASE_FAILED,    503, unavailable,        false"
  })
  void of_anError_saysAsMuchAsAnybodyMayKnow(
      ErrorCode error, int status, String code, boolean detailed) {
    HttpRefusal refusal = HttpRefusal.of(new TaperException(error, "so it is"));
    assertThat(refusal).hasToString(status + " " + code);
    assertThat(refusal.detail()).isEqualTo(detailed ? "so it is" : null);
  }
}
