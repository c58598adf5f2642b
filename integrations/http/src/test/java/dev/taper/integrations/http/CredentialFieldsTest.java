package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialFieldsTest {
  private static final String LONGEST = "A".repeat(CredentialFields.MAX_FIELD);
  private static final String LONGER = LONGEST + "A";
  private static final String TOO_LONG = "431 fields_too_large";

  private static Credentials of(String... fields) throws RefusedException {
    Map<String, String> all =
        fields.length == 2
            ? Map.of(fields[0], fields[1])
            : Map.of(fields[0], fields[1], fields[2], fields[3]);
    return CredentialFields.of(IncomingRequest.of("GET", "/", true, all, new byte[0]));
  }

  private static void assertRefused(String answer, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).hasToString(answer));
  }

  @Test
  void token_inEitherField_isTaken() throws RefusedException {
    for (String scheme : List.of("Taper AZaz09-_=", "TAPER   AZaz09-_=", "taper AZaz09-_=")) {
      assertThat(of("Authorization", scheme).token()).isEqualTo("AZaz09-_=");
    }
    assertThat(of("Taper-Token", "AA", "Authorization", "Basic eDp5").token()).isEqualTo("AA");
    assertRefused(
        "400 invalid_request", () -> of("Taper-Token", "AA", "Authorization", "Taper AA"));
  }

  @Test
  void token_thatIsNotThere_isRequired() {
    for (String other : List.of("Basic eDp5", "Taperx AA", "", " Taper AA")) {
      assertRefused("401 token_required", () -> of("Authorization", other));
    }
    assertRefused("401 invalid_base64", () -> of("Authorization", "Taper"));
    assertRefused("401 invalid_base64", () -> of("Authorization", "Taper "));
  }

  @Test
  void approvals_thatWereJoined_areSplit() throws RefusedException {
    assertThat(of("Taper-Token", "AA", "Taper-Approval", "BB , CC,DD").approvals())
        .containsExactly("BB", "CC", "DD");
    for (String empty : List.of("BB,", ",BB", "BB,,CC", "")) {
      assertRefused(
          "401 malformed_approval", () -> of("Taper-Token", "AA", "Taper-Approval", empty));
    }
    String most = "BB,".repeat(SentApprovals.MAX - 1) + "BB";
    assertThat(of("Taper-Token", "AA", "Taper-Approval", most).approvals())
        .hasSize(SentApprovals.MAX);
    assertRefused(
        "401 malformed_approval", () -> of("Taper-Token", "AA", "Taper-Approval", most + ",BB"));
  }

  @Test
  void fields_ofTheMostCharacters_areTaken() throws RefusedException {
    List<String> six = Collections.nCopies(6, LONGEST);
    assertThat(CredentialFields.checked(LONGEST, LONGEST, six).approvals()).isEqualTo(six);
    assertRefused(TOO_LONG, () -> CredentialFields.checked(LONGEST, LONGEST, more(six, "A")));
  }

  private static List<String> more(List<String> some, String one) {
    List<String> all = new ArrayList<>(some);
    all.add(one);
    return all;
  }

  @Test
  void fields_ofOneCharacterMore_areRefused() {
    assertRefused(TOO_LONG, () -> CredentialFields.checked(LONGER, null, List.of()));
    assertRefused(TOO_LONG, () -> CredentialFields.checked("A", LONGER, List.of()));
    assertRefused(TOO_LONG, () -> CredentialFields.checked("A", null, List.of(LONGER)));
    assertRefused(TOO_LONG, () -> of("Taper-Token", "A", "Authorization", "Basic " + LONGEST));
    assertRefused(
        TOO_LONG, () -> of("Taper-Token", "A", "Taper-Approval", LONGEST + "," + LONGEST));
  }

  @Test
  void approvals_moreThanEverCount_areRefused() throws RefusedException {
    List<String> most = Collections.nCopies(SentApprovals.MAX, "AA");
    assertThat(CredentialFields.checked("A", null, most).approvals()).isEqualTo(most);
    assertRefused(
        "401 malformed_approval", () -> CredentialFields.checked("A", null, more(most, "A")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a!", "!a", "a b", "a+", "a/", "a,", "\u007f", "\u0080", "\u00e4"})
  void text_thatIsNoBase64url_isRefused(String text) {
    assertRefused("401 invalid_base64", () -> CredentialFields.checked(text, null, List.of()));
    assertRefused(
        "401 malformed_holder_proof", () -> CredentialFields.checked("A", text, List.of()));
    assertRefused(
        "401 malformed_approval", () -> CredentialFields.checked("A", null, List.of("A", text)));
  }

  @Test
  void toString_ofThem_saysNothingOfWhatIsPresented() throws RefusedException {
    assertThat(CredentialFields.checked("AAA", null, List.of("BBB")))
        .hasToString("Credentials(no proof, 1)");
    assertThat(CredentialFields.checked("AAA", "CCC", List.of()))
        .hasToString("Credentials(proof, 0)");
  }
}
