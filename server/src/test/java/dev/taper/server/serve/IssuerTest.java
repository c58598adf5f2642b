package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.rar.AuthorizationDetail;
import com.nimbusds.oauth2.sdk.token.AccessTokenType;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.token.TypelessAccessToken;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.testing.TearDown;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The role issuer, with a provider and a client of OAuth that are not ours. */
class IssuerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir static Path folder;
  private static RunningIssuer running;
  private static String issuer;
  private static Served served;

  @BeforeAll
  static void start() throws Exception {
    running = new RunningIssuer(folder);
    issuer = running.issuer;
    served = running.served;
  }

  @AfterAll
  static void stop() throws Exception {
    TearDown.close(running);
  }

  @Test
  void exchange_byAClientThatIsNotOurs_givesAToken() throws Exception {
    AuthorizationServerMetadata metadata = AuthorizationServerMetadata.resolve(new Issuer(issuer));
    URI endpoint = metadata.getTokenEndpointURI();
    String subject = running.subjectToken();
    AuthorizationDetail detail =
        AuthorizationDetail.parse(
            JSONObjectUtils.parse(
                RunningIssuer.DETAILS.substring(1, RunningIssuer.DETAILS.length() - 1)));
    // What the client sends as details is what the proof covers.
    String details =
        Objects.requireNonNull(
                request(endpoint, subject, "x", detail)
                    .toHTTPRequest()
                    .getBodyAsFormParameters()
                    .get("authorization_details"))
            .get(0);
    TokenResponse response =
        TokenResponse.parse(
            request(endpoint, subject, running.proof(subject, details), detail)
                .toHTTPRequest()
                .send());
    assertThat(response.indicatesSuccess()).isTrue();
    AccessTokenResponse success = response.toSuccessResponse();
    assertThat(success.getTokens().getAccessToken().getType()).isEqualTo(AccessTokenType.N_A);
    assertThat(success.getTokens().getAccessToken().getIssuedTokenType().getURI())
        .isEqualTo(URI.create("dev.taper:token"));
    AgentToken token = AgentToken.decode(success.getTokens().getAccessToken().getValue());
    assertThat(token.chain().delegator()).isEqualTo("user:alice@acme.com");
    assertThat(token.token().holderKey()).isEqualTo(running.planner.publicKey());
  }

  private static TokenRequest request(
      URI endpoint, String subject, String proof, AuthorizationDetail detail) throws Exception {
    return new TokenRequest.Builder(
            endpoint,
            new ClientID("planner-app"),
            new TokenExchangeGrant(
                new TypelessAccessToken(subject),
                TokenTypeURI.ID_TOKEN,
                new TypelessAccessToken(proof),
                TokenTypeURI.parse("dev.taper:exchange-proof"),
                TokenTypeURI.parse("dev.taper:token"),
                null))
        .authorizationDetails(List.of(detail))
        .build();
  }

  @Test
  void exchange_answers_withoutBeingKept() throws Exception {
    HttpResponse<String> answer =
        running.post(
            RunningIssuer.form(running.parameters(running.subjectToken(), RunningIssuer.DETAILS)));
    JsonNode json = JSON.readTree(answer.body());
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    assertThat(json.get("token_type").textValue()).isEqualTo("N_A");
    assertThat(json.get("expires_in").intValue()).isEqualTo(3600);
    JsonNode granted = json.get("authorization_details").get(0);
    assertThat(granted.get("grants").get(0).textValue())
        .isEqualTo("jira.* list, read on jira:project/ACME/*");
    assertThat(granted.get("max_depth").intValue()).isEqualTo(1);
  }

  /** As forms are written elsewhere; what has no value is not there (RFC 6749, section 3.2). */
  @Test
  void exchange_formHasEmptyPairsAndNamesAlone_answers() throws Exception {
    String form =
        RunningIssuer.form(running.parameters(running.subjectToken(), RunningIssuer.DETAILS));
    assertThat(running.post("&" + form + "&&scope&").statusCode()).isEqualTo(200);
  }

  private void refused(int status, String error, String code, HttpResponse<String> answer)
      throws Exception {
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.path("code").textValue()).as(answer.body()).isEqualTo(code);
    assertThat(json.get("error").textValue()).isEqualTo(error);
    assertThat(json.get("error_description").textValue())
        .isNotBlank()
        .matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
  }

  @ParameterizedTest
  @CsvSource({
    "grant_type, client_credentials, unsupported_grant_type, unsupported_grant_type",
    "grant_type, '', invalid_request, invalid_request",
    "subject_token, '', invalid_request, invalid_request",
    "subject_token_type, urn:ietf:params:oauth:token-type:saml2, invalid_request, invalid_request",
    "actor_token, '', invalid_request, invalid_request",
    "actor_token, AAAA, invalid_request, malformed_holder_proof",
    "actor_token_type, urn:ietf:params:oauth:token-type:jwt, invalid_request, invalid_request",
    "authorization_details, '', invalid_request, invalid_request",
    "scope, openid, invalid_scope, invalid_scope",
    "resource, https://jira.example.com, invalid_target, invalid_target",
    "audience, svc:jira, invalid_target, invalid_target",
    "requested_token_type, urn:ietf:params:oauth:token-type:jwt, invalid_request, invalid_request",
    "client_id, janitor-app, invalid_client, other_client"
  })
  void exchange_ofAnotherRequest_isRefused(String name, String value, String error, String code)
      throws Exception {
    Map<String, String> parameters =
        running.parameters(running.subjectToken(), RunningIssuer.DETAILS);
    parameters.put(name, value);
    refused(
        error.equals("invalid_client") ? 401 : 400,
        error,
        code,
        running.post(RunningIssuer.form(parameters)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{}",
        "[]",
        "[1]",
        "[{},{}]",
        "[{\"type\":\"payment\",\"template\":\"read\",\"task\":\"T\"}]",
        "[{\"type\":\"taper_grant\",\"task\":\"T\"}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\"}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T\",\"x\":1}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T\",\"task\":\"U\"}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T\",\"expires_in\":0}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T\",\"expires_in\":1.5}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T\",\"max_depth\":-1}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T\",\"grants\":[]}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T\",\"grants\":[\"!\"]}]",
        "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T\\u202e\"}]"
      })
  void exchange_ofDetailsThatMakeNoSense_isRefused(String details) throws Exception {
    HttpResponse<String> answer =
        running.post(RunningIssuer.form(running.parameters(running.subjectToken(), details)));
    refused(
        400,
        details.isEmpty() ? "invalid_request" : "invalid_authorization_details",
        details.isEmpty() ? "invalid_request" : "invalid_details",
        answer);
  }

  @Test
  void exchange_inAnotherForm_isRefused() throws Exception {
    String good =
        RunningIssuer.form(running.parameters(running.subjectToken(), RunningIssuer.DETAILS));
    refused(400, "invalid_request", "invalid_request", running.post(good + "&grant_type=x"));
    refused(400, "invalid_request", "invalid_request", running.post(good + "&x=%ff"));
    refused(400, "invalid_request", "invalid_request", running.post(good + "&x=%1"));
    refused(400, "invalid_request", "invalid_request", running.post(good + "&x=1".repeat(70)));
    refused(
        400, "invalid_request", "invalid_request", running.post(good + "&x=" + "1".repeat(65_000)));
    refused(
        400,
        "invalid_request",
        "invalid_request",
        running.post(good, "Content-Type", "application/json"));
    refused(
        400,
        "invalid_request",
        "invalid_request",
        running.post(good, "Content-Type", RunningIssuer.FORM, "Content-Encoding", "gzip"));
    HttpRequest inQuery =
        served
            .to("/token?" + good)
            .header("Content-Type", RunningIssuer.FORM)
            .POST(BodyPublishers.noBody())
            .build();
    refused(400, "invalid_request", "invalid_request", served.send(inQuery));
    assertThat(served.send(served.to("/token").build()).statusCode()).isEqualTo(405);
    assertThat(running.post(good + "&unknown=1").statusCode()).isEqualTo(200);
  }

  @Test
  void exchange_withoutConsent_saysWhereItIsConfirmed() throws Exception {
    String subject = running.subjectToken("portal", issuer, Map.of("azp", "portal"));
    HttpResponse<String> answer =
        running.post(RunningIssuer.form(running.parameters(subject, RunningIssuer.DETAILS)));
    refused(400, "authorization_pending", "consent_required", answer);
    JsonNode json = JSON.readTree(answer.body());
    assertThat(json.get("confirmation_uri").textValue())
        .matches(issuer + "/confirm#[A-Za-z0-9_-]{22}");
    assertThat(json.get("interval").intValue()).isEqualTo(5);
  }

  @Test
  void exchange_ofATokenForAnotherAudience_isRefused() throws Exception {
    String subject = running.subjectToken("planner-app", "planner-app", Map.of());
    refused(
        400,
        "invalid_request",
        "subject_audience",
        running.post(RunningIssuer.form(running.parameters(subject, RunningIssuer.DETAILS))));
  }
}
