package dev.taper.integrations.http;

import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header fields in which a request presents its {@link Credentials}. */
public final class CredentialFields {
  /** The scheme of {@code Authorization}, and of challenges. */
  public static final String SCHEME = "Taper";

  /** The field for the token where {@code Authorization} is taken. */
  public static final String TOKEN_FIELD = "Taper-Token";

  /** The field for the holder's proof. */
  public static final String PROOF_FIELD = "Taper-Proof";

  /** The field for an approval, which may be repeated. */
  public static final String APPROVAL_FIELD = "Taper-Approval";

  /** The longest value of a field, in characters. */
  public static final int MAX_FIELD = 8 * 1024;

  /** The longest values of all fields together, in characters. */
  public static final int MAX_FIELDS = 64 * 1024;

  private static final String AUTHORIZATION = "Authorization";

  /** What may stand in base64url, by its number: a table, because every call has 1,000 of it. */
  private static final boolean[] BASE64 = base64();

  private static boolean[] base64() {
    boolean[] table = new boolean[128];
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=";
    for (int i = 0; i < digits.length(); i++) {
      table[digits.charAt(i)] = true;
    }
    return table;
  }

  private CredentialFields() {}

  /**
   * Takes what a request presents.
   *
   * @throws RefusedException 401 without a token, or with one that is no base64url; 400 if
   *     something is there twice; 431 if it is too long
   */
  public static Credentials of(IncomingRequest request) throws RefusedException {
    List<String> authorization = request.field(AUTHORIZATION);
    List<String> tokens = request.field(TOKEN_FIELD);
    List<String> proofs = request.field(PROOF_FIELD);
    List<String> approvals = request.field(APPROVAL_FIELD);
    checkLengths(List.of(authorization, tokens, proofs, approvals));
    String token = single(tokens, TOKEN_FIELD);
    String authorized = single(authorization, AUTHORIZATION);
    String inScheme = authorized == null ? null : inScheme(authorized);
    if (token != null && inScheme != null) {
      throw refused(400, "invalid_request", "the token is there twice");
    }
    token = token == null ? inScheme : token;
    if (token == null) {
      throw new RefusedException(HttpRefusal.of(401, "token_required", null));
    }
    return checked(token, single(proofs, PROOF_FIELD), split(approvals));
  }

  /**
   * Takes what is presented in another way than in header fields, with the same lengths.
   *
   * @throws RefusedException 401 if something is no base64url, or for too many approvals; 431 if it
   *     is too long
   */
  public static Credentials checked(String token, @Nullable String proof, List<String> approvals)
      throws RefusedException {
    checkLengths(List.of(List.of(token), proof == null ? List.of() : List.of(proof), approvals));
    if (approvals.size() > SentApprovals.MAX) {
      throw malformed("malformed_approval");
    }
    checkText(token, "invalid_base64");
    checkText(proof == null ? "x" : proof, "malformed_holder_proof");
    for (String approval : approvals) {
      checkText(approval, "malformed_approval");
    }
    return new Credentials(token, proof, approvals);
  }

  private static void checkLengths(List<List<String>> fields) throws RefusedException {
    long all = 0;
    for (List<String> values : fields) {
      for (String value : values) {
        all += value.length();
        if (value.length() > MAX_FIELD || all > MAX_FIELDS) {
          throw refused(
              431,
              "fields_too_large",
              "each has at most " + MAX_FIELD + " characters, all together " + MAX_FIELDS);
        }
      }
    }
  }

  private static @Nullable String single(List<String> values, String field)
      throws RefusedException {
    if (values.size() > 1) {
      throw refused(400, "invalid_request", "the field " + field + " is there twice");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /**
   * The token of a field of our scheme, whose name has no case.
   *
   * @param authorization the value of {@code Authorization}
   * @return the token as it stands there; null for another scheme
   */
  public static @Nullable String inScheme(String authorization) {
    int space = authorization.indexOf(' ');
    String scheme = space < 0 ? authorization : authorization.substring(0, space);
    if (!scheme.toLowerCase(Locale.ROOT).equals("taper")) {
      return null;
    }
    int start = scheme.length();
    while (start < authorization.length() && authorization.charAt(start) == ' ') {
      start++;
    }
    return authorization.substring(start);
  }

  /** Splits what intermediaries may have joined, into one more than there may be at most. */
  private static List<String> split(List<String> values) {
    List<String> single = new ArrayList<>();
    for (String value : values) {
      for (int start = 0; start <= value.length() && single.size() <= SentApprovals.MAX; ) {
        int comma = value.indexOf(',', start);
        int end = comma < 0 ? value.length() : comma;
        single.add(value.substring(start, end).strip());
        start = end + 1;
      }
    }
    return single;
  }

  /** Refuses what is no base64url before anything is decoded. */
  private static void checkText(String text, String code) throws RefusedException {
    boolean good = !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      good &= c < BASE64.length && BASE64[c];
    }
    if (!good) {
      throw malformed(code);
    }
  }

  /** Nothing more than the code is said of what is malformed. */
  private static RefusedException malformed(String code) {
    return new RefusedException(HttpRefusal.of(401, code, null));
  }

  private static RefusedException refused(int status, String code, String detail) {
    return new RefusedException(HttpRefusal.of(status, code, detail));
  }
}
